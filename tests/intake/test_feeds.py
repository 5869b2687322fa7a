from __future__ import annotations

import gzip
import json
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrols.intake.errors import BadFeed
from patrols.intake.feeds import MAX_ITEMS, FeedItem, matches, read_feed

from .hostile import BILLION_LAUGHS, OUTSIDE_ENTITY

URL = "https://news.example/feeds/all.xml"
ISTANBUL = timezone(timedelta(hours=3))


def rss(items: str, head: str = "<title>News</title><language>tr-TR</language>") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


class TestRssAndAtom:
    def test_rss_items_come_with_what_the_feed_says_of_them(self) -> None:
        feed = read_feed(
            rss(
                "<item><title>Ortak &lt;b&gt;devriye&lt;/b&gt; &amp;amp; İHA</title>"
                "<link>/haber/13?id=1#top</link><pubDate>Fri, 08 Nov 2019 01:30:00 +0300</pubDate>"
                "<description><![CDATA[<p>On üçüncü   devriye</p><script>x()</script>]]></description></item>"
            ),
            url=URL,
        )
        assert (feed.kind, feed.title) == ("rss", "News")
        assert feed.items == (
            FeedItem(
                url="https://news.example/haber/13?id=1",
                title="Ortak devriye & İHA",
                published=datetime(2019, 11, 8, 1, 30, tzinfo=ISTANBUL),
                summary="On üçüncü devriye",
                lang="tr",
            ),
        )
        assert feed.items[0].published is not None
        assert feed.items[0].published.date().isoformat() == "2019-11-08", "the publisher's own day"

    def test_atom_entries_are_read(self) -> None:
        body = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru"><title>Новости</title><entry>
        <title>Патруль</title><link rel="enclosure" href="/a.mp4"/><link rel="alternate" href="/news/1"/>
        <published>2019-11-08T10:00:00Z</published><updated>2019-11-09T10:00:00Z</updated>
        <summary>Завершён</summary></entry></feed>"""
        feed = read_feed(body.encode(), url=URL)
        assert feed.kind == "atom"
        assert feed.items == (
            FeedItem(
                "https://news.example/news/1",
                "Патруль",
                datetime(2019, 11, 8, 10, tzinfo=UTC),
                "Завершён",
                "ru",
            ),
        )

    @pytest.mark.parametrize(
        ("written", "day"),
        [
            ("2019-11-08T23:30:00+03:00", "2019-11-08"),
            ("08 Kasım 2019 10:00", "2019-11-08"),
            ("8 ноября 2019", "2019-11-08"),
            ("٨ نوفمبر ٢٠١٩", "2019-11-08"),
            ("08.11.2019 14:05", "2019-11-08"),
            ("Fri, 8 Nov 2019 10:00 GMT", "2019-11-08"),
            ("dün", None),
            ("8 Kasım", None),
            ("soon", None),
        ],
    )
    def test_dates_are_read_as_publishers_write_them(self, written: str, day: str | None) -> None:
        item = f"<item><link>http://e.example/1</link><pubDate>{written}</pubDate></item>"
        [found] = read_feed(rss(item), url=URL).items
        assert (found.published.date().isoformat() if found.published else None) == day

    def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes(self) -> None:
        body = rss("<item><title>A & B &nbsp; C</title><link>http://e.example/1</link></item>")[:-10]
        assert [item.url for item in read_feed(body, url=URL).items] == ["http://e.example/1"]

    def test_each_address_counts_once_and_bad_ones_are_counted(self) -> None:
        items = "".join(
            f"<item><link>{link}</link></item>"
            for link in (
                "/1",
                "/1#x",
                "javascript:alert(1)",
                "file:///etc/passwd",
                "ftp://e.example/",
                "http://u:p@e/",
            )
        )
        feed = read_feed(rss(items + "<item><title>no link</title></item>"), url=URL)
        assert [item.url for item in feed.items] == ["https://news.example/1"]
        assert feed.skipped == 5

    def test_no_more_items_than_the_limit(self) -> None:
        feed = read_feed(rss("".join(f"<item><link>/{n}</link></item>" for n in range(600))), url=URL)
        assert (len(feed.items), feed.skipped) == (MAX_ITEMS, 600 - MAX_ITEMS)

    def test_a_feed_without_items_is_no_error(self) -> None:
        assert read_feed(rss(""), url=URL).items == ()

    def test_the_pattern_keeps_what_it_fits(self) -> None:
        items = "<item><link>/sport/1</link></item><item><link>/syria/2</link></item>"
        assert [i.url for i in read_feed(rss(items), url=URL, pattern="/syria/*").items] == [
            "https://news.example/syria/2"
        ]

    def test_a_feed_in_an_old_charset_is_read(self) -> None:
        body = '<?xml version="1.0" encoding="windows-1251"?><rss version="2.0"><channel><item>'
        body += "<title>Совместное патрулирование завершено</title><link>/1</link></item></channel></rss>"
        [item] = read_feed(body.encode("cp1251"), url=URL).items
        assert item.title == "Совместное патрулирование завершено"


class TestJsonFeed:
    def test_items_are_read(self) -> None:
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "News",
            "language": "en-GB",
            "items": [
                {"id": "1", "url": "/1", "title": "Patrol", "date_published": "2019-11-08T10:00:00+03:00"},
                {"id": "2", "external_url": "http://e.example/2", "content_html": "<p>Text</p>"},
                {"id": "3"},
                "nonsense",
            ],
        }
        feed = read_feed(json.dumps(document).encode(), url=URL)
        assert feed.items == (
            FeedItem(
                "https://news.example/1", "Patrol", datetime(2019, 11, 8, 10, tzinfo=ISTANBUL), "", "en"
            ),
            FeedItem("http://e.example/2", "", None, "Text", "en"),
        )
        assert feed.skipped == 2

    @pytest.mark.parametrize("body", [b"{", b'{"a": 1}', b'{"a":' * 100_000, b'{"version": "x", "items": 3}'])
    def test_other_json_is_refused(self, body: bytes) -> None:
        with pytest.raises(BadFeed, match="JSON"):
            read_feed(body, url=URL)


NEWS_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://news.example/old</loc><lastmod>2019-11-01</lastmod></url>
<url><loc> https://news.example/new </loc><news:news><news:publication><news:name>N</news:name>
<news:language>ar</news:language></news:publication><news:publication_date>2019-11-08T10:00:00+03:00</news:publication_date>
<news:title>دورية</news:title></news:news></url><url><loc/></url></urlset>"""


