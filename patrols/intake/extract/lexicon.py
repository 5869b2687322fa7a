"""Finds the phrases of a language's word table in a document, all in one pass.

How a phrase is written in a table: words with spaces between; `word*` stands for any ending; `...` for up to
five other words; `(a/b)` for either word. Case, accents on a/i/u, Arabic vowel signs and hamza seats do not
matter. In Arabic the article and joined conjunctions and prepositions are ignored too: write the bare word.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from patrols.intake.extract.text import Document, Sentence, Token, fold

GAP = "..."
MAX_GAP = 5
MAX_STEM = 40
_SPLIT = re.compile(r"[^\W_]+(?:'[^\W_]+)*\*?|\*|\.\.\.")
_CHOICE = re.compile(r"\(([^()]*/[^()]*)\)")


@dataclass(frozen=True, slots=True)
class Mark:
    """Phrase of `label` at tokens `first` to `last`, both included."""

    label: str
    first: int
    last: int


def arabic_forms(word: str) -> tuple[str, ...]:
    """The word and what is left of it without joined conjunction, preposition and article."""
    forms = [word]
    rest = word
    if len(rest) > 2 and rest[0] in "وف":
        rest = rest[1:]
        forms.append(rest)
    base = rest
    if len(rest) > 4 and rest.startswith("لل"):
        forms.append(rest[2:])
    elif len(rest) > 4 and rest[0] in "بلك" and rest[1:3] == "ال":
        forms.append(rest[3:])
    elif len(rest) > 3 and rest[0] in "بلك":
        forms.append(rest[1:])
    if len(base) > 3 and base.startswith("ال"):
        forms.append(base[2:])
    return tuple(dict.fromkeys(forms))


def _expand(phrase: str) -> Iterator[str]:
    parts = _CHOICE.split(phrase)
    options = [part.split("/") if index % 2 else [part] for index, part in enumerate(parts)]
    for choice in itertools.product(*options):
        yield " ".join(choice)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    open_ended: bool

    def fits(self, forms: Iterable[str]) -> bool:
        if self.open_ended:
            return any(form.startswith(self.text) for form in forms)
        return self.text in forms


class Lexicon:
    """A compiled word table: label -> phrases, comma-separated."""

    def __init__(self, table: Mapping[str, str], lang: str) -> None:
        self.lang = lang
        self._exact: dict[str, list[tuple[str, tuple[_Word | None, ...]]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, tuple[_Word | None, ...]]]] = defaultdict(list)
        for label, phrases in table.items():
            for written in phrases.split(","):
                for phrase in _expand(written):
                    self._add(label, phrase)
        self._forms = cache(self._forms_of)
        self._starting = cache(self._candidates)

    def _add(self, label: str, phrase: str) -> None:
        words: list[_Word | None] = []
        for part in _SPLIT.findall(fold(phrase.strip())):
            if part == GAP:
                words.append(None)
                continue
            bare = part.rstrip("*")
            if self.lang in {"tr", "en"} and "'" in bare:
                bare = bare.partition("'")[0]
            if self.lang == "ar" and bare.startswith("ال") and len(bare) > 4:
                bare = bare[2:]
            words.append(_Word(bare, part.endswith("*")))
        if not words or words[0] is None:
            return
        store = self._stems if words[0].open_ended else self._exact
        store[words[0].text].append((label, tuple(words[1:])))

    def _forms_of(self, word: str) -> tuple[str, ...]:
        return arabic_forms(word) if self.lang == "ar" else (word,)

    def _candidates(self, word: str) -> list[tuple[str, tuple[_Word | None, ...]]]:
        found: list[tuple[str, tuple[_Word | None, ...]]] = []
        for form in self._forms(word):
            found += self._exact.get(form, ())
            for length in range(1, min(len(form), MAX_STEM) + 1):
                found += self._stems.get(form[:length], ())
        return found

    def find(self, tokens: list[Token], sentence: Sentence) -> list[Mark]:
        """Every phrase in the sentence, in order; of one label at one place only the longest."""
        longest: dict[tuple[str, int], int] = {}
        for index in range(sentence.first, sentence.last):
            for label, rest in self._starting(tokens[index].fold):
                last = self._match(tokens, index, sentence.last, rest)
                if last is not None and last >= longest.get((label, index), -1):
                    longest[label, index] = last
        return [Mark(label, first, last) for (label, first), last in longest.items()]

    def _match(self, tokens: list[Token], index: int, end: int, rest: tuple[_Word | None, ...]) -> int | None:
        at = index
        gap = 0
        for word in rest:
            if word is None:
                gap = MAX_GAP
                continue
            for candidate in range(at + 1, min(at + 2 + gap, end)):
                if word.fits(self._forms(tokens[candidate].fold)):
                    at = candidate
                    break
            else:
                return None
            gap = 0
        return at


class Marks:
    """The phrases found in a document, by label and sentence."""

    def __init__(self, doc: Document, lexicon: Lexicon) -> None:
        self._by_sentence: list[dict[str, list[Mark]]] = []
        self._ranges = [(sentence.first, sentence.last) for sentence in doc.sentences]
        for sentence in doc.sentences:
            found: dict[str, list[Mark]] = defaultdict(list)
            for mark in lexicon.find(doc.tokens, sentence):
                found[mark.label].append(mark)
            self._by_sentence.append(dict(found))

    def of(self, sentence: Sentence, *labels: str) -> list[Mark]:
        """Marks of these labels in the sentence (or in the part of it that is passed), in text order."""
        marks = self._by_sentence[sentence.index]
        found = [mark for label in labels for mark in marks.get(label, ())]
        if (sentence.first, sentence.last) != self._ranges[sentence.index]:
            found = [mark for mark in found if sentence.first <= mark.first < sentence.last]
        return found if len(labels) == 1 else sorted(found, key=lambda mark: mark.first)

    def has(self, sentence: Sentence, *labels: str) -> bool:
        if (sentence.first, sentence.last) != self._ranges[sentence.index]:
            return bool(self.of(sentence, *labels))
        marks = self._by_sentence[sentence.index]
        return any(label in marks for label in labels)

    def prefixed(self, sentence: Sentence, prefix: str) -> list[Mark]:
        """Marks whose label starts with `prefix`, in text order."""
        labels = [label for label in self._by_sentence[sentence.index] if label.startswith(prefix)]
        return sorted(self.of(sentence, *labels), key=lambda mark: (mark.first, -mark.last))
