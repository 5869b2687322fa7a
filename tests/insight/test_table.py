"""How a table is written on pages and in files."""

from __future__ import annotations

from datetime import date

from patrols.insight.table import Column, Kind, Table


def test_a_file_has_raw_values_and_unknown_is_empty():
    table = Table(
        columns=[
            Column("name", "Programme"),
            Column("label", "Only on pages", in_file=False),
            Column("patrols", "Patrols", Kind.COUNT),
            Column("share", "Share", Kind.SHARE),
            Column("day", "Day", Kind.DAY),
        ],
        rows=[("Türkiye, “north”", "x", 1200, 1 / 3, date(2020, 1, 2)), ("=1+1", "y", 0, None, None)],
    )

    assert table.as_csv() == (
        'name,patrols,share,day\r\n"Türkiye, “north”",1200,0.333333,2020-01-02\r\n\'=1+1,0,,\r\n'
    )


def test_a_page_rounds_and_leaves_unknown_empty():
    assert Column("n", "N", Kind.COUNT).shown(1200) == "1,200"
    assert Column("n", "N", Kind.NUMBER).shown(22.4947) == "22.5"
    assert Column("n", "N", Kind.NUMBER).shown(9.96) == "10"
    assert Column("n", "N", Kind.NUMBER).shown(1109.6) == "1,110"
    assert Column("n", "N", Kind.SHARE).shown(0.859) == "86 %"
    assert Column("n", "N", Kind.DAY).shown(date(2020, 1, 2)) == "2 Jan 2020"
    assert Column("n", "N", Kind.NUMBER).shown(None) == ""
    assert Column("n", "N", Kind.NUMBER).shown(0) == "0"


def test_a_page_leaves_out_columns_that_are_for_files():
    table = Table(columns=[Column("slug", "Slug", in_page=False), Column("name", "Name")], rows=[("a", "A")])

    assert [[text for _column, text in row] for row in table.page_rows(10)] == [["A"]]
    assert [column.label for column in table.page_columns] == ["Name"]
