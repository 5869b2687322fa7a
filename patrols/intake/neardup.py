"""The same story again, or the same formula about another patrol?

    text_hash(text) -> str              SHA-256 of the words, whatever the spacing, case and punctuation
    signature(text) -> bytes            MinHash, 512 bytes, to be stored
    similarity(a, b) -> float           of two signatures; below CANDIDATE do not `compare`
    compare(a, b, places=...) -> Likeness

Ten papers print one agency text with a sentence less or another byline: one story. Two ministry statements
about two patrols are nearly word for word the same, and two stories. Likeness of words cannot tell these
apart (it is higher for the second), so `compare` looks at what the alike sentences say: where both have a
number, a month, a weekday or a place that the other text has nowhere, they tell of different things. And a
formula without such facts ("today another patrol was carried out") is the same story on the same day only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache

import numpy as np
from rapidfuzz.fuzz import ratio

from .extract.numbers import read_numbers
from .extract.text import Document, fold, read
from .extract.words import LANGUAGES

SHINGLE = 3
PERMUTATIONS = 128
CANDIDATE = 0.08
"""Similarity of signatures from which two texts are worth comparing: a third of a story still has it."""
SAME_SHARE = 0.6
"""Of the shorter text's three-word sequences that stand in the longer one too: one text printed twice."""
ALIKE_SHARE = 0.35
"""From here on somebody may have rewritten it: for an editor to say."""
ALIKE_SENTENCE = 0.5
"""Of the words of two sentences, numbers aside: they say the same, of the same or of different things."""
SAME, UNSURE, DIFFERENT = "same", "unsure", "different"
MAX_TEXT = 30_000
MAX_SENTENCES = 80
DECISIVE = ("ordinal", "place")
SEVERAL = 99

Places = Callable[[str, str], frozenset[str]]
"""(sentence, language) -> slugs of the gazetteer's places named in it."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One report's text, with what is needed to judge whether another tells the same."""

    text: str
    lang: str
    published: date | None = None
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    verdict: str
    """"same" (one story, printed twice), "unsure" (an editor says) or "different"."""
    share: float
    """Of the shorter text that stands in the longer one, 0 to 1."""
    reason: str
    """A sentence for the editor."""
    conflicts: tuple[str, ...] = ()
    """What the alike sentences say differently: "ordinal: 13 / 14"."""


def text_hash(text: str) -> str:
    return hashlib.sha256(" ".join(_words(text)).encode()).hexdigest()


def signature(text: str) -> bytes:
    """Little-endian 32-bit values; comparable as long as PERMUTATIONS and SHINGLE stay what they are."""
    from datasketch import MinHash  # It brings scipy along: 80 MB that only this needs.

    minhash = MinHash(num_perm=PERMUTATIONS, seed=1)
    minhash.update_batch([" ".join(shingle).encode() for shingle in _shingles(_words(text))])
    return bytes(np.asarray(minhash.hashvalues, dtype="<u4").tobytes())


def similarity(one: bytes, other: bytes) -> float:
    """Estimated share of three-word sequences that two texts have in common (Jaccard), ± 0.04."""
    a, b = (np.frombuffer(values, dtype="<u4") for values in (one, other))
    return float(np.mean(a == b)) if len(a) == len(b) > 0 else 0.0


def compare(one: Telling, other: Telling, places: Places | None = None) -> Likeness:
    """Whether two reports are one story. Without `places`, place names are only compared as written."""
    share = _share(_words(one.text), _words(other.text))
    if share < ALIKE_SHARE or one.lang != other.lang:
        return Likeness(DIFFERENT, share, "The texts have little in common.")
    a, b = _Facts.of(one, places), _Facts.of(other, places)
    hard, soft = _conflicts(a, b)
    shown = tuple(f"{kind}: {_show(x)} / {_show(y)}" for kind, x, y in (*hard, *soft))
    apart = abs((one.published - other.published).days) if one.published and other.published else 0
    if hard:
        clear = apart >= 2 or len(hard) >= 2 or any(kind in DECISIVE for kind, _, _ in hard)
        if clear:
            return Likeness(DIFFERENT, share, "Nearly the same words, but about something else.", shown)
        return Likeness(UNSURE, share, "Nearly the same words, but one figure differs.", shown)
    if soft:
        return Likeness(UNSURE, share, "Nearly the same words, but with other names in them.", shown)
    if share < SAME_SHARE:
        return Likeness(UNSURE, share, "Long passages are the same.")
    anchored = bool(a.ordinals & b.ordinals)
    if not anchored and (apart >= 2 or (apart == 1 and one.publisher == other.publisher)):
        return Likeness(
            UNSURE, share, "The same words on different days: perhaps a formula that is used again."
        )
    return Likeness(SAME, share, "The same text, with small changes at most.")


# Words
# -----


@lru_cache(maxsize=32)
def _words(text: str) -> tuple[str, ...]:
    return tuple("".join(char if char.isalnum() else " " for char in fold(text[:MAX_TEXT])).split())


