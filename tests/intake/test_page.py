from __future__ import annotations

import json
import socket
import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrols.intake.page import (
    COOKIE_WALL,
    EMPTY,
    FUTURE_DATE,
    NOT_HTML,
    OK,
    PAYWALL_STUB,
    UNSUPPORTED_LANGUAGE,
    Article,
    read_page,
    read_text,
)

NOW = datetime(2019, 12, 4, 9, 0, tzinfo=UTC)
URL = "https://www.ministry.example/news/13"
FIRST = (
    "As part of the work on the safe zone, the thirteenth Turkish-Russian joint land patrol east of the "
    "Euphrates was completed today in the Ayn al-Arab area."
)
SECOND = (
    "Eight vehicles, four from each side, and unmanned aerial vehicles took part in the patrol. The route "
    "was 56 kilometres long. The memorandum of 22 October 2019 stays in force."
)
STORY = f"<p>{FIRST}</p><p>{SECOND}</p>"
TEXTS = {
    "en": FIRST,
    "tr": (
        "Fırat'ın doğusunda on üçüncü ortak kara devriyesi bugün tamamlandı. "
        "Devriyeye sekiz araç ile İHA'lar katıldı."
    ),
    "ru": (
        "Российские и турецкие военные завершили тринадцатое совместное "
        "патрулирование на северо-востоке Сирии."
    ),
    "ar": (
        "سيّرت القوات الروسية والتركية اليوم دورية مشتركة في ريف عين العرب "
        "شمال شرقي سوريا بمشاركة ثماني عربات."
    ),
}


def page(body: str = STORY, head: str = "", lang: str = "en", h1: str = "Patrol completed") -> bytes:
    return f"""<!doctype html><html lang="{lang}"><head><title>{h1} | Ministry</title>{head}</head><body>
    <nav><a href="/">Home</a> <a href="/news">News</a></nav>
    <main><article><h1>{h1}</h1>{body}</article></main>
    <aside><h3>More</h3><a href="/1">An older story</a> <time datetime="2018-01-05">5 Jan</time></aside>
    <footer>© 2016 Ministry. 01.01.2016</footer></body></html>""".encode()


def read(body: bytes, **options: str) -> Article:
    return read_page(body, now=NOW, **{"url": URL, **options})


class TestWords:
    def test_the_story_is_kept_and_the_rest_of_the_page_is_not(self) -> None:
        article = read(page())
        assert (article.state, article.note, article.lang) == (OK, "", "en")
        assert article.title == "Patrol completed"
        assert article.text == f"{FIRST}\n{SECOND}"

    @pytest.mark.parametrize("lang", sorted(TEXTS))
    def test_all_four_languages_are_read(self, lang: str) -> None:
        article = read(page(f"<p>{TEXTS[lang]}</p>", lang=lang))
        assert (article.state, article.lang, article.text) == (OK, lang, TEXTS[lang])

    @pytest.mark.parametrize("charset", ["cp1251", "koi8-r", "utf-8", "utf-16"])
    def test_in_any_charset(self, charset: str) -> None:
        body = page(f"<p>{TEXTS['ru']}</p>", lang="ru").decode().encode(charset, "replace")
        assert read(body, charset="iso-8859-1").text == TEXTS["ru"]

    def test_invisible_characters_go(self) -> None:
        text = read_text(
            (
                "A\u200b joint\u00a0patrol \u202btook\u202c place\u00ad today in "
                "Kobani\x07 and Amuda, it is said."
            ),
            now=NOW,
        ).text
        assert text == "A joint patrol took place today in Kobani and Amuda, it is said."

    def test_right_to_left_and_left_to_right_may_mix(self) -> None:
        text = (
            "شاركت في الدورية عربات BTR-82A وطائرة Orlan-10 قرب قرية Gharib على طريق M4 الدولي يوم 8/11/2019."
        )
        article = read(page(f"<p dir=rtl>\u200f{text}\u200e</p>", lang="ar"))
        assert (article.state, article.lang, article.text) == (OK, "ar", text)

    def test_a_page_that_is_one_form_is_read(self) -> None:
        assert read(f"<html><body><form id='aspnetForm'>{STORY}</form></body></html>".encode()).state == OK

    def test_a_very_short_statement_is_a_report(self) -> None:
        text = "The fifth joint patrol on the M4 was completed today."
        assert read(page(f"<p>{text}</p>")).text == text

    def test_plain_text_is_taken_as_it_is(self) -> None:
        article = read(f"{FIRST}\r\n\r\n{SECOND}".encode(), content_type="text/plain")
        assert article.text == f"{FIRST}\n\n{SECOND}"