class TestSitemaps:
    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gz"])
    def test_a_news_sitemap_is_read_newest_first(self, pack: type[bytes]) -> None:
        feed = read_feed(pack(NEWS_SITEMAP.encode()), url=URL)
        assert feed.kind == "sitemap"
        assert feed.items == (
            FeedItem(
                "https://news.example/new", "دورية", datetime(2019, 11, 8, 10, tzinfo=ISTANBUL), "", "ar"
            ),
            FeedItem("https://news.example/old", "", datetime(2019, 11, 1, tzinfo=UTC)),
        )
        assert feed.skipped == 1

    def test_an_index_names_its_sitemaps_newest_first(self) -> None:
        body = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap><loc>/1.xml</loc><lastmod>2019-10-01</lastmod></sitemap>
        <sitemap><loc>/2.xml.gz</loc><lastmod>2019-11-01</lastmod></sitemap></sitemapindex>"""
        feed = read_feed(body.encode(), url=URL)
        assert feed.children == ("https://news.example/2.xml.gz", "https://news.example/1.xml")

    def test_a_large_one_is_read_quickly(self) -> None:
        body = "<urlset>" + "".join(f"<url><loc>/{n}</loc></url>" for n in range(50_000)) + "</urlset>"
        started = time.monotonic()
        assert len(read_feed(body.encode(), url=URL).items) == MAX_ITEMS
        assert time.monotonic() - started < 25

    @pytest.mark.parametrize("body", ["<urlset><url>", "<urlset xmlns='a'></urlset", "<rss/>"])
    def test_broken_ones_are_refused(self, body: str) -> None:
        with pytest.raises(BadFeed):
            read_feed(body.encode(), url=URL, kind="sitemap")


LISTING = """<html lang="tr"><head><title>Haberler</title></head><body>
<nav><a href="/">Ana sayfa</a> <a href="/haber/liste?p=2">2</a></nav>
<div class="list">
 <div><a href="/haber/1"><img src="a.jpg"></a><h3><a href="/haber/1">On üçüncü ortak devriye</a></h3>
  <time datetime="2019-11-08T12:00:00+03:00">dün</time><a href="/haber/1">Devamı</a></div>
 <div><a href="https://news.example/haber/2#yorum">On dördüncü devriye</a><span>11.11.2019</span></div>
 <div><a href="/haber/3">Tarihsiz</a></div>
 <div><a href="https://other.example/haber/4">Elsewhere</a><a href="javascript:void(0)">x</a></div>
