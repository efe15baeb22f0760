"""PDFs written for these tests: labels beside several rows, in one line or in several, and tables that stand side by side."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from sovereign.model import BlockKind, Document
from sovereign.readers.pdf import read_pdf
from sovereign.steps.read import rows
from tests.readers.pdf_writer import Sheet, pdf

PROSE = [
    "The boats were weighed and put to sea on the pond, and the time was taken by two people,",
    "who did not speak to each other before all of it was over and the last of the boats was in.",
] * 4
COLUMNS = (150, 230, 290, 350)


def sheet() -> Sheet:
    """Give a page that begins with prose."""
    return Sheet().column(60, 740, PROSE)


def read(page: Sheet) -> Document:
    """Read a PDF of this page with prose at its foot."""
    return read_pdf("p", {PurePosixPath("p.pdf"): pdf([page.column(60, 300, PROSE)])})


def grid(page: Sheet, top: float, cells: list[list[str]], steps: dict[int, float] | None = None) -> Sheet:
    """Write rows below each other, 12 points apart or as steps says for the one behind a row."""
    y = top
    for index, row in enumerate(cells):
        for x, cell in zip(COLUMNS, row, strict=False):
            if cell:
                page.text(x, y, cell)
        y -= (steps or {}).get(index, 12)
    return page


def told(document: Document) -> list[str]:
    """Give captions and rows in their order."""
    return [
        line
        for block in document.blocks
        if block.kind in {BlockKind.TABLE, BlockKind.CAPTION}
        for line in document.text[block.start : block.end].split("\n")
    ]


def test_a_label_is_that_of_all_rows_of_its_group() -> None:
    """Said beside the first of several rows, it stands in each; a sum under a wider space has none."""
    page = grid(
        sheet().text(60, 580, "Table 1: Minutes afloat.").text(60, 544, "Reed").text(60, 490, "Paper"),
        562,
        [
            *(["Coat", "Dawn", "Noon"], ["wax", "4.5", "5.5"], ["tallow", "6.5", "7.5"], ["tar", "8.5", "9.5"]),
            *(["wax", "2.5", "3.5"], ["tallow", "1.5", "0.5"], ["", "30.0", "31.0"]),
        ],
        {0: 18, 3: 30, 5: 18},
    )

    assert [passage.text for passage in rows(read(page))] == [
        "| Coat | Dawn | Noon",
        "Reed | wax | 4.5 | 5.5",
        "Reed | tallow | 6.5 | 7.5",
        "Reed | tar | 8.5 | 9.5",
        "Paper | wax | 2.5 | 3.5",
        "Paper | tallow | 1.5 | 0.5",
        "| | 30.0 | 31.0",
    ]


def test_a_label_in_several_lines_is_one() -> None:
    """Lines centred on each other beside the middle of their rows are one label, and stand in each row of the group."""
    page = sheet().text(60, 580, "Table 1: Minutes afloat.")
    page.text(60, 532, "Boats of reed").text(76, 520, "(dry)").text(60, 472, "Paper boats").text(72, 460, "(wet)")
    body = [["wax", "4.5", "5.5"], ["tallow", "6.5", "7.5"], ["tar", "8.5", "9.5"], ["none", "1.5", "2.5"]]
    grid(page, 562, [["Coat", "Dawn", "Noon"], *body, *body], {0: 18, 4: 24})

    assert [passage.text for passage in rows(read(page))][1:] == [
        *(f"Boats of reed (dry) | {' | '.join(row)}" for row in body),
        *(f"Paper boats (wet) | {' | '.join(row)}" for row in body),
    ]


def test_figures_between_two_labels_are_those_of_both() -> None:
    """What is the same for two rows stands between them, and in each."""
    page = sheet().text(60, 580, "Table 1: Minutes afloat.")
    for y, label in ((550, "Reed"), (538, "Paper"), (526, "Tin"), (514, "Cork")):
        page.text(60, y, label)
    grid(page, 562, [["Dawn", "Noon"], ["4.5", "5.5"], ["6.5", "7.5"], ["8.5", "9.5"]], {1: 18, 2: 18})

    assert [passage.text for passage in rows(read(page))][-4:] == [
        "Reed | 4.5 | 5.5",
        "Paper | 6.5 | 7.5",
        "Tin | 6.5 | 7.5",
        "Cork | 8.5 | 9.5",
    ]


def test_rows_close_below_a_caption_are_the_table_s() -> None:
    """The head and the first row of a table are no part of the caption, however closely they follow it."""
    page = sheet().column(
        60, 580, ["Table 1: Minutes afloat of all of the boats on the pond, on two days of", "the year and in two seasons."]
    )
    grid(page, 556, [["Boat", "Wax", "Dry"], ["Reed", "4.5", "5.5"], ["Paper", "6.5", "7.5"], ["Tin", "8.5", "9.5"]])

    assert told(read(page)) == [
        "Table 1: Minutes afloat of all of the boats on the pond, on two days of the year and in two seasons.",
        *("Boat | Wax | Dry", "Reed | 4.5 | 5.5", "Paper | 6.5 | 7.5", "Tin | 8.5 | 9.5"),
    ]


def test_numbers_along_an_axis_are_no_table() -> None:
    """Numbers without a word beside them are a figure's."""
    page = sheet().text(60, 520, "Figure 1: Minutes afloat by weight.")
    for index in range(6):
        page.text(80 + 60 * index, 540, str(20 * index), size=7)

    assert not rows(read(page))


