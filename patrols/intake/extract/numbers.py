"""Figures and number words: cardinals, ordinals and the Turkish "four each" forms, with their tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from patrols.intake.extract.lexicon import arabic_forms
from patrols.intake.extract.text import Document, Token, fold
from patrols.intake.extract.words import LANGUAGES, Words


@dataclass(frozen=True, slots=True)
class Number:
    """`kind` is "card", "ord", "each" (so many from each side), "clock" or "name" (the 10 of Orlan-10)."""

    value: float
    kind: str
    first: int
    last: int

    @property
    def whole(self) -> int:
        return int(self.value)


_TR_ORDINAL = re.compile(r"(?:[iuü]?n?c[iuü])")
_TR_EACH = re.compile(r"(?:ş|s)?[ae]r")
_RU_ORDINAL = re.compile(r"(?:[оыие]?е|[оыи]?й|[оеё]?го|[оеыи]?м|[оеау]?ю|я|ая|х|му|ому)$")
_EN_ORDINAL = {"st", "nd", "rd", "th"}
_NUMBER_SIGN = {"no", "nr", "number", "номер", "номером", "رقم", "numara", "numarali", "n"}
_ARABIC_JOINED = re.compile(r"^[وفبل]?ال(\d+)$")
_THOUSANDS = {"en": re.compile(r"\d{1,3}(?:,\d{3})+$"), "tr": re.compile(r"\d{1,3}(?:\.\d{3})+$")}
_TURKISH_TENS = {
    "on": 10,
    "yirmi": 20,
    "otuz": 30,
    "kirk": 40,
    "elli": 50,
    "altmis": 60,
    "yetmis": 70,
    "seksen": 80,
}


class _Table:
    """A language's number words, for exact and open-ended look-up."""

    def __init__(self, words: Words) -> None:
        self.exact: dict[str, tuple[float, str]] = {}
        self.stems: list[tuple[str, float, str]] = []
        for kind, table in (("ord", words.ordinals), ("each", words.each), ("card", words.cardinals)):
            for value, forms in table.items():
                for form in forms.split(","):
                    word = fold(form.strip())
                    if word.endswith("*"):
                        self.stems.append((word[:-1], float(value), kind))
                    elif word and " " not in word:
                        self.exact[word] = (float(value), kind)

    def get(self, word: str) -> tuple[float, str] | None:
        if found := self.exact.get(word):
            return found
        for stem, value, kind in self.stems:
            if word.startswith(stem):
                return value, kind
        return None


@cache
def _table(lang: str) -> _Table:
    return _Table(LANGUAGES[lang])


@cache
def _word(lang: str, word: str) -> tuple[float, str, bool] | None:
    """(value, kind, joined to the word before by the Arabic "and")."""
    table = _table(lang)
    if lang == "ar":
        for form in dict.fromkeys((word, *arabic_forms(word), word[1:] if word[:1] == "و" else word)):
            if found := table.get(form):
                value, kind = found
                # With the article a ten is an ordinal: the twentieth.
                bare = word.lstrip("وفبلك") if word[:1] in "وفبلك" else word
                if kind == "card" and value in range(20, 91, 10) and bare.startswith("ال"):
                    kind = "ord"
                return value, kind, word[0] == "و" and form != word
        return None
    if found := table.get(word):
        return (*found, False)
    if lang == "tr":
        for tens, value in _TURKISH_TENS.items():
            if word.startswith(tens) and (rest := table.get(word[len(tens) :])) and rest[0] < 10:
                return value + rest[0], rest[1], False
    return None


def _digits(token: Token, lang: str) -> float | None:
    text = token.fold
    if ":" in text:
        return None
    if lang == "en":
        text = text.replace(",", "") if "," in text else text
    elif _THOUSANDS["tr"].match(text):
        text = text.replace(".", "")
    elif lang != "en" and _THOUSANDS["en"].match(text) and not text.startswith("0"):
        text = text.replace(",", "") if lang == "ar" else text.replace(",", ".")
    else:
        text = text.replace(",", ".")
    try:
        return float(text) if len(text) < 16 else None
    except ValueError:
        return None


