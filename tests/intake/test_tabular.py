"""Reading files: whatever one row has wrong, the rows around it come in, and every row is told once."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patrols.intake.tabular import Record, Table, read
from tests.intake.files import HEADER, as_csv, row, rows


def good(content: bytes) -> list[Record]:
    return [record for record in read(content) if not record.problems]


def bad(content: bytes) -> list[Record]:
    return [record for record in read(content) if record.problems]


def ids(records: list[Record]) -> list[str]:
    return [record.cells["row"] for record in records]


def lines(*texts: str) -> bytes:
    return "\n".join((HEADER, *texts)).encode()


def line(number: int) -> str:
    return as_csv(row(number), newline="\n").decode().splitlines()[1]


def problem(record: Record) -> str:
    return " ".join(one.text for one in record.problems)


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [True, False])
def test_comma_or_semicolon_any_newline_with_or_without_mark(delimiter: str, newline: str, bom: bool) -> None:
    waypoints = "Alpha;Bravo;Дельта"
    content = as_csv(row(1, waypoints=waypoints), row(2), delimiter=delimiter, newline=newline, bom=bom)
    records = good(content)
    assert ids(records) == ["t1", "t2"]
    assert records[0].cells["waypoints"] == waypoints


def test_columns_may_stand_in_any_order_and_optional_ones_be_missing() -> None:
    columns = ("source_url", "source_name", "status", "date", "programme")
    [record] = good(as_csv(row(1), columns=columns))
    assert record.cells["programme"] == "north"
    assert set(record.cells) == set(columns)


def test_cells_may_hold_newlines_delimiters_and_doubled_quotes() -> None:
    note = 'first line\nsecond, with "quotes"; and more'
    records = good(as_csv(row(1, note=note), row(2)))
    assert records[0].cells["note"] == note
    assert [record.line for record in records] == [2, 4]


def test_blank_lines_are_no_rows() -> None:
    content = lines(line(1), "", "  ", "," * HEADER.count(","), line(2), "", "")
    assert ids(list(read(content))) == ["t1", "t2"]


class TestBrokenQuotes:
    @pytest.mark.parametrize(
        "broken",
        [
            't9,north,"never closed,2020-01-09',
            "t9,north," + '"never closed' + "," * 31,
            't9,north,in the "middle" of a cell' + "," * 31,
            't9,north,"closed"badly' + "," * 31,
            '"' * 7,
        ],
    )
    def test_a_broken_quote_spoils_its_own_row_only(self, broken: str) -> None:
        content = lines(line(1), broken, line(2), line(3))
        assert ids(good(content)) == ["t1", "t2", "t3"]
        [record] = bad(content)
        assert (record.line, record.raw) == (3, broken)
        assert "quote is broken" in problem(record)

    def test_a_broken_quote_before_a_row_with_quoted_cells(self) -> None:
        quoted = as_csv(row(2, note='says "hello", twice\nover two lines'), newline="\n").decode()
        content = lines(line(1), 't9,north,"open' + "," * 31, quoted.split("\n", 1)[1].rstrip("\n"), line(3))
        assert ids(good(content)) == ["t1", "t2", "t3"]
        assert len(bad(content)) == 1

    def test_two_broken_rows_do_not_swallow_the_good_ones_between(self) -> None:
        width = HEADER.count(",")
        opens = "t8,north," + '"open' + "," * (width - 2)
        closes = "t9,north," + 'shut"' + "," * (width - 2)
        content = lines(opens, line(1), line(2), closes, line(3))
        assert ids(good(content)) == ["t1", "t2", "t3"]
        assert [record.line for record in bad(content)] == [2, 5]

    def test_every_second_row_broken_takes_linear_time(self) -> None:
        broken = "\n".join(f'x,"open {number},,' if number % 2 else line(1) for number in range(20_000))
        started = time.monotonic()
        assert len(list(read(lines(broken)))) == 20_000
        assert time.monotonic() - started < 10


class TestOtherBadRows:
    @pytest.mark.parametrize(("cells", "said"), [(3, "3 cells"), (40, "40 cells")])
    def test_too_few_or_too_many_cells(self, cells: int, said: str) -> None:
        content = lines(line(1), ",".join(["t9"] + ["x"] * (cells - 1)), line(2))
        assert ids(good(content)) == ["t1", "t2"]
        assert said in problem(bad(content)[0])

    def test_a_line_in_another_encoding(self) -> None:
        content = lines(line(1)) + b"\n" + line(9).replace("Alpha", "Дельта").encode("cp1251") + b"\n"
        content += "\n".join(line(number).replace("Alpha", "Дельта") for number in (2, 3)).encode()
        assert ids(good(content)) == ["t1", "t2", "t3"]
        [record] = bad(content)
        assert "not UTF-8" in problem(record)
        assert "\\xc4\\xe5" in record.raw

    @pytest.mark.parametrize(
        ("encoding", "text", "name"),
        [
            ("cp1251", "Совместное патрулирование прошло в районе деревни, сообщил штаб", "Windows-1251"),
            ("cp1254", "Ortak devriye köyün dışında başladı ve öğleden sonra bitti", "Windows-1254"),
        ],
    )
    def test_a_file_in_another_encoding_says_which_and_keeps_its_text(
        self, encoding: str, text: str, name: str
    ) -> None:
        content = as_csv(*(row(number, note=text) for number in range(1, 20))).decode().encode(encoding)
        records = list(read(content))
        assert len(records) == 19
        assert all("not UTF-8" in problem(record) and name in problem(record) for record in records)
        assert text in records[0].raw

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_a_utf_16_file(self, encoding: str) -> None:
        records = list(read(as_csv(*rows(3)).decode().encode(encoding)))
        assert len(records) == 3
        assert all("UTF-16" in problem(record) for record in records)

    def test_nul_and_other_control_characters(self) -> None:
        content = lines(line(1), line(8).replace("Alpha", "Al\0pha"), line(9).replace("Alpha", "Al\x07pha"))
        assert ids(good(content)) == ["t1"]
        assert ["NUL" in problem(record) for record in bad(content)] == [True, False]
        assert all("\0" not in record.raw for record in bad(content))

    def test_ten_megabytes_in_one_cell_are_one_row(self) -> None:
        content = as_csv(row(1), row(9, note="x\n" * 5_000_000), row(2))
        started = time.monotonic()
        assert [record.line for record in read(content)] == [2, 3, 5_000_004]
        assert time.monotonic() - started < 10


class TestHeader:
    def test_a_missing_required_column_is_told_with_every_row(self) -> None:
        records = list(read(as_csv(*rows(3), columns=("row", "programme", "date"))))
        assert len(records) == 3
        assert all("source_name" in problem(record) and "status" in problem(record) for record in records)

    def test_a_column_twice(self) -> None:
        content = f"{HEADER},date\n{line(1)},2020-01-01".encode()
        assert "more than once" in problem(next(read(content)))

    def test_an_unknown_column_is_refused_with_what_was_meant(self) -> None:
        content = as_csv(row(1, personel_total="8"))
        assert "Did you mean personnel_total?" in problem(next(read(content)))

    def test_columns_of_other_parties_the_truth_key_and_problems_are_taken(self) -> None:
        assert len(good(as_csv(row(1, vehicles_us=4, patrol_key="k", problem="x", problem_line=3)))) == 1

    def test_a_column_without_a_name_must_be_empty(self) -> None:
        assert good(f"{HEADER},\n{line(1)},".encode())
        assert "without a name" in problem(next(read(f"{HEADER},\n{line(1)},x".encode())))

    @pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", HEADER.encode()])
    def test_a_file_without_rows(self, content: bytes) -> None:
        assert Table(content).empty
        assert list(read(content)) == []


@given(st.lists(st.lists(st.text(alphabet="ab,\";\n '=-é", max_size=8), min_size=5, max_size=5), max_size=6))
def test_what_a_csv_writer_writes_is_read_as_it_was(cells: list[list[str]]) -> None:
    names = ("programme", "date", "status", "source_name", "source_url")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows(cells)
    # An apostrophe before a formula's sign is taken off; rows without any text are blank lines.
    expected = [[cell.strip().lstrip("'") for cell in one] for one in cells]
    found = [[cell.lstrip("'") for cell in record.cells.values()] for record in read(out.getvalue().encode())]
    assert [one for one in found if any(one)] == [one for one in expected if any(one)]


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reading(content: bytes) -> None:
    for text in (content, HEADER.encode() + b"\n" + content):
        for record in read(text):
            assert record.cells or record.problems


def test_a_broken_row_is_cut_into_as_many_cells_as_the_header_has() -> None:
    table = Table(b"row,date,status\n")
    assert table.cells_of('a,"b,c,d,e') == ["a", '"b', "c,d,e"]
    assert table.cells_of('a,"b') == ["a", '"b', ""]
    assert table.cells_of('a,"b,c",d') == ["a", "b,c", "d"]