def test_the_words_of_a_figure_below_a_table_are_no_rows() -> None:
    """What stands over an axis in a figure's letters is a figure's; a table that counts its columns is a table."""
    page = sheet().text(60, 600, "Table 1: Minutes afloat.")
    grid(page, 582, [["Boat", "Wax", "Dry"], ["Reed", "4.5", "5.5"], ["Paper", "6.5", "7.5"], ["Tin", "8.5", "9.5"]])
    for y, words in ((534, ("reed", "paper")), (522, ("0.5", "0.7")), (510, ("0.4", "0.6"))):
        for index, word in enumerate(words):
            page.text(80 + 120 * index, y, word, size=6)
    for index in range(8):
        page.text(80 + 40 * index, 498, str(10 * (index % 4)), size=6)
    found = [passage.text for passage in rows(read(page))]
    counted = grid(sheet().text(60, 580, "Table 1: Minutes afloat."), 562, [["", "1", "2", "3"], ["Reed", "4.5", "5.5", "6.5"]])

    assert found == ["Boat | Wax | Dry", "Reed | 4.5 | 5.5", "Paper | 6.5 | 7.5", "Tin | 8.5 | 9.5"]
    assert [passage.text for passage in rows(read(counted))] == ["| 1 | 2 | 3", "Reed | 4.5 | 5.5 | 6.5"]


LEFT = [["Boat", "Wax", "Dry"], ["Reed", "40.5", "12.5"], ["Paper", "19.5", "8.5"], ["Tin", "17.5", "3.5"], ["Cork", "27.5", "4.5"]]
RIGHT = [["Raft", "Wax", "Dry"], ["Oak", "60.5", "22.5"], ["Fir", "29.5", "18.5"], ["Elm", "27.5", "13.5"], ["Ash", "21.5", "13.0"]]


@pytest.mark.parametrize(("lower", "captions"), [(0, True), (5, True), (5, False)])
def test_tables_side_by_side_are_two(lower: int, captions: bool) -> None:
    """Each row has its own table's label; two captions tell, or rows that stand at heights of their own."""
    page = sheet()
    if captions:
        page.text(60, 620, "Table 1: Minutes in May.").text(330, 620, "Table 2: Minutes in June.")
    for x, drop, table in ((60, 0, LEFT), (330, lower, RIGHT)):
        for index, row in enumerate(table):
            for column, cell in enumerate(row):
                page.text(x + 70 * column, 600 - 12 * index - drop, cell)
    found = told(read(page))
    left, right = ([" | ".join(row) for row in table] for table in (LEFT, RIGHT))

    assert [line for line in found if "|" in line] == [*left, *right]
    if captions:
        assert found[: len(left) + 1] == ["Table 1: Minutes in May.", *left]
        assert "Table 2: Minutes in June." in {found[len(left) + 1], found[-1]}


