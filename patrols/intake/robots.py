"""May we read this address, and how long shall we wait before we do?

    read_robots(url, policy, now) -> Robots           one GET of the host's /robots.txt
    Robots.may_fetch(url, user_agent) -> bool

As RFC 9309 has it: no robots.txt (4xx) allows everything; one that cannot be reached (5xx, no connection)
forbids everything for now; a copy is good for a day; the first 500 KiB count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from protego import Protego

from .addresses import check_url
from .decode import to_text
from .errors import BadAddress, BadStatus, FetchError, RobotsRefused, TooManyRedirects, UnsafeAddress
from .fetch import Policy, cut_policy, fetch

MAX_ROBOTS = 500 << 10
GOOD_FOR = timedelta(days=1)
ASK_AGAIN = timedelta(minutes=30)
"""After which a robots.txt that could not be reached is tried again."""
LONGEST_DELAY = 120.0
"""Seconds. A site that asks for more gets this: its robots.txt shall not stop the queue."""


@dataclass(frozen=True, slots=True)
class Robots:
    """What one host's robots.txt says; plain values, so that it can be kept in any cache."""

    origin: str
    text: str
    unreachable: bool
    """Then nothing may be fetched before `expires_at`."""
    expires_at: datetime

    def may_fetch(self, url: str, user_agent: str) -> bool:
        return not self.unreachable and _parsed(self.text).can_fetch(url, user_agent)

    def crawl_delay(self, user_agent: str) -> float:
        """Seconds between two calls that the site asks for; 0 where it does not say."""
        delay = _parsed(self.text).crawl_delay(user_agent)
        return min(LONGEST_DELAY, max(0.0, float(delay))) if delay is not None else 0.0

    def require(self, url: str, user_agent: str) -> None:
        """Raises `RobotsRefused` where `url` may not be fetched."""
        if not self.may_fetch(url, user_agent):
            raise RobotsRefused(url, for_now=self.unreachable)


def read_robots(url: str, policy: Policy, now: datetime) -> Robots:
    """The rules of the host that `url` is on. Unsafe addresses raise as `fetch` does."""
    origin = check_url(url, ports=policy.ports, allowed_hosts=policy.allowed_hosts).origin
    try:
        answer = fetch(f"{origin}/robots.txt", cut_policy(policy, MAX_ROBOTS))
    except (BadAddress, UnsafeAddress):
        raise
    except BadStatus as error:
        if error.status != 429 and 400 <= error.status < 500:
            return Robots(origin, "", unreachable=False, expires_at=now + GOOD_FOR)
        return Robots(origin, "", unreachable=True, expires_at=now + ASK_AGAIN)
    except TooManyRedirects:
        return Robots(origin, "", unreachable=False, expires_at=now + GOOD_FOR)
    except FetchError:
        return Robots(origin, "", unreachable=True, expires_at=now + ASK_AGAIN)
    return Robots(origin, to_text(answer.body, answer.charset), unreachable=False, expires_at=now + GOOD_FOR)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Protego:
    return Protego.parse(text)