class TestDates:
    @pytest.mark.parametrize(
        "head",
        [
            '<meta property="article:published_time" content="2019-12-03T23:30:00+03:00">',
            '<meta name="date" content="2019-12-03">',
            '<meta itemprop="datePublished" content="2019-12-03T10:00:00">',
            '<script type="application/ld+json">'
            '{"@type": "NewsArticle", "dateModified": "2019-12-04", "datePublished": "2019-12-03T08:00"}'
            "</script>",
        ],
    )
    def test_metadata_give_the_publishers_own_day(self, head: str) -> None:
        article = read(page(head=head))
        assert (article.published, article.published_from) == (date(2019, 12, 3), "markup")

    @pytest.mark.parametrize(
        ("line", "source"),
        [
            ('<time datetime="2019-12-03T10:00:00+03:00">yesterday</time>', "markup"),
            ('<div class="date">03.12.2019</div>', "text"),
            ("<span>Tuesday, 3 December 2019, 14:05</span>", "text"),
            ("<span>Giriş Tarihi: 03.12.2019 14:05 Güncelleme Tarihi: 04.12.2019 10:00</span>", "text"),
            ("<p>3 Aralık 2019 Salı</p>", "text"),
            ("<p>3 декабря 2019 г., 14:05 (МСК)</p>", "text"),
            ("<p>تاريخ النشر: ٣ ديسمبر ٢٠١٩</p>", "text"),
            ("<p>3 كانون الأول 2019</p>", "text"),
        ],
    )
    def test_a_date_by_the_headline_counts_and_is_not_part_of_the_text(self, line: str, source: str) -> None:
        article = read(page(line + STORY))
        assert (article.published, article.published_from) == (date(2019, 12, 3), source)
        assert article.text.startswith(FIRST) or source == "markup"

    def test_the_address_may_hold_it(self) -> None:
        assert read(page(), url="https://n.example/2019/12/03/patrol").published == date(2019, 12, 3)

    def test_dates_of_agreements_and_other_stories_are_none(self) -> None:
        related = "<div class='related'><h3>Before</h3><span>01.02.2017</span></div>"
        article = read(page(STORY * 3 + related))
        assert (article.published, article.published_from) == (None, "")

    def test_one_that_has_not_come_yet_is_a_state(self) -> None:
        article = read(page(head='<meta property="article:published_time" content="2020-05-01">'))
        assert (article.state, article.published) == (FUTURE_DATE, date(2020, 5, 1))
        assert "has not come yet" in article.note
        assert article.text

    def test_tomorrow_has_come_in_the_pacific(self) -> None:
        head = '<meta property="article:published_time" content="2019-12-05T06:00:00+13:00">'
        assert read(page(head=head)).state == OK


class TestAddresses:
    @pytest.mark.parametrize(
        ("named", "kept"),
        [
            ("https://ministry.example/news/13?utm_source=x", "https://ministry.example/news/13"),
            ("/news/13", "https://www.ministry.example/news/13"),
            ("https://other.example/news/13", URL),
            ("https://www.ministry.example/", URL),
            ("javascript:alert(1)", URL),
        ],
    )
    def test_a_page_may_name_its_own_address_on_its_own_site(self, named: str, kept: str) -> None:
        assert read(page(head=f'<link rel="canonical" href="{named}">')).canonical_url == kept

    def test_the_sites_name(self) -> None:
        assert read(page(head='<meta property="og:site_name" content="Ministry">')).site_name == "Ministry"
        assert read(page()).site_name == "www.ministry.example"


PAYWALLS = {
    "en": (FIRST, "Subscribe to continue reading. Already a subscriber? Log in."),
    "tr": (TEXTS["tr"], "Haberin devamını okumak için abone olun."),
    "ru": (TEXTS["ru"], "Чтобы продолжить чтение, оформите подписку."),
    "ar": (TEXTS["ar"], "لمتابعة القراءة يرجى الاشتراك."),
}
COOKIES = {
    "en": (
        "We use cookies to personalise content. Manage your preferences or "
        "accept all cookies to continue to the site."
    ),
    "tr": (
        "Sitemizde çerezler kullanılmaktadır. Çerez politikamızı ve aydınlatma "
        "metnini inceleyerek tercihleri yönetin."
    ),
    "ru": (
        "Мы используем файлы cookie. Продолжая, вы даёте согласие на обработку "
        "персональных данных и файлов cookie."
    ),
    "ar": (
        "نستخدم ملفات تعريف الارتباط لتحسين تجربتك. يمكنك قبول جميع ملفات "
        "تعريف الارتباط أو رفضها من الإعدادات."
    ),
}


