"""A report's text as the rules see it: normalised, cut into sentences and tokens, every index traceable.

Normalising changes characters (Arabic vowel signs dropped, typographic quotes made plain, digits made
ASCII), so each normalised character remembers the original one it came from.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from patrols.intake.extract.drafts import Span

QUOTES = '"«»“”„‟‹›〝〞＂'
_MAP = {
    **dict.fromkeys("’‘ʼ`´ʻʹ′＇", "'"),
    **dict.fromkeys("“”„‟«»‹›〝〞＂", '"'),
    **dict.fromkeys("–—‒―‑−﹣－→", "-"),
    **dict.fromkeys("\u00a0\u2007\u202f\u2009\u200a\u2002\u2003\u3000\t", " "),
    **{"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\u000b": "\n", "\u000c": "\n"},
    "؟": "?",
    "؛": ";",
    "٪": "%",
    "…": ".",
    "ـ": "",
}
_FOLD = {
    "İ": "i", "I": "i", "ı": "i", "â": "a", "î": "i", "û": "u", "Â": "a", "Î": "i", "Û": "u",
    "ё": "е", "Ё": "е",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """The normalised form of one character: one character, or nothing where it is only a mark."""
    if char in _MAP:
        return _MAP[char]
    if char < "\u0300":
        return char
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me", "Cc", "Cs", "Co"}:
        return ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    return char


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    if char in _FOLD:
        return _FOLD[char]
    lower = char.lower()
    return lower if len(lower) == 1 else char


def fold(text: str) -> str:
    """The form in which words are compared, in every language."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(_folded(plain) for char in composed if (plain := _plain(char)))


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a figure. `gap` stands between it and the token before; `suffix` follows an apostrophe."""

    index: int
    fold: str
    plain: str
    start: int
    end: int
    gap: str
    suffix: str = ""

    @property
    def is_digits(self) -> bool:
        return self.fold[0].isdigit()

    @property
    def is_capital(self) -> bool:
        return self.plain[0].isupper()


@dataclass(slots=True)
class Sentence:
    """Tokens `first` to `last` (exclusive). `line` numbers the lines of the text, `paragraph` the blocks.

    The title is sentence 0, in paragraph -1, where there is one.
    """

    index: int
    start: int
    end: int
    line: int
    paragraph: int
    is_item: bool
    first: int = 0
    last: int = 0

    @property
    def is_title(self) -> bool:
        return self.paragraph < 0


@dataclass(slots=True)
class Document:
    original: str
    plain: str
    fold: str
    offsets: list[int]
    lang: str
    tokens: list[Token] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def span(self, start: int, end: int) -> Span:
        """The original characters behind the normalised `start:end`."""
        if end <= start:
            at = self.offsets[min(start, len(self.offsets) - 1)] if self.offsets else 0
            return Span(at, at)
        return Span(self.offsets[start], self.offsets[end - 1] + 1)

    def token_span(self, first: int, last: int) -> Span:
        """The span of tokens `first` to `last`, both included."""
        return self.span(self.tokens[first].start, self.tokens[last].end)

    def sentence_of(self, token: int) -> Sentence:
        return self.sentences[max(bisect_right(self.starts, token) - 1, 0)]

    def words(self, sentence: Sentence) -> list[Token]:
        return self.tokens[sentence.first : sentence.last]


_WORD = re.compile(r"\d+(?:[.,:]\d+)*|(?<![^\W_])[وبفل](?=\d)|[^\W\d_](?:[^\W_]|'(?=[^\W_]))*")
_ENGLISH_SUFFIX = re.compile(r"'(?:s|t|re|ve|ll|d|m)$")


def _tokens(doc: Document) -> list[Token]:
    found: list[Token] = []
    at = 0
    for match in _WORD.finditer(doc.fold):
        start, end = match.span()
        word, suffix = match.group(), ""
        if doc.lang == "tr":
            head, mark, tail = word.partition("'")
            if mark and tail:
                word, suffix = head, tail
        elif doc.lang == "en" and (ending := _ENGLISH_SUFFIX.search(word)):
            word, suffix = word[: ending.start()], word[ending.start() + 1 :]
        plain = doc.plain[start : start + len(word)]
        found.append(Token(len(found), word, plain, start, start + len(word), doc.fold[at:start], suffix))
        at = start + len(word) if doc.lang != "tr" or not suffix else end
        if doc.lang == "en" and suffix:
            at = end
    return found


MAX_SENTENCE = 5000
"""Characters after which a text without full stops is cut all the same."""
_STOPS = re.compile(r"[.!?;]+[\"')\]]*(?=\s|$)|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:u\.s|u\.n|a\.m|p\.m|mr|mrs|dr|gen|lt|col|maj|st|no|nos|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|approx|e\.g|i\.e|vs|г|гг|ул|им|т\.е|т\.д|тыс|млн|км|ч|н\.п|нп|пос|д|с|стр|руб|mah|prof|org|gn|tuğg|korg|alb"
    r"|d|م|د)|(?<![^\W\d_])[^\W\d_])$"
)
_UNIT = re.compile(r"\d ?(?:км|km|ч|мин|(?<=\d{4} )г|(?<=\d{4})г)$")
"""A measure or a year may end a sentence: "60 км. Колонна ..."."""
_ITEM = re.compile(r"\s*(?:[-*•·▪●◦]|\(?\d{1,2}[.)])\s+")


def _is_stop(doc: Document, start: int, end: int) -> bool:
    """Whether the full stop at `start` ends a sentence."""
    if doc.fold[start] == ";" and doc.lang == "tr":
        # Turkish officials write it where others write a comma or a colon.
        return False
    if doc.fold[start] != ".":
        return True
    before = doc.fold[max(0, start - 8) : start]
    rest = doc.plain[end : end + 40].lstrip(" ")
    following = rest.lstrip("\"'(")[:1]
    if not rest or rest[0] == "\n":
        return True
    if following.isupper() and _UNIT.search(before):
        return True
    if _ABBREVIATION.search(before):
        return False
    if before[-1:].isdigit() and doc.lang in {"tr", "ru", "en"}:
        # "11. ortak devriye" is an ordinal; "... 10 km 2019. The" is an end.
        return following.isupper() and not (doc.lang == "tr" and re.search(r"(?:^|\s)\d{1,3}$", before))
    return not following.islower() or doc.lang == "ar"


def _sentences(doc: Document, title_end: int) -> list[Sentence]:
    found: list[Sentence] = []
    line = 0
    paragraph = -1 if title_end else 0
    at = 0
    item = bool(_ITEM.match(doc.fold))

    def close(end: int) -> None:
        nonlocal at
        while end - at > MAX_SENTENCE:
            cut = max(doc.fold.rfind(" ", at, at + MAX_SENTENCE), at + MAX_SENTENCE // 2)
            found.append(Sentence(len(found), at, cut, line, paragraph, item and paragraph >= 0))
            at = cut
        if doc.fold[at:end].strip():
            found.append(Sentence(len(found), at, end, line, paragraph, item and paragraph >= 0))
        at = end

    for match in _STOPS.finditer(doc.fold):
        start, end = match.span()
        if "\n" in match.group():
            close(start)
            line += 1
            # A new line is a new paragraph except between the items of a list.
            was_item = item
            item = bool(_ITEM.match(doc.fold, end))
            if not (was_item and item) or doc.fold[start:end].count("\n") > 1:
                paragraph += 1
            at = end
        elif start > at and _is_stop(doc, start, end):
            close(end)
    close(len(doc.fold))
    return found


def read(text: str, lang: str, title_end: int = 0) -> Document:
    """Cut `text` up. The first `title_end` characters, if any, are the title."""
    plain: list[str] = []
    folded: list[str] = []
    offsets: list[int] = []
    for position, char in enumerate(text):
        if mapped := _plain(char):
            plain.append(mapped)
            folded.append(_folded(mapped))
            offsets.append(position)
    doc = Document(text, "".join(plain), "".join(folded), offsets, lang)
    doc.tokens = _tokens(doc)
    doc.sentences = _sentences(doc, title_end)
    token = 0
    for sentence in doc.sentences:
        while token < len(doc.tokens) and doc.tokens[token].start < sentence.start:
            token += 1
        sentence.first = token
        while token < len(doc.tokens) and doc.tokens[token].start < sentence.end:
            token += 1
        sentence.last = token
    doc.sentences = [sentence for sentence in doc.sentences if sentence.last > sentence.first]
    for index, sentence in enumerate(doc.sentences):
        sentence.index = index
    doc.starts = [sentence.first for sentence in doc.sentences]
    return doc
