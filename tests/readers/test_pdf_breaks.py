"""PDFs written for these tests: what stands between the lines of a sentence, and rows of a table that stretches over two columns."""

from __future__ import annotations

import pytest

from sovereign.model import BlockKind
from tests.readers.pdf_writer import Odd, Sheet
from tests.readers.test_pdf_pages import blocks, read

LEFT = [
    "The boats were put on the pond one by one and",
    "watched from the shore by two observers, who",
    "did not know which of them was waxed and which",
    "was dry, so that nobody could be led by hopes.",
]
OPEN = "Boats of wax stayed afloat for a time which is"
REST = "longer than that of all the dry ones together."


def two_columns(left: list[str], right: list[str], *, top: float = 600) -> Sheet:
    """Give a page of two columns."""
    return Sheet().column(54, top, left).column(320, top, right)


@pytest.mark.parametrize("caption_first", [False, True], ids=["caption below", "caption above"])
def test_words_in_a_figure_break_no_sentence(caption_first: bool) -> None:
    """Labels in other letters than the text's are a figure's, whether they look like headings or like the end of a sentence."""
    labels = ["Data Preparation", "Free claim Not Enough", "Supported claim", "The human verifier and"]
    figure = Sheet()
    for index, label in enumerate(labels):
        figure.text(90 + 110 * (index % 2), 740 - 14 * index, label, size=8, odd=True)
    figure.text(
        54, 758 if caption_first else 676, "Figure 2: How the claims about the boats were collected and told apart, one after the other."
    )
    figure.column(54, 600, [REST, *LEFT * 5]).column(320, 600, LEFT * 5)
    document = read(two_columns(LEFT * 8, [*LEFT * 7, OPEN]), figure, odd=Odd("Arial"))

    assert any(f"{OPEN} {REST}" in text for text in blocks(document))
    assert not any(label in text for text in [*blocks(document), *blocks(document, BlockKind.HEADING)] for label in labels)


def test_a_note_in_bold_at_the_foot_is_no_heading() -> None:
    """What stands in small letters at the foot of a column belongs to the notes, and the sentence goes on in the next column."""
    sheet = two_columns([*LEFT * 8, OPEN], [REST, *LEFT * 8])
    sheet.text(54, 150, "To appear in the proceedings on boats", size=8, bold=True)
    document = read(sheet)

    assert any(f"{OPEN} {REST}" in text for text in blocks(document))
    assert blocks(document, BlockKind.HEADING) == []


def test_an_address_too_long_for_its_column_stays_in_it() -> None:
    """The address of a note that reaches into the next column parts none of the sentences there."""
    sheet = two_columns(LEFT * 8, [*LEFT * 9, OPEN, REST, *LEFT])
    sheet.text(54, 156, "1 All the logs of the boats are kept at:", size=8)
    sheet.text(54, 146, "https://example.org/boats-that-were-waxed/and-others-that-were-dry/logs-of-all", size=8)
    document = read(sheet)

    assert any(f"{OPEN} {REST}" in text for text in blocks(document))
    assert "example.org" in "".join(blocks(document, BlockKind.FOOTNOTE))


def test_a_figure_names_itself_in_bigger_letters() -> None:
    """A caption is one whatever the size of its letters is: no section begins with it."""
    sheet = Sheet().text(54, 640, "Table 1: How long the boats float", size=12).column(54, 600, LEFT * 6)
    document = read(sheet)

    assert blocks(document, BlockKind.CAPTION) == ["Table 1: How long the boats float"]
    assert blocks(document, BlockKind.HEADING) == []


def test_a_sentence_counts_from_nought() -> None:
    """A number at a line's start that goes on with a sentence begins no list."""
    sheet = (
        Sheet()
        .text(64, 612, "All boats are put on the pond at the same time")
        .column(54, 600, ["0. Each of them is then watched from the shore.", *LEFT])
    )
    document = read(sheet)

    assert blocks(document)[0].startswith("All boats are put on the pond at the same time 0. Each of them")


@pytest.mark.parametrize("above", [True, False], ids=["caption above", "caption below"])
def test_rows_over_two_columns_are_whole(above: bool) -> None:
    """Each row of a wide table keeps its label and its numbers, where some of its cells cross the gutter and others do not."""
    sheet = two_columns(LEFT * 8, LEFT * 8, top=560)
    top = 740 if above else 700
    caption = "Table 4: Minutes afloat of all the boats that were put on the pond, by how and by whom they were waxed."
    sheet.text(54, top + 24 if above else 590, caption)
    rows = [
        ("Boats", "", "Waxed", "Dry"),
        ("Small", "made of paper that is thin and folded twice (Quill, 1999)", "41.5", "12.1"),
        ("Middle", "made of paper", "44.0", "13.6"),
        ("Large", "of card", "47.25", "14.9"),
        ("Largest", "made of a card that was cut before it was folded", "52.75", "15.5"),
    ]
    for index, (label, how, waxed, dry) in enumerate(rows):
        for x, words in ((60, label), (110, how), (380, waxed), (440, dry)):
            if words:
                sheet.text(x, top - 12 * index, words, size=8)
    document = read(sheet)

    table = "\n".join(blocks(document, BlockKind.TABLE))
    for label, how, waxed, dry in rows[1:]:
        assert f"{label} | {how} | {waxed} | {dry}" in table
    assert " ".join(blocks(document)) == " ".join(LEFT * 16)


def test_numbers_of_lines_go_on_beside_a_figure() -> None:
    """A page with few lines of text goes on counting where the page before it stopped, and the page after it too."""
    sheets, number = [], 1
    for count in (40, 4, 3, 40):
        sheet = Sheet()
        for index in range(count):
            sheet.text(54, 700 - 14 * index, str(number)).text(76, 700 - 14 * index, LEFT[index % 4])
            number += 1
        sheets.append(sheet.text(54, 90, "5").text(200, 90, "50 minutes"))
    document = read(*sheets)

    assert " ".join(LEFT * 2) in " ".join(blocks(document))
    assert not any(character.isdigit() for text in blocks(document) for character in text if "50 minutes" not in text)