class TestWhatStandsInTheWay:
    @pytest.mark.parametrize("lang", sorted(PAYWALLS))
    def test_a_paywall_leaves_the_beginning(self, lang: str) -> None:
        beginning, appeal = PAYWALLS[lang]
        article = read(page(f"<p>{beginning}</p><p>{appeal}</p>", lang=lang))
        assert (article.state, article.text) == (PAYWALL_STUB, beginning)
        assert "subscribers" in article.note

    def test_a_page_may_say_itself_that_it_is_paid_for(self) -> None:
        data = json.dumps({"@graph": [{"@type": "NewsArticle", "isAccessibleForFree": False}]})
        head = f'<script type="application/ld+json">{data}</script>'
        assert read(page(f"<p>{FIRST}</p>", head=head)).state == PAYWALL_STUB
        assert read(page(STORY * 6, head=head)).state == OK, "but the whole story is there"

    @pytest.mark.parametrize("lang", sorted(COOKIES))
    def test_a_cookie_wall_is_recognised(self, lang: str) -> None:
        article = read(page(f"<p>{COOKIES[lang]}</p>", lang=lang, h1="News"))
        assert article.state == COOKIE_WALL
        assert "consent" in article.note

    def test_a_robot_check_too(self) -> None:
        body = (
            b"<html><head><title>Just a moment...</title></head><body><p>Checking "
            b"your browser before you access the site. Enable JavaScript and cookies</p></body></html>"
        )
        assert read(body).state == COOKIE_WALL

    def test_a_cookie_notice_beside_a_story_is_left_out(self) -> None:
        article = read(page(STORY + f"<p>{COOKIES['en']}</p>"))
        assert (article.state, article.text) == (OK, f"{FIRST}\n{SECOND}")

    @pytest.mark.parametrize(
        "sentence",
        [
            (
                "The patrol took place without the consent of the government in "
                "Damascus, state media said on Friday."
            ),
            (
                "Troops carried out security checks on the road before the column "
                "passed through the two villages."
            ),
            (
                "Access to the village was denied to the column by residents who "
                "blocked the road with their cars."
            ),
        ],
    )
    def test_words_of_walls_in_a_story_do_not_make_it_one(self, sentence: str) -> None:
        assert read(page(f"<p>{sentence}</p>")).state == OK


class TestOtherStates:
    @pytest.mark.parametrize(
        "body",
        [b"", b"  ", page("", h1=""), page("<img src='a.jpg'>"), b"<html></html>", page("<p>Photo.</p>")],
    )
    def test_an_empty_page(self, body: bytes) -> None:
        article = read(body)
        assert article.state == EMPTY
        assert "no text of its own" in article.note

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (b"%PDF-1.7 ...", "text/html"),
            (b"PK\x03\x04", ""),
            (b"\x89PNG", ""),
            (page(), "image/jpeg"),
            (bytes(99), ""),
        ],
    )
    def test_what_is_no_page(self, body: bytes, content_type: str) -> None:
        assert read(body, content_type=content_type).state == NOT_HTML

    @pytest.mark.parametrize(
        ("lang", "text"),
        [
            (
                "de",
                (
                    "Türkische und russische Soldaten haben am Freitag ihre dritte "
                    "gemeinsame Patrouille beendet."
                ),
            ),
            (
                "ku",
                (
                    "Leşkerên Tirk û Rûs îro li gundewarên Kobaniyê dewriyeya hevbeş a "
                    "çaremîn pêk anîn, heşt wesayît."
                ),
            ),
            ("fa", "نیروهای ترکیه و روسیه روز جمعه سومین گشت مشترک خود را در شمال شرق سوریه انجام دادند"),
            ("az", "Türkiyə və Rusiya hərbçiləri Suriyanın şimal-şərqində üçüncü birgə patrul keçiriblər."),
            (
                "uk",
                (
                    "Російські та турецькі військові завершили третє спільне патрулювання "
                    "на північному сході Сирії."
                ),
            ),
        ],
    )
    def test_a_fifth_language(self, lang: str, text: str) -> None:
        article = read(page(f"<p>{text}</p>", lang="tr"))
        assert (article.state, article.lang, article.text) == (UNSUPPORTED_LANGUAGE, lang, text)


class TestHostilePages:
    @pytest.mark.parametrize(
        "inside",
        [
            "<div>" * 300_000,
            "<p " + " ".join(f"a{n}='1'" for n in range(150_000)) + ">x</p>",
            "<b><i><u><p>" * 150_000,
            "<table>" + "<tr><td>a</td></tr>" * 100_000,
            "<" * 2_000_000,
            "<p>" + "1" * 2_000_000,
            "<!--" * 400_000,
            ("<div>" * 200 + "<span>a</span>" * 180 + "</div>" * 200) * 50,
        ],
        ids=["nesting", "attributes", "open tags", "cells", "angles", "digits", "comments", "deep divs"],
    )
    def test_made_up_markup_does_not_hold_the_queue(self, inside: str) -> None:
        started = time.monotonic()
        read(f"<html><body>{inside}</body></html>".encode())
        assert time.monotonic() - started < 30

    def test_a_title_of_ten_megabytes_is_cut(self) -> None:
        started = time.monotonic()
        article = read(
            f"<html><head><title>{'patrol ' * 1_500_000}</title></head><body>{STORY}</body></html>".encode()
        )
        assert len(article.title) <= 301
        assert FIRST in article.text
        assert time.monotonic() - started < 10

    def test_a_body_that_is_an_address_is_not_called(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_args: object) -> None:
            raise AssertionError("a page must not make us call anything")

        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        monkeypatch.setattr("socket.socket.connect", refuse, raising=False)
        assert read(b"http://127.0.0.1:1/page").state == EMPTY
        assert read(b"<!DOCTYPE html SYSTEM 'http://127.0.0.1:1/x'>" + page()).state == OK

    @settings(deadline=None, max_examples=60)
    @given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"<p>{text}<b>".encode()))
    def test_no_bytes_raise(self, body: bytes) -> None:
        assert read(body).state