def _read_digits(doc: Document, index: int) -> Number:
    tokens, lang = doc.tokens, doc.lang
    token = tokens[index]
    value = _digits(token, lang)
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if value is None or (lang == "tr" and before and before.fold.startswith("saat") and "." in token.fold):
        return Number(0, "clock", index, index)
    if (
        before
        and token.gap == "-"
        and before.fold[0].isalpha()
        and len(before.fold) <= 9
        and not _word(lang, before.fold)
    ):
        return Number(value, "name", index, index)
    if before and (before.fold in _NUMBER_SIGN or "№" in token.gap or "#" in token.gap):
        return Number(value, "ord", index, index)
    if lang == "ar" and before and before.fold in {"ال", "وال"} and token.gap.strip() == "":
        return Number(value, "ord", index - 1, index)
    if after:
        if lang == "en" and after.gap == "" and after.fold in _EN_ORDINAL:
            return Number(value, "ord", index, index + 1)
        if lang == "tr" and after.gap in {"'", ""} and _TR_EACH.fullmatch(after.fold):
            return Number(value, "each", index, index + 1)
        if lang == "tr" and (
            (after.gap in {"'", "", ".", "-"} and _TR_ORDINAL.match(after.fold))
            or after.gap == ".'"
            or (after.gap == ". " and after.plain[0].islower() and value < 1000)
        ):
            joined = after.gap in {"'", "", ".", ".'", "-"}
            return Number(value, "ord", index, index + 1 if joined else index)
        if lang == "ru":
            if after.gap == "-" and len(after.fold) <= 3 and _RU_ORDINAL.match(after.fold):
                return Number(value, "ord", index, index + 1)
            if (
                value < 1000
                and after.is_digits
                and len(after.fold) == 3
                and after.gap == " "
                and "." not in token.fold
            ):
                return Number(value * 1000 + float(after.fold), "card", index, index + 1)
    return Number(value, "card", index, index)


def _multiply(doc: Document, number: Number) -> Number:
    """A figure followed by "hundred" or "thousand"."""
    at = number.last + 1
    if number.kind == "card" and at < len(doc.tokens) and doc.tokens[at].gap == " ":
        found = _word(doc.lang, doc.tokens[at].fold)
        if found and found[0] in (100, 1000) and found[1] == "card":
            return Number(number.value * found[0], "card", number.first, at)
    return number


def _read_words(doc: Document, index: int) -> Number | None:
    tokens = doc.tokens
    first = _word(doc.lang, tokens[index].fold)
    if first is None:
        return None
    total, kind, _ = first
    last = index
    while last + 1 < len(tokens):
        step = last + 1
        if tokens[step].fold in {"and", "ve"} and total >= 100 and step + 1 < len(tokens):
            step += 1
        if tokens[step].is_digits or tokens[step].gap not in {" ", "-", " - "}:
            break
        found = _word(doc.lang, tokens[step].fold)
        if found is None:
            break
        value, next_kind, joined = found
        if kind == "ord" and not (doc.lang == "ar" and (value == 10 or joined)):
            break
        joins_arabic = doc.lang == "ar" and (
            (joined and 1 <= total % 100 < 10 and value >= 20) or value == 10
        )
        if joins_arabic and total % 100 < 10:
            total += value
        elif value in (100, 1000) and 0 < total < 1000 and value > total:
            total *= value
        elif (doc.lang != "ar" and 0 < value < 10 and total >= 10 and total % 10 == 0) or (
            0 < value < 100 <= total and total % 100 == 0
        ):
            total += value
        else:
            break
        if doc.lang == "ar":
            kind = "ord" if kind == "ord" or (next_kind == "ord" and value != 10) else kind
        else:
            kind = next_kind
        last = step
    if doc.lang == "tr" and tokens[index].fold == "bir" and last == index:
        return None
    return Number(total, kind, index, last)


def read_numbers(doc: Document) -> list[Number]:
    """Every number in the document, in order, none overlapping."""
    found: list[Number] = []
    index = 0
    while index < len(doc.tokens):
        token = doc.tokens[index]
        number: Number | None
        if token.is_digits:
            number = _multiply(doc, _read_digits(doc, index))
            if found and number.first <= found[-1].last:
                number = Number(number.value, number.kind, index, number.last)
        elif doc.lang == "ar" and (joined := _ARABIC_JOINED.match(token.fold)):
            number = Number(float(joined.group(1)[:9]), "ord", index, index)
        else:
            number = _read_words(doc, index)
        if number is not None:
            found.append(number)
            index = number.last + 1
        else:
            index += 1
    return found
