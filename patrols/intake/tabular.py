"""CSV bytes to records, one bad row never spoiling another.

The file is UTF-8 with or without a byte order mark, separated by commas or semicolons, with a header, lines
ended by LF or CRLF, and RFC 4180 quoting, newlines inside quotes included. Whatever a row has wrong is told
with that row; the rows around it are read as if it were not there. Every line that is not blank is part of
exactly one record, so accepted and rejected add up to what was read. Reading takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from charset_normalizer import from_bytes

from patrols.record.columns import IMPORT

SIDE_COLUMN = re.compile(r"(personnel|vehicles)_([a-z]{2})")
"""Figures of any state's side: vehicles_us, personnel_cn."""

PROBLEM_COLUMNS = ("problem_line", "problem_column", "problem")
"""What a file of rejected rows has beside the columns of the file it came from."""

IGNORED = frozenset(("patrol_key", *PROBLEM_COLUMNS))
"""Columns that may be in a file and are not read."""

FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
"""A text that starts so is written with an apostrophe before it, which is taken off again here."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

WIDE = 8
"""A table of so many columns is too wide for a line of prose inside quotes to look like one of its rows."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what is allowed, as a sentence; `column` is "" where it is the row as a whole."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """One row as it stands in the file. `cells` is empty where the row cannot be taken apart."""

    line: int
    """Line of the file on which it starts, the first one being 1."""
    raw: str
    cells: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