def test_a_head_that_begins_over_again_begins_another_table() -> None:
    """Two tables of which both heads begin with one name are two, where nothing else tells."""
    page = sheet()
    for index, (left, right) in enumerate(zip(LEFT, [["Boat", "Tar", "Oil"], *RIGHT[1:]], strict=True)):
        for x, row in ((60, left), (330, right)):
            for column, cell in enumerate(row):
                page.text(x + 70 * column, 600 - 12 * index, cell)

    assert [passage.text for passage in rows(read(page))][4:7] == ["Cork | 27.5 | 4.5", "Boat | Tar | Oil", "Oak | 60.5 | 22.5"]


def test_two_labels_below_one_name_are_two_columns() -> None:
    """A head that names two columns of labels in one does not make them one, nor part what stands below it otherwise."""
    page = grid(sheet().text(60, 600, "Table 1: Minutes afloat."), 582, [["From", "", "", ""]])
    page.text(80, 582, "Change").text(290, 582, "Wax").text(350, 582, "Dry")
    for y, row in ((570, ("reed", "tin", "4.5", "5.5")), (558, ("tin", "reed", "6.5", "7.5")), (546, ("cork", "tin", "8.5", "9.5"))):
        for x, cell in zip((80, 150, 290, 350), row, strict=True):
            page.text(x, y, cell)

    assert [passage.text for passage in rows(read(page))][1:] == [
        *("reed | tin | 4.5 | 5.5", "tin | reed | 6.5 | 7.5", "cork | tin | 8.5 | 9.5"),
    ]


def test_a_table_that_goes_on_beside_itself_is_one() -> None:
    """Where the head names the same columns over again, the rows go on below each other."""
    page = sheet().text(60, 580, "Table 1: Minutes afloat.")
    table = [["Boat", "Wax", "Boat", "Wax"], ["Reed", "4.5", "Oak", "5.5"], ["Tin", "6.5", "Elm", "7.5"], ["Cork", "8.5", "Ash", "9.5"]]

    assert [p.text for p in rows(read(grid(page, 562, table)))] == [
        "Boat | Wax",
        *("Reed | 4.5", "Tin | 6.5", "Cork | 8.5", "Oak | 5.5", "Elm | 7.5", "Ash | 9.5"),
    ]


@pytest.mark.parametrize("again", [True, False])
def test_a_table_that_a_page_cuts_is_one(again: bool) -> None:
    """Its rows keep their head and their label, on whichever page they stand; a head that is printed again is read once."""
    head = ["Boat", "Coat", "Wax", "Dry"]
    first = grid(sheet().text(60, 580, "Table 1: Minutes afloat."), 562, [head, ["Reed", "old", "4.5", "5.5"], ["", "new", "6.5", "7.5"]])
    rest = [["", "none", "8.5", "9.5"], ["Tin", "old", "2.5", "3.5"], ["", "new", "1.5", "0.5"]]
    second = grid(Sheet(), 740, [*([head] if again else []), *rest]).column(60, 640, PROSE)
    document = read_pdf("p", {PurePosixPath("p.pdf"): pdf([first, second])})
    found = rows(document)

    assert [(passage.page, passage.text) for passage in found] == [
        (1, "Boat | Coat | Wax | Dry"),
        (1, "Reed | old | 4.5 | 5.5"),
        (1, "Reed | new | 6.5 | 7.5"),
        (2, "Reed | none | 8.5 | 9.5"),
        (2, "Tin | old | 2.5 | 3.5"),
        (2, "Tin | new | 1.5 | 0.5"),
    ]
    assert document.page_at(document.text.index("The boats", document.text.index("Tin | new"))) == 2
