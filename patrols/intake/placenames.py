"""How a place name is compared: folding, inflection and transliteration, without any list of places.

`fold` brings every spelling that differs only in writing habits to one form: case, diacritics, the Turkish
dotless i, Arabic vowel signs and letter variants, hyphens, apostrophes, and the Arabic article in all three
scripts. `skeleton` goes further and keeps the consonants that survive transliteration, so that شيريك,
Sherik, Şîrik and Шейрик meet.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

APOSTROPHES = frozenset("'’‘ʼʾʿ`´ʹ′＇")
_DROPPED = APOSTROPHES | frozenset("ـ\u200b\u200c\u200d\u200e\u200f\u2060\u061c\u00ad\ufeff")
_HYPHENS = frozenset("-‐‑‒–—―−_")
HARD = "\n"
"""Stands in folded text for punctuation, which no place name runs across."""

_LETTERS = {
    **dict.fromkeys("ı", "i"),
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىیئېے", "ي"),
    **dict.fromkeys("ةەہۀ", "ه"),
    **dict.fromkeys("ؤ", "و"),
    **dict.fromkeys("ءٔ", ""),
    **dict.fromkeys("کگ", "ك"),
    **dict.fromkeys("پ", "ب"),
    **dict.fromkeys("چ", "ج"),
    **dict.fromkeys("ڤ", "ف"),
    **dict.fromkeys("ё", "е"),
    **dict.fromkeys("і", "и"),
    **dict.fromkeys("ø", "o"),
    **dict.fromkeys("ł", "l"),
}
_ARTICLES = frozenset({"al", "el", "ul", "il", "аль", "эль", "ал", "эл"})
_SUN_LATIN = {"ad", "ar", "as", "at", "an", "az", "ash", "ed", "er", "es", "et", "en", "ez", "esh"}
_SUN_CYRILLIC = {"ад", "ар", "ас", "ат", "ан", "аз", "аш", "эд", "эр", "эс", "эт", "эн", "эз", "эш"}
_SUN_ARTICLES = frozenset(_SUN_LATIN | _SUN_CYRILLIC)
"""Forms that the article takes before a word with the same first sound: ad-Darbasiyah, Эт-Табка."""
_ARABIC_ARTICLE = re.compile(r"^([وف]?[بك]?)ال(?=\w{3})|^([وف]?ل)ل(?=\w{3})")

ARABIC_PREFIXES = frozenset(["و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل"])
"""Conjunctions and prepositions that are written together with the next word."""

_TURKISH_PLACE = {"de", "da", "te", "ta", "nde", "nda", "den", "dan", "ten", "tan", "nden", "ndan"}
_TURKISH_OTHER = {"in", "un", "nin", "nun", "ye", "ya", "ne", "na", "yi", "yu", "ni", "nu"}
TURKISH_SUFFIXES = frozenset(_TURKISH_PLACE | _TURKISH_OTHER | {"deki", "daki", "teki", "taki"})
"""Folded case endings, for names that a hurried writer inflects without the apostrophe."""


@lru_cache(maxsize=8192)
def _fold_char(char: str) -> str:
    """What one character becomes: letters and digits, "" if it is dropped, " " or HARD if it separates."""
    if char in _DROPPED:
        return ""
    if char in _HYPHENS or (char.isspace() and char not in "\v\f"):
        return " "
    out = []
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFC", char).casefold()):
        if unicodedata.combining(part):
            continue
        out.append(_LETTERS.get(part, part))
    folded = "".join(out)
    return folded if not folded or folded.isalnum() else HARD


def script(text: str) -> str:
    """ "ar", "cy" or "la" by the first letter that tells; "" for any other script or none."""
    for char in text:
        if "\u0600" <= char <= "\u06ff" or "\u0750" <= char <= "\u077f":
            return "ar"
        if "\u0400" <= char <= "\u04ff":
            return "cy"
        if char.isalpha():
            return "la" if ord(char) < 0x250 or "\u1e00" <= char <= "\u1eff" else ""
    return ""


def _is_article(word: str, following: str) -> bool:
    if word in _ARTICLES:
        return True
    return word in _SUN_ARTICLES and following[:1] == word[1:2]


def _split(chars: list[str], origins: list[int]) -> list[tuple[str, list[int], str]]:
    """(word, origins of its letters, separator before it) in order."""
    words: list[tuple[str, list[int], str]] = []
    separator, start = " ", None
    for position in range(len(chars) + 1):
        char = chars[position] if position < len(chars) else HARD
        if char in (" ", HARD):
            if start is not None:
                words.append(("".join(chars[start:position]), origins[start:position], separator))
                separator, start = " ", None
            if char == HARD:
                separator = HARD
        elif start is None:
            start = position
    return words


def fold_with_origins(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the offset in `text` that it comes from.

    A separator comes from the offset of the letter after it.
    """
    chars: list[str] = []
    origins: list[int] = []
    for offset, char in enumerate(text):
        for folded in _fold_char(char):
            chars.append(folded)
            origins.append(offset)
    words = _split(chars, origins)
    folded_text: list[str] = []
    folded_origins: list[int] = []
    pending = ""
    for index, (word, places, separator) in enumerate(words):
        if HARD in (separator, pending):
            separator = HARD
        following = words[index + 1] if index + 1 < len(words) else None
        if following and following[2] == " " and _is_article(word, following[0]):
            pending = separator
            continue
        pending = ""
        article = _ARABIC_ARTICLE.match(word)
        if article:
            keep = len(article[1] if article[1] is not None else article[2])
            word, places = word[:keep] + word[article.end() :], places[:keep] + places[article.end() :]
        if folded_text:
            folded_text.append(separator)
            folded_origins.append(places[0])
        folded_text.extend(word)
        folded_origins.extend(places)
    return "".join(folded_text), folded_origins