class Table:
    """A file of rows. Iterating gives its records; `problems` are the header's and are every row's too."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.problems: list[Problem] = []
        self._lines = self._decoded_lines(content)
        self._first = next((i for i, line in enumerate(self._lines) if line.strip()), len(self._lines))
        head = self._lines[self._first] if self._first < len(self._lines) else ""
        self.delimiter = max(",;", key=lambda mark: sum(map(known, _names(head, mark))))
        self._cell = _cell_pattern(self.delimiter)
        self._whole, self._open = _record_patterns(self.delimiter)
        self.header = self._split(head)
        self.columns = _names(head, self.delimiter)
        self._check_header()

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return len(self._lines)

    @property
    def empty(self) -> bool:
        return not any(line.strip() for line in self._lines[self._first + 1 :])

    def __iter__(self) -> Iterator[Record]:
        at, lines = self._first + 1, self._lines
        while at < len(lines):
            text = lines[at]
            if not text.strip(f" \t\r{self.delimiter}"):
                at += 1
                continue
            last = at
            if '"' in text and not self._whole.fullmatch(text):
                last = self._last_line(at)
            yield self._record(at, last)
            at = max(at, last) + 1

    def _last_line(self, first: int) -> int:
        """The line on which the record of line `first` ends; -1 where its quotes are broken.

        A quote is broken if it never closes, or if what it closes on does not make a row of as many cells
        as the header has, or if a line inside has all the cells of a row of its own.
        """
        text, at = self._lines[first], first
        for _cell in self.columns:
            if not self._open.fullmatch(text):
                return -1
            start = at + 1
            at = next((i for i in range(start, len(self._lines)) if _closes(self._lines[i])), -1)
            if at < 0:
                return -1
            text = "\n".join((text, *self._lines[start : at + 1]))
            if self._whole.fullmatch(text):
                break
        width = len(self.columns)
        inside = self._lines[first + 1 : at + 1]
        swallows = width >= WIDE and any(line.count(self.delimiter) >= width - 1 for line in inside)
        return -1 if swallows or len(self._split(text)) != width else at

    def _record(self, first: int, last: int) -> Record:
        broken = last < 0
        text = "\n".join(self._lines[first : max(first, last) + 1])
        problems = list(self.problems)
        if control := _CONTROL.search(text):
            name = "NUL" if control[0] == "\0" else f"U+{ord(control[0]):04X}"
            problems.append(Problem("", f"The row has a control character ({name}). Take it out."))
        if not text.isascii() and not _encodable(text):
            note = f"The row is not UTF-8 text{self._guess_note}. Save the file as UTF-8."
            problems.append(Problem("", note))
        if broken:
            problems.append(
                Problem(
                    "",
                    "A quote is broken: put a cell that has a quote in it between quotes and double the "
                    "quotes inside, or take the quote out.",
                )
            )
        cells = self._cells(text, problems) if not broken and not self.problems else {}
        return Record(first + 1, self._readable(text), cells, tuple(problems))

    def _cells(self, text: str, problems: list[Problem]) -> dict[str, str]:
        cells = self._split(text)
        if len(cells) != len(self.columns):
            problems.append(
                Problem("", f"The row has {len(cells)} cells, the header has {len(self.columns)} columns.")
            )
            return {}
        named = dict(zip(self.columns, cells, strict=True))
        if named.pop("", "").strip():
            problems.append(Problem("", "A cell stands in a column without a name."))
        return named

    def _split(self, text: str) -> list[str]:
        if '"' not in text:
            cells = text.split(self.delimiter)
            return [_clean(cell) for cell in cells] if "'" in text else [cell.strip() for cell in cells]
        return [
            _clean(match[2] if match[1] is None else match[1].replace('""', '"'))
            for match in self._cell.finditer(self.delimiter + text)
        ]

    def cells_of(self, raw: str) -> list[str]:
        """The cells of a row as `Record.raw` has it, as many as the header has.

        A row that cannot be taken apart is cut at every delimiter, so that nothing of it is lost.
        """
        width = len(self.header)
        if self._whole.fullmatch(raw) and len(cells := self._split(raw)) == width:
            return cells
        cells = raw.split(self.delimiter, width - 1)
        return [*cells, *[""] * (width - len(cells))]

    def _check_header(self) -> None:
        if self._first >= len(self._lines):
            self.problems.append(Problem("", "The file is empty."))
            return
        names = [name for name in self.columns if name]
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            self.problems.append(Problem(name, f"The header has the column “{name}” more than once."))
        missing = [column.name for column in IMPORT.columns if column.required and column.name not in names]
        if missing:
            self.problems.append(
                Problem("", f"The header lacks: {', '.join(missing)}. The first line must name the columns.")
            )
        for name in names:
            if not known(name):
                alike = get_close_matches(name, IMPORT.names, 1)
                hint = f" Did you mean {alike[0]}?" if alike else " Take it out or rename it."
                self.problems.append(Problem("", f"“{shorten(name)}” is not a column of this table.{hint}"))

    def _decoded_lines(self, content: bytes) -> list[str]:
        """The lines without their ends; bytes that are not UTF-8 as lone surrogates, to be told by row."""
        wide = _utf16(content)
        if wide:
            self.problems.append(Problem("", "The file is UTF-16 text. Save it as UTF-8 (“CSV UTF-8”)."))
            text = content.decode(wide, "replace")
        else:
            text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
        text = text.removeprefix("\ufeff")
        lines = text.split("\n") if "\n" in text else text.split("\r")
        return [line.removesuffix("\r") for line in lines]

    def _readable(self, text: str) -> str:
        """The row for the file of rejected rows: NUL as its sign, stray bytes by the guess or as \\xNN."""
        if not text.isascii() and not _encodable(text):
            encoding = self._guess or "utf-8"
            text = text.encode("utf-8", "surrogateescape").decode(encoding, "backslashreplace")
        return text.replace("\0", "\u2400")

    @cached_property
    def _guess(self) -> str:
        """The encoding that the file seems to have; "" where most of it is UTF-8 after all."""
        odd = [line for line in self._lines if not line.isascii()]
        if sum(map(_encodable, odd)) * 2 > len(odd):
            return ""
        sample = "\n".join(odd)[:100_000].encode("utf-8", "surrogateescape")
        # Windows-1254 is 1252 with six Turkish letters for Icelandic ones.
        best = from_bytes(sample, cp_isolation=["cp1251", "cp1254", "cp1256"]).best()
        return best.encoding if best else ""

    @property
    def _guess_note(self) -> str:
        return f" (it looks like {self._guess.replace('cp', 'Windows-')})" if self._guess else ""


def read(content: bytes) -> Iterator[Record]:
    """The records of a file, each with what is wrong about its form."""
    return iter(Table(content))


def known(name: str) -> bool:
    return name in IMPORT.by_name or name in IGNORED or SIDE_COLUMN.fullmatch(name) is not None


def shorten(value: str, length: int = 40) -> str:
    """A value as it can be shown in a sentence."""
    value = " ".join(value[: 4 * length].split())
    return value if len(value) <= length else f"{value[:length]}…"


def _names(head: str, delimiter: str) -> list[str]:
    return [cell.strip(' "\t').lower() for cell in head.split(delimiter)]


def _clean(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_START) else cell


def _closes(line: str) -> bool:
    """Whether a quote that is open at the start of the line closes on it, by a quote that is not doubled."""
    return '"' in line and '"' in line.replace('""', "")


def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    """One cell with the delimiter before it: group 1 what stands between quotes, group 2 a bare cell."""
    return re.compile(f'{delimiter}(?:"([^"]*+(?:""[^"]*+)*+)"|([^"{delimiter}]*+))')


def _record_patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A whole record, and one whose last cell is quoted and still open."""
    cell = f'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{delimiter}]*+)'
    whole = re.compile(f"{cell}(?:{delimiter}{cell})*+")
    still_open = re.compile(f'(?:{cell}{delimiter})*+"[^"]*+(?:""[^"]*+)*+')
    return whole, still_open


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _utf16(content: bytes) -> str:
    """The UTF-16 variant of the bytes by their mark, or by every other one being NUL; "" for none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = content[:200]
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[offset::2]
        if len(half) > 4 and half.count(0) > 0.8 * len(half):
            return name
    return ""
