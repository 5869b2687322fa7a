"""Reference data as the project ships it, and reports to bring in; what the intake's tests share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth.models import User

from patrols.intake import jobs, reports, tasks
from patrols.intake import reference as shipped
from patrols.models import Job, Publisher, Report, WatchedSource

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

STATEMENT = (
    "As part of the work on the safe zone, the 91st Turkish-Russian joint land patrol was carried out on 14 "
    "October 2021 in the Ayn al-Arab area. Eight vehicles, four from each side, and unmanned aerial vehicles "
    "took part. The patrol covered a route 56 km long to a depth of 7 km."
)
TITLE = "Joint land patrol east of the Euphrates"


def reference() -> None:
    """Without its places: writing all of them takes longer than most tests."""
    with patch.object(shipped, "load_places", lambda _folder: ()):
        shipped.load_reference(settings.BASE_DIR / "fixtures")


def ministry() -> Publisher:
    return Publisher.objects.get(slug="tr-mod")


def work_off() -> None:
    """Do everything that waits and is due, and what that leads to."""
    while waiting := list(
        Job.objects.filter(state__in=jobs.WAITING, not_before__isnull=True).values_list("pk", flat=True)
    ):
        for pk in waiting:
            tasks.run_job(pk)


def bring_text(
    user: User, text: str = STATEMENT, title: str = TITLE, by: str = "tr-mod", number: int = 1
) -> Report:
    """A report that an editor pasted, read and matched."""
    received = reports.receive_text(
        text,
        title=title,
        publisher=Publisher.objects.get(slug=by),
        published=date(2021, 10, 15),
        url=f"https://example.org/{number}",
        user=user,
    )
    work_off()
    received.report.refresh_from_db()
    return received.report


def page(title: str = TITLE, text: str = STATEMENT, day: str = "2021-10-14", lang: str = "en") -> bytes:
    """A news page as sites make them."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
    return (
        f'<html lang="{lang}"><head><title>{title}</title>'
        f'<meta property="article:published_time" content="{day}T10:00:00+03:00"></head>'
        f"<body><main><article><h1>{title}</h1>{paragraphs}</article></main></body></html>"
    ).encode()


def rss(*items: tuple[str, str], when: str = "Thu, 14 Oct 2021 10:00:00 +0300") -> bytes:
    entries = "".join(
        f"<item><title>{title}</title><link>{url}</link><pubDate>{when}</pubDate></item>"
        for url, title in items
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{entries}</channel></rss>'
    ).encode()


def source(url: str, **values: object) -> WatchedSource:
    given = {"name": "Ministry's news", "publisher": ministry(), "every_minutes": 60, **values}
    return WatchedSource.objects.create(url=url, **given)