@lru_cache(maxsize=32768)
def normalise(name: str) -> str:
    """The form in which two spellings of a name are compared; words are parted by one space."""
    return fold_with_origins(name)[0].replace(HARD, " ")


_DIGRAPHS = re.compile("dzh|dj|zh|kh|gh|sh|ch|ph|th|dh|дж|дз")
_DIGRAPH = {
    **{"dzh": "j", "dj": "j", "zh": "j", "ch": "j", "дж": "j", "дз": "z"},
    **{"kh": "k", "gh": "k", "sh": "s", "ph": "f", "th": "t", "dh": "d"},
}
_CONSONANTS = {
    **dict(zip("bdfjklmnprstzgqxc", "bdfjklmnbrstzkkkj", strict=True)),
    **dict(zip("бгджзклмнпрстфхцчшщ", "bkdjzklmnbrstfksjss", strict=True)),
    **dict(zip("بتثجحخدذرزسشصضطظعغفقكلمنه", "bttj\0kdzrzsssdtz\0kfkklmn\0", strict=True)),
}


@lru_cache(maxsize=32768)
def skeleton(name: str) -> str:
    """The consonants of a name in one alphabet, doubled ones once; vowels, h, w, y and v fall out."""
    text = _DIGRAPHS.sub(lambda match: _DIGRAPH[match[0]], normalise(name).replace(" ", ""))
    out: list[str] = []
    for char in text:
        sign = _CONSONANTS.get(char, "\0")
        if sign != "\0" and (not out or out[-1] != sign):
            out.append(sign)
    return "".join(out)


_ENDINGS = (
    ("ское", ("ское", "ского", "скому", "ское", "ским", "ском")),
    ("ский", ("ский", "ского", "скому", "ский", "ским", "ском")),
    ("ово", ("ово", "ова", "ову", "ово", "овым", "овом")),
    ("ное", ("ное", "ного", "ному", "ное", "ным", "ном")),
    ("тое", ("тое", "того", "тому", "тое", "тым", "том")),
    ("ный", ("ный", "ного", "ному", "ный", "ным", "ном")),
    ("ая", ("ая", "ой", "ой", "ую", "ой", "ой")),
    ("море", ("море", "моря", "морю", "море", "морем", "море")),
    ("сть", ("сть", "сти", "сти", "сть", "стью", "сти")),
    ("ия", ("ия", "ии", "ии", "ию", "ией", "ии")),
)
"""How words with these endings go in nominative, genitive, dative, accusative, instrumental and locative."""
_ADJECTIVES = tuple(ending for ending, _cases in _ENDINGS[:7])
_HARD_CONSONANTS = tuple("бвгджзклмнпрстфхцчшщ")


def _decline_word(word: str) -> tuple[str, ...]:
    """The six cases of a Russian word in small letters; six times itself where it does not decline."""
    for ending, endings in _ENDINGS:
        if word.endswith(ending):
            return tuple(word[: -len(ending)] + case for case in endings)
    stem = word[:-1]
    if word.endswith("а"):
        genitive = "и" if stem.endswith(tuple("гкхжчшщ")) else "ы"
        return (word, stem + genitive, stem + "е", stem + "у", stem + "ой", stem + "е")
    if word.endswith("я"):
        return (word, stem + "и", stem + "е", stem + "ю", stem + "ей", stem + "е")
    if word.endswith(("ь", "й")):
        return (word, stem + "я", stem + "ю", word, stem + "ем", stem + "е")
    if len(word) > 2 and word.endswith(_HARD_CONSONANTS):
        return (word, word + "а", word + "у", word, word + "ом", word + "е")
    return (word,) * 6


def russian_cases(name: str) -> set[str]:
    """The folded case forms of a Russian name.

    Declined are its first noun and the adjectives before it (Восточно-Китайское море, провинция Хасака); in a
    compound with hyphens (Тель-Абьяд) only the last part.
    """
    declined: list[tuple[str, ...]] = []
    noun_seen = False
    for word in name.casefold().split():
        fixed, hyphen, last = word.rpartition("-")
        forms = (last,) * 6 if noun_seen else _decline_word(last)
        noun_seen = noun_seen or not last.endswith(_ADJECTIVES)
        declined.append(tuple(fixed + hyphen + form for form in forms))
    return {normalise(" ".join(forms)) for forms in zip(*declined, strict=True)} - {""}