</div></body></html>"""


class TestListings:
    def test_links_that_fit_the_pattern_become_items(self) -> None:
        feed = read_feed(
            LISTING.encode(),
            url="https://news.example/",
            kind="listing",
            pattern="https://news.example/haber/*",
        )
        feed_items = [item for item in feed.items if "liste" not in item.url]
        assert feed_items == [
            FeedItem(
                "https://news.example/haber/1",
                "On üçüncü ortak devriye",
                datetime(2019, 11, 8, 12, tzinfo=ISTANBUL),
                lang="tr",
            ),
            FeedItem(
                "https://news.example/haber/2",
                "On dördüncü devriye",
                datetime(2019, 11, 11, tzinfo=UTC),
                lang="tr",
            ),
            FeedItem("https://news.example/haber/3", "Tarihsiz", None, lang="tr"),
        ]

    def test_it_needs_a_pattern(self) -> None:
        with pytest.raises(BadFeed, match="needs a pattern"):
            read_feed(LISTING.encode(), url=URL, kind="listing")


class TestPatterns:
    @pytest.mark.parametrize(
        ("pattern", "url", "fits"),
        [
            ("", "https://e.example/a", True),
            ("/news/*", "https://e.example/news/1", True),
            ("/news/*", "https://e.example/old/news/1", False),
            ("*/news/*", "https://e.example/old/news/1", True),
            ("/news/*patrol*", "https://e.example/news/joint-patrol-3", True),
            ("/view?id=*", "https://e.example/view?id=3", True),
            ("https://e.example/*", "https://other.example/a", False),
            ("/a*a", "https://e.example/a", False),
            ("/news/", "https://e.example/news/", True),
            ("/[a].*", "https://e.example/[a].x", True),
        ],
    )
    def test_the_star_stands_for_anything(self, pattern: str, url: str, fits: bool) -> None:
        assert matches(pattern, url) is fits

    def test_no_pattern_takes_long(self) -> None:
        started = time.monotonic()
        assert not matches("*a" * 500 + "b", "https://e.example/" + "a" * 2000)
        assert time.monotonic() - started < 5


class TestHostileFeeds:
    @pytest.mark.parametrize(
        "body", [BILLION_LAUGHS, OUTSIDE_ENTITY, BILLION_LAUGHS.decode().encode("utf-16")]
    )
    @pytest.mark.parametrize("kind", ["feed", "sitemap"])
    def test_entities_are_not_expanded(self, body: bytes, kind: str) -> None:
        started = time.monotonic()
        with pytest.raises(BadFeed, match="entities"):
            read_feed(body, url=URL, kind=kind)
        assert time.monotonic() - started < 5

    def test_a_gz_bomb_is_refused(self) -> None:
        with pytest.raises(BadFeed, match="far larger"):
            read_feed(gzip.compress(b"<urlset>" + bytes(40 << 20)), url=URL)

    def test_a_title_of_ten_megabytes_is_cut(self) -> None:
        body = rss("<item><title>" + "patrol " * 1_500_000 + "</title><link>/1</link></item>")
        started = time.monotonic()
        [item] = read_feed(body, url=URL).items
        assert (item.url, len(item.title)) == ("https://news.example/1", 300)
        assert time.monotonic() - started < 10

    @pytest.mark.parametrize(
        "inside",
        [
            "<a>" * 600_000,
            "<title " + " ".join(f'a{n}="1"' for n in range(150_000)) + "></title>",
            "<" * 2_000_000,
            "<title>" + "&" * 2_000_000 + "</title>",
            "<description><![CDATA[" + "<p>x</p>" * 200_000 + "]]></description>",
        ],
        ids=["nesting", "attributes", "angle brackets", "ampersands", "marked-up text"],
    )
    def test_made_up_markup_does_not_hold_the_queue(self, inside: str) -> None:
        started = time.monotonic()
        read_feed(rss(f"<item><link>/1</link>{inside}</item>"), url=URL)
        assert time.monotonic() - started < 20

    @pytest.mark.parametrize(
        ("body", "why"),
        [
            (b"", "empty"),
            (b"  \n", "empty"),
            (b"<!DOCTYPE html><html><body>Not here</body></html>", "web page"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "neither"),
            (b"just words", "neither"),
            (b"\x1f\x8bbroken", "packing"),
        ],
    )
    def test_what_is_no_feed_says_so(self, body: bytes, why: str) -> None:
        with pytest.raises(BadFeed, match=why):
            read_feed(body, url=URL)

    @given(st.binary(max_size=300), st.sampled_from(["feed", "sitemap", "listing"]))
    def test_no_bytes_do_anything_but_give_a_feed_or_say_why_not(self, body: bytes, kind: str) -> None:
        with suppress(BadFeed):
            read_feed(body, url=URL, kind=kind, pattern="*")