def _shingles(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    if len(words) < SHINGLE:
        return {words} if words else set()
    return {words[at : at + SHINGLE] for at in range(len(words) - SHINGLE + 1)}


def _share(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    a, b = _shingles(one), _shingles(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


# Facts
# -----

Value = float | str
Conflict = tuple[str, Value, Value]


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: frozenset[str]
    """Without numbers."""
    facts: dict[str, frozenset[Value]]
    """By kind: "number", "ordinal", "month", "weekday", "place", "name"."""


@dataclass(frozen=True, slots=True)
class _Facts:
    sentences: tuple[_Sentence, ...]
    everywhere: dict[str, frozenset[Value]] = field(default_factory=dict)
    """What the whole text has of each kind."""
    words: frozenset[str] = frozenset()

    @property
    def ordinals(self) -> frozenset[Value]:
        return self.everywhere.get("ordinal", frozenset())

    @classmethod
    def of(cls, telling: Telling, places: Places | None) -> _Facts:
        lang = telling.lang if telling.lang in LANGUAGES else "en"
        doc = read(telling.text[:MAX_TEXT], lang)
        sentences = tuple(_sentences(doc, places))[:MAX_SENTENCES]
        kinds = {kind for sentence in sentences for kind in sentence.facts}
        none: frozenset[Value] = frozenset()
        everywhere = {kind: none.union(*(s.facts.get(kind, none) for s in sentences)) for kind in kinds}
        return cls(sentences, everywhere, frozenset().union(*(s.words for s in sentences)))


def _sentences(doc: Document, places: Places | None) -> Iterator[_Sentence]:
    months, weekdays = _names_of_days(doc.lang)
    numbers = read_numbers(doc)
    for sentence in doc.sentences:
        facts: dict[str, set[Value]] = {}
        counted: set[int] = set()
        for number in numbers:
            if not sentence.first <= number.first < sentence.last or number.kind in ("clock", "name"):
                continue
            counted.update(range(number.first, number.last + 1))
            near = [
                doc.tokens[at].fold for at in (number.first - 1, number.last + 1) if 0 <= at < len(doc.tokens)
            ]
            dated = any(_starts(word, months) for word in near)
            facts.setdefault("ordinal" if number.kind == "ord" and not dated else "number", set()).add(
                number.value
            )
        words = set()
        for token in doc.words(sentence):
            if token.index in counted or token.is_digits:
                continue
            month, weekday = _starts(token.fold, months), _starts(token.fold, weekdays)
            if month:
                facts.setdefault("month", set()).add(month)
            elif weekday:
                facts.setdefault("weekday", set()).add(weekday)
            else:
                words.add(token.fold)
                if token.is_capital and token.index > sentence.first and len(token.fold) > 2:
                    facts.setdefault("name", set()).add(token.fold)
        if places is not None and (found := places(doc.plain[sentence.start : sentence.end], doc.lang)):
            facts["place"] = set(found)
        yield _Sentence(frozenset(words), {kind: frozenset(values) for kind, values in facts.items()})


@cache
def _names_of_days(lang: str) -> tuple[dict[str, int], dict[str, int]]:
    """The folded words for months and weekdays. Of a name of two words (the Levant's months) the first one
    stands for all that begin so; the second one is an ordinal, and tells them apart."""

    def table(source: dict[int, str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for value, forms in source.items():
            for form in filter(None, map(str.strip, forms.split(","))):
                first, *more = fold(form).split()
                found[first] = SEVERAL if more else value
        return found

    return table(LANGUAGES[lang].months), table(LANGUAGES[lang].weekdays)


def _starts(word: str, table: dict[str, int]) -> int:
    """The value (counted from 1) of the table's word, whole or as a stem ending in "*"; 0 for none."""
    for form in (word, word[2:] if word.startswith("ال") else word):
        if form in table:
            return table[form] + 1
        for length in range(3, len(form) + 1):
            if form[:length] + "*" in table:
                return table[form[:length] + "*"] + 1
    return 0


def _conflicts(a: _Facts, b: _Facts) -> tuple[list[Conflict], list[Conflict]]:
    """What alike sentences say differently: hard facts, and names that may only be spelled differently."""
    hard: dict[str, Conflict] = {}
    soft: dict[str, Conflict] = {}
    for one in a.sentences:
        other = max(b.sentences, key=lambda s: _alike(one.words, s.words), default=None)
        if other is None or _alike(one.words, other.words) < ALIKE_SENTENCE:
            continue
        for kind in ("ordinal", "number", "month", "weekday", "place"):
            mine = one.facts.get(kind, frozenset()) - b.everywhere.get(kind, frozenset())
            theirs = other.facts.get(kind, frozenset()) - a.everywhere.get(kind, frozenset())
            if mine and theirs:
                hard.setdefault(
                    f"{kind}{min(map(str, mine))}", (kind, min(mine, key=str), min(theirs, key=str))
                )
        known = one.facts.get("place", frozenset()) == other.facts.get("place", frozenset()) != frozenset()
        kind = "name" if "name" in a.everywhere or "name" in b.everywhere else "word"
        mine = _unknown(one, b, kind)
        theirs = _unknown(other, a, kind)
        if mine and theirs and not known:
            soft.setdefault(str(min(mine, key=str)), ("name", min(mine, key=str), min(theirs, key=str)))
    return list(hard.values()), list(soft.values())


def _unknown(sentence: _Sentence, text: _Facts, kind: str) -> frozenset[Value]:
    """Names of the sentence (in scripts without capitals: words) that the other text has in no spelling."""
    if kind == "word":
        return frozenset(word for word in sentence.words - text.words if len(word) > 3)
    names = sentence.facts.get("name", frozenset())
    return frozenset(
        name for name in names if not any(_spelled_alike(str(name), word) for word in text.words)
    )


def _spelled_alike(name: str, word: str) -> bool:
    return word[:3] == name[:3] and ratio(name, word) >= 75


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    if len(one) < SHINGLE or len(other) < SHINGLE:
        return 0.0
    return len(one & other) / min(len(one), len(other))


def _show(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
