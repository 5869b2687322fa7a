from __future__ import annotations

import time

import pytest

from patrols.intake.markup import MAX_TITLE, plain, sanitised, tame


class TestSanitised:
    @pytest.mark.parametrize(
        "html", ["<h2>Ortak devriye</h2>", '<p dir="rtl">دورية <b>x</b></p>', '<td colspan="2">8</td>']
    )
    def test_words_and_their_structure_stay(self, html: str) -> None:
        page = f"<table><tbody><tr>{html}</tr></tbody></table>" if "<td" in html else html
        assert html in sanitised(page)

    def test_a_tag_hidden_in_an_attribute_stays_text(self) -> None:
        clean = sanitised("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>")
        assert "<img" not in clean

    @pytest.mark.parametrize(
        "bad",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            '<img src="https://tracker.example/pixel.gif">',
            '<a href="javascript:alert(1)">x</a>',
            '<a href="data:text/html,<script>alert(1)</script>">x</a>',
            '<p onclick="alert(1)" style="background:url(//evil)">x</p>',
            "<iframe src=//evil></iframe><object data=//evil></object><embed src=//evil>",
            "<svg><script>alert(1)</script></svg><math><mi xlink:href='javascript:alert(1)'>",
            "<style>@import '//evil'</style><link href=//evil><meta http-equiv=refresh content=0>",
            "<form action=//evil><input name=a><button>x</button></form><base href=//evil>",
            "<a href='/relative'>x</a>",
        ],
    )
    def test_nothing_that_loads_runs_or_sends_is_left(self, bad: str) -> None:
        clean = sanitised(f"<p>Text</p>{bad}").lower()
        assert "text" in clean
        for sign in (
            "alert",
            "evil",
            "script",
            "src=",
            "onerror",
            "style",
            "form",
            "http-equiv",
            "href=",
            "data:",
        ):
            assert sign not in clean

    def test_links_leave_without_a_trace(self) -> None:
        clean = sanitised('<a href="https://example.org/a" target="_top">x</a>')
        assert 'href="https://example.org/a"' in clean
        assert 'rel="noopener noreferrer nofollow"' in clean
        assert "target" not in clean

    def test_deep_nesting_takes_no_time(self) -> None:
        started = time.monotonic()
        sanitised("<div>" * 300_000 + "x")
        assert time.monotonic() - started < 10

    @pytest.mark.parametrize("html", ["", " ", "<!-- -->", "\x00"])
    def test_nothing_gives_nothing(self, html: str) -> None:
        assert sanitised(html) == ""


class TestTame:
    def test_an_ordinary_page_is_left_as_it_is(self) -> None:
        html = "<html><head><title>A &amp; B</title></head><body><p class='a'>x > y</p></body></html>"
        assert tame(html) == html

    def test_titles_are_cut_before_an_entity_is(self) -> None:
        cut = tame("<title>" + "a" * (MAX_TITLE - 3) + "&amp;" + "b" * 100 + "</title><p>x</p>")
        assert cut == "<title>" + "a" * (MAX_TITLE - 3) + "</title><p>x</p>"

    def test_a_picture_written_into_the_page_is_left_out(self) -> None:
        assert tame("<p>a<img src='data:" + "A" * 50_000 + "'>b</p>") == "<p>a b</p>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>Joint</b> patrol &amp; drone", "Joint patrol & drone"),
        ("a\n\n  b<br>c", "a b c"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("x<script>alert(1)</script>y", "x y"),
        ("x<!-- <b>hidden</b> -->y", "x y"),
        ("<p unclosed", ""),
        ("a" * 400, "a" * 10 + "…"),
    ],
)
def test_plain(html: str, text: str) -> None:
    assert plain(html, 10 if len(html) >= 400 else 100) == text
