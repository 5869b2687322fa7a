from __future__ import annotations

import pytest

from patrols.intake.decode import charset_of, find_charset, gunzip, to_text
from patrols.intake.errors import PackedTooTight

TURKISH = (
    "Türk ve Rus unsurları Aynularap bölgesinde on üçüncü ortak devriyeyi icra etti. Şanlıurfa'dan geçti. "
    * 3
)
RUSSIAN = "Российские военные полицейские и турецкие военные завершили совместное патрулирование. " * 3
ARABIC = "سيّرت القوات الروسية والتركية دورية مشتركة في ريف عين العرب اليوم الجمعة. " * 3
FRENCH = "Les forces armées ont mené à l'été une patrouille où l'élève était présent. " * 3


@pytest.mark.parametrize(
    ("text", "written", "declared"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "KOI8-R"),
        (TURKISH, "iso8859-9", "iso-8859-9"),
        (TURKISH, "cp1254", "latin5"),
        (ARABIC, "cp1256", "windows-1256"),
        (FRENCH, "cp1252", "iso-8859-1"),
        (RUSSIAN, "utf-8", "utf-8"),
        (RUSSIAN, "utf-16", ""),
        (RUSSIAN, "utf-8-sig", "windows-1251"),
    ],
)
def test_a_declared_charset_is_used(text: str, written: str, declared: str) -> None:
    assert to_text(text.encode(written), declared) == text


@pytest.mark.parametrize(
    ("text", "written", "declared"),
    [
        (RUSSIAN, "utf-8", "windows-1251"),
        (TURKISH, "utf-8", "iso-8859-9"),
        (RUSSIAN, "cp1251", "iso-8859-1"),
        (RUSSIAN, "cp1251", "utf-8"),
        (ARABIC, "cp1256", "windows-1252"),
        (ARABIC, "cp1256", "utf-8"),
        (RUSSIAN, "cp1251", "windows-1254"),
        (TURKISH, "cp1254", "utf-8"),
    ],
)
def test_a_wrong_charset_is_noticed(text: str, written: str, declared: str) -> None:
    assert to_text(text.encode(written), declared) == text


@pytest.mark.parametrize("text", [RUSSIAN, ARABIC, TURKISH])
def test_an_undeclared_charset_is_found(text: str) -> None:
    written = {RUSSIAN: "cp1251", ARABIC: "cp1256", TURKISH: "cp1254"}[text]
    page = f"<html><head><title>x</title><script>{'var a = 1;' * 500}</script></head><p>{text}</p></html>"
    assert to_text(page.encode(written)) == page


def test_the_documents_own_charset_beats_a_servers_default() -> None:
    page = f'<html><head><meta charset="windows-1254"></head><p>{TURKISH}</p></html>'
    assert to_text(page.encode("cp1254"), "ISO-8859-1") == page
    feed = f'<?xml version="1.0" encoding="windows-1251"?><rss>{RUSSIAN}</rss>'
    assert to_text(feed.encode("cp1251")) == feed


@pytest.mark.parametrize("label", ["utf-7", "punycode", "unicode_escape", "zip", "rot13", "no-such", "idna"])
def test_codecs_that_no_page_is_written_in_are_not_used(label: str) -> None:
    assert find_charset(b"+ADw-script+AD4- \\u0041", label) == "utf-8"


def test_a_few_broken_characters_do_not_change_the_charset() -> None:
    broken = RUSSIAN.encode()[:200] + b"\xd0 " + RUSSIAN.encode()
    assert to_text(broken, "utf-8").count("�") == 1


def test_nul_which_no_database_takes_is_left_out() -> None:
    assert to_text(b"a\x00b") == "ab"


def test_charset_of_a_header() -> None:
    assert charset_of('text/html; Charset="UTF-8"; x=y') == "UTF-8"
    assert charset_of("text/html") == ""


def test_a_gz_file_is_bounded() -> None:
    import gzip

    assert gunzip(gzip.compress(b"a"), host="x", max_bytes=10) == b"a"
    with pytest.raises(PackedTooTight):
        gunzip(gzip.compress(bytes(30 << 20)), host="x", max_bytes=50 << 20)
