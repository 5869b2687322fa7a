"""One call at a time to a host, with a pause between, over all workers; and what its robots.txt allows.

admit(url, policy)      returns when the host may be called now; raises `Later` or a `FetchError`
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from patrols.models import Host

from .addresses import check_url
from .fetch import Policy
from .robots import Robots, read_robots


class Later(Exception):
    """Not now: the work is to be taken up again at `until`. No failure, and no try."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until:%H:%M:%S}")
        self.until = until


def policy() -> Policy:
    """The bounds of every fetch, from the settings."""
    return Policy(
        user_agent=settings.INTAKE_USER_AGENT,
        allowed_hosts=frozenset(settings.INTAKE_TEST_HOSTS),
        max_bytes=settings.INTAKE_MAX_MB << 20,
        seconds=settings.INTAKE_SECONDS,
        ca_file=settings.INTAKE_CA_FILE,
    )


def admit(url: str, rules: Policy, slot: str = "") -> None:
    """Wait for the host's next slot for one call of `url`, if robots.txt allows the call.

    Raises `Later` with a slot of its own where the host is busy; called again with that slot it goes through.
    Raises `RobotsRefused` too, and what `check_url` raises.
    """
    origin = check_url(url, ports=rules.ports, allowed_hosts=rules.allowed_hosts).origin
    now, pause = timezone.now(), timedelta(seconds=settings.INTAKE_HOST_SECONDS)
    Host.objects.get_or_create(origin=origin)
    with transaction.atomic():
        host = Host.objects.select_for_update().get(origin=origin)
        turn = max(now, host.free_at or now)
        if not slot:
            host.free_at = turn + pause
            host.save(update_fields=["free_at"])
    if turn > now and not slot:
        raise Later(turn)
    robots = _robots(host, url, rules, now)
    robots.require(url, rules.user_agent)
    if (delay := timedelta(seconds=robots.crawl_delay(rules.user_agent))) > pause:
        Host.objects.filter(pk=host.pk, free_at__lt=now + delay).update(free_at=now + delay)


def _robots(host: Host, url: str, rules: Policy, now: datetime) -> Robots:
    """The host's rules, asked for once a day."""
    if host.robots_until and host.robots_until > now:
        return Robots(host.origin, host.robots, host.robots_unreachable, host.robots_until)
    robots = read_robots(url, rules, now)
    host.robots = robots.text
    host.robots_unreachable, host.robots_until = robots.unreachable, robots.expires_at
    host.save(update_fields=["robots", "robots_unreachable", "robots_until"])
    return robots
