from __future__ import annotations

import time
from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patrols.intake.mail import MAX_MAIL, NotMail, read_mail
from patrols.intake.page import EMPTY, FUTURE_DATE, OK, UNSUPPORTED_LANGUAGE, Article

NOW = datetime(2019, 12, 4, 9, 0, tzinfo=UTC)
STORY = (
    "The thirteenth joint land patrol east of the Euphrates was completed today in the Ayn al-Arab area. "
    "Eight vehicles, four from each side, took part in the patrol."
)
TURKISH = (
    "On üçüncü ortak kara devriyesi bugün Aynularap bölgesinde tamamlandı. Devriyeye sekiz araç katıldı."
)


def mail(text: str = STORY, html: str = "", subject: str = "Joint patrol") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Press Office <press@ministry.example>"
    message["To"] = "editors@example.org"
    message["Subject"] = subject
    message["Date"] = "Tue, 03 Dec 2019 23:30:00 +0300"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def read(message: EmailMessage | bytes) -> Article:
    return read_mail(message if isinstance(message, bytes) else message.as_bytes(), now=NOW)


class TestAnOrdinaryMail:
    def test_becomes_an_article_with_the_senders_own_day(self) -> None:
        article = read(mail())
        assert (article.state, article.title, article.text, article.lang) == (OK, "Joint patrol", STORY, "en")
        assert (article.published, article.published_from) == (date(2019, 12, 3), "mail")

    def test_of_its_sender_only_the_domain_is_kept(self) -> None:
        article = read(mail())
        assert article.site_name == "ministry.example"
        assert "press@" not in repr(article)

    @pytest.mark.parametrize("charset", ["utf-8", "iso-8859-9", "windows-1254"])
    def test_is_read_in_its_charset(self, charset: str) -> None:
        message = mail("x", subject="Ortak devriye: Şırnak'tan Ağrı'ya")
        message.set_content(TURKISH, charset=charset)
        article = read(message)
        assert (article.text, article.title, article.lang) == (
            TURKISH,
            "Ortak devriye: Şırnak'tan Ağrı'ya",
            "tr",
        )

    def test_broken_lines_are_joined_and_paragraphs_are_not(self) -> None:
        wrapped = (
            "The thirteenth joint land patrol east of the Euphrates was completed\r\n"
            "today in the Ayn al-Arab area. Eight vehicles, four from each side,\r\n"
            "took part in the patrol.\r\n\r\nIt was the third one this month.\r\n"
        )
        assert read(mail(wrapped)).text == STORY + "\n\nIt was the third one this month."

    def test_the_signature_is_left_out(self) -> None:
        assert read(mail(STORY + "\n-- \nA. Person\n+90 000 000")).text == STORY

    def test_html_speaks_where_the_plain_part_says_nothing(self) -> None:
        html = f"<html><body><p>{STORY}</p><script>x()</script></body></html>"
        assert read(mail("See the web version.", html)).text == STORY

    def test_attached_files_are_not_opened(self) -> None:
        message = mail()
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a.pdf")
        message.add_attachment("Other text", filename="notes.txt")
        assert read(message).text == STORY


class TestPassedOn:
    def test_an_attached_message_counts_with_its_own_date(self) -> None:
        outer = mail("FYI", subject="Fwd: Joint patrol")
        outer.replace_header("From", "someone@elsewhere.example")
        outer.replace_header("Date", "Wed, 04 Dec 2019 08:00:00 +0000")
        outer.add_attachment(mail())
        article = read(outer)
        assert (article.title, article.text, article.published) == ("Joint patrol", STORY, date(2019, 12, 3))
        assert article.site_name == "ministry.example"

    @pytest.mark.parametrize(
        ("subject", "header"),
        [
            (
                "Fwd: Joint patrol",
                "---------- Forwarded message ---------\nFrom: Press <press@ministry.example>\n"
                "Date: Mon, 2 Dec 2019 at 10:00\nSubject: Joint patrol\nTo: <a@example.org>\n",
            ),
            (
                "İlt: Joint patrol",
                "Kimden: Basın <press@ministry.example>\nGönderildi: 2 Aralık 2019 Pazartesi 10:00\n"
                "Kime: a@example.org\nKonu: Joint patrol\n",
            ),
            (
                "Joint patrol",
                "Начало пересылаемого сообщения:\n\nОт: Пресса <press@ministry.example>\n"
                "Дата: 2 декабря 2019 г.\n"
                "Тема: Joint patrol\nКому: a@example.org\n",
            ),
        ],
    )
    def test_a_quoted_message_counts_with_its_own_date(self, subject: str, header: str) -> None:
        article = read(mail(f"Have a look.\n\n{header}\n{STORY}", subject=subject))
        assert (article.title, article.text, article.published) == ("Joint patrol", STORY, date(2019, 12, 2))

    def test_without_its_own_date_there_is_none(self) -> None:
        article = read(mail(STORY, subject="FW: Joint patrol"))
        assert (article.published, article.published_from) == (None, "")


class TestBadMail:
    def test_an_empty_one(self) -> None:
        assert read(mail("")).state == EMPTY

    def test_one_from_the_future(self) -> None:
        message = mail()
        message.replace_header("Date", "Tue, 03 Mar 2020 10:00:00 +0300")
        assert read(message).state == FUTURE_DATE

    def test_one_in_a_fifth_language(self) -> None:
        text = "Türkische und russische Soldaten haben am Freitag ihre dritte gemeinsame Patrouille beendet."
        assert read(mail(text)).state == UNSUPPORTED_LANGUAGE

    def test_one_with_broken_headers_is_still_read(self) -> None:
        raw = (
            b"From: =?utf-9?Q?=FF=FE?= <a@b@c>\r\nSubject: =?utf-8?B?not-base64!?=\r\nDate: some day\r\n"
            b"Content-Type: text/plain; charset=no-such-thing\r\nContent-Transfer-Encoding: base65\r\n\r\n"
        )
        article = read(raw + STORY.encode())
        assert (article.text, article.published) == (STORY, None)

    @pytest.mark.parametrize("raw", [b"", b"just words", b"<html><body>x</body></html>", bytes(100)])
    def test_what_is_no_mail_says_so(self, raw: bytes) -> None:
        with pytest.raises(NotMail, match="headers"):
            read(raw)

    def test_one_that_is_too_large_is_not_taken_apart(self) -> None:
        with pytest.raises(NotMail, match="larger"):
            read(bytes(MAX_MAIL + 1))

    def test_a_title_of_ten_megabytes_is_cut(self) -> None:
        started = time.monotonic()
        article = read(
            b"From: a@b.example\r\nSubject: " + b"patrol " * 1_400_000 + b"\r\n\r\n" + STORY.encode()
        )
        assert len(article.title) <= 300
        assert time.monotonic() - started < 15

    def test_parts_within_parts_without_end(self) -> None:
        started = time.monotonic()
        layers = b"".join(
            f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n".encode() for n in range(3000)
        )
        try:
            assert read(b"From: a@b.example\r\n" + layers).state == EMPTY
        except NotMail as error:
            assert "structure" in str(error)  # noqa: PT017 (either is right, and quick)
        assert time.monotonic() - started < 30

    @settings(deadline=None, max_examples=60)
    @given(st.binary(max_size=300))
    def test_no_bytes_raise_anything_else(self, body: bytes) -> None:
        assert read(b"From: a@b.example\r\n" + body).state
