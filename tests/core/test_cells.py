"""Claims about a table's row: what is heard with it, whether it says what the cells say; figures that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sovereign.language.cells import says_the_cells, torn_apart
from sovereign.language.surroundings import beside, compared, names_columns, setting
from sovereign.model import Block, BlockKind, Claim, Document, Form, Origin, Passage, Role, Section
from sovereign.steps.read import rows

HEAD = ("Boat", "Wax", "Tallow", "Bare")
ROWS = (("Reed", "41.5", "38.0", "12.25"), ("Paper (plain)", "35.2", "31.9", "4.75"))
CAPTION = "Table 2: Mean floating time in minutes, still basin."


@pytest.mark.parametrize(
    "claim",
    [
        "The mean floating time of the reed boat in the still basin is 41.5 minutes with wax and 12.25 minutes bare.",
        "With wax, the mean floating time is 41.5 for reed, against 35.2 for paper.",
        "Reed with tallow reaches a floating time of 38.0 minutes.",
    ],
)
def test_a_claim_that_says_what_the_cells_say(claim: str) -> None:
    """The column and the row are named beside each figure, or once for all; nothing else is said."""
    assert says_the_cells(claim, HEAD, ROWS, f"{CAPTION} Results")


@pytest.mark.parametrize(
    "claim",
    [
        "Reed with tallow reaches a floating time of 41.5 minutes.",  # another column
        "Paper with tallow reaches a floating time of 38.0 minutes.",  # another row
        "Reed reaches a floating time of 38.0 minutes.",  # no column
        "Reed with tallow sinks within 38.0 minutes.",  # another verb
        "Reed with tallow never reaches a floating time of 38.0 minutes.",
        "Every reed boat with tallow reaches a floating time of 38.0 minutes.",
        "With wax, the floating time is 35.2 for reed, against 41.5 for paper.",  # turned round
        "Reed with tallow reaches a long floating time.",  # no figure
    ],
)
def test_a_claim_that_says_more_or_else(claim: str) -> None:
    """A comparison, a denial, a word for all, another cell: none is borne out by cells."""
    assert not says_the_cells(claim, HEAD, ROWS, CAPTION)


@pytest.mark.parametrize(
    ("claim", "text", "torn"),
    [
        ("better on 17/14 sets", "better on 14/18 and 17/18 sets", "17/14"),
        ("a loss of 70-5 points", "a loss of 3-5 points", "70-5"),
        ("a loss of 3–5 points", "a loss of 3 to 5 points", ""),
        ("17/18 boats", "17 of the 18 boats", ""),
        ("at 69.9/86.3 and 55.0/70.9", "in top-20 accuracy (69.9/86.3 vs. 75.0/89.1), above (55.0/70.9)", ""),
        ("at 69.9/8", "in top-20 accuracy (69.9/86.3)", "69.9/8"),
        ("wax and tallow gave 31.8% and 14.4%", "wax and tallow gave 14.4% and 31.8%", "31.8% and 14.4"),
        ("tallow and wax gave 31.8% and 14.4%", "wax and tallow gave 14.4% and 31.8%", ""),
        ("from 3 to 8 minutes", "between 3 and 8 minutes, then 8 and 3", ""),
        ("boats of 2019 and 2020", "boats of 2021", ""),
    ],
)
def test_figures_that_belong_together(claim: str, text: str, torn: str) -> None:
    """A fraction or a range stands as it is, or in words in its order; of "x and y" only the reverse counts, the names not turned."""
    assert torn_apart(claim, text) == torn


def shelf(*lines: str, caption: str = CAPTION, below: bool = True) -> Document:
    """Give a document of one table with its caption above or below, after a paragraph."""
    table, prose = "\n".join(lines), "The boats were weighed. They were put to sea. Then we waited."
    parts = [(BlockKind.PROSE, prose), (BlockKind.TABLE, table), (BlockKind.CAPTION, caption)]
    if not below:
        parts[1:] = parts[:0:-1]
    text, blocks = "", []
    for kind, part in parts:
        start = len(text) + 2 * bool(text)
        text += "\n\n" * bool(text) + part
        blocks.append(Block(kind, start, len(text)))
    return Document("p", Form.PDF, text, (Section("Results", Role.RESULTS, 0, len(text)),), tuple(blocks))


@pytest.mark.parametrize("below", [True, False])
def test_a_row_is_quoted_with_its_columns_and_caption(below: bool) -> None:
    """The names of its columns stand before a row, the caption behind, both verbatim."""
    document = shelf("Boat | Wax | Tallow", "Reed | 41.5 | 38.0", "In the pond", "Paper | 35.2 | 31.9", below=below)
    last = rows(document)[-1]

    assert beside(last, document) == ("Boat | Wax | Tallow\nIn the pond", CAPTION)
    assert beside(rows(document)[0], document)[0] == ""


def test_a_row_is_heard_as_words() -> None:
    """Each cell with its column's name, empty cells left out, under the caption."""
    document = shelf("Boat | Wax | Tallow | None", "Reed | 41.5 | | 12.25")
    quote = rows(document)[-1]
    before, after = beside(quote, document)
    stands = setting(Claim("Reed floats.", quote, document.sha256, Origin.MODEL, before=before, after=after))

    assert stands.windows[0] == quote.text
    assert stands.windows[1] == "Reed: Wax 41.5; None 12.25."
    assert stands.windows[2] == f"{CAPTION} Reed: Wax 41.5; None 12.25."
    assert stands.sentences == ("| Wax | Tallow | None", "Reed | 41.5 |  | 12.25")


def test_a_long_heading_is_left_out_and_a_long_caption_is_shortened() -> None:
    """What goes with a quote stays short: whole rows and whole sentences only."""
    document = shelf(f"Boat | {'Wax ' * 120}", "Boat | Wax", "Reed | 41.5", caption=f"{CAPTION} {'It was windy that day. ' * 40}")
    before, after = beside(rows(document)[-1], document)

    assert before == "Boat | Wax"
    assert after.startswith(CAPTION)
    assert len(after) <= 400
    assert after.endswith("day.")


@pytest.mark.parametrize(
    ("row", "is_head"),
    [
        ("Boat | Wax | Tallow", True),
        ("Boat | 2018 | 2019", True),
        ("| Top-20 | F1", True),
        ("ID | name | CID | 2D | SMILES | energy", True),
        ("1 | boat | 405 | | CC | -5.99", False),
        ("Reed | 41.5 | 38.0", False),
        ("Reed | - 27.9% | tallow", False),
        ("Reed | 41.5 (0.3) | (12)", False),
        ("Boat | odds | 95% CI | (95 % confidence interval)", True),
        ("Reed", False),
        ("Reed | ", False),
    ],
)
def test_rows_that_name_columns(row: str, is_head: bool) -> None:
    """No cell behind the label is a figure; years and names with digits are none."""
    assert names_columns(row) is is_head


@pytest.mark.parametrize(
    ("lines", "before"),
    [
        pytest.param(("| 50% | 95%", "Reed | 4.5 | 5.5"), "| 50% | 95%", id="figures over no label"),
        pytest.param(("Day | 1 | 2 | 3", "Reed | 4.5 | 5.5 | 6"), "Day | 1 | 2 | 3", id="counted columns"),
        pytest.param(("Boat | Minutes by day", "| 1 | 2", "Reed | 4 | 5"), "Boat | Minutes by day\n| 1 | 2", id="counted below a head"),
        pytest.param(("Minutes afloat", "Boat | Wax", "Reed | 4"), "Minutes afloat\nBoat | Wax", id="a line over the head"),
        pytest.param(("Boat | Wax", "Wet | ", "Reed | 4", "Dry | ", "Reed | 5"), "Boat | Wax\nDry", id="parts from the first row on"),
        pytest.param(("Boat | Wax", "Tin | 3", "Wet | ", "Reed | 4"), "Boat | Wax", id="a label without figures that parts nothing"),
        pytest.param(("Boat | Wax", "Tin | 3", "Wet | ", "- Reed | 4"), "Boat | Wax\nWet", id="a dash below a label"),
        pytest.param(("Boat | Wax", "| 2.5 | 4.25", "Reed | 4"), "Boat | Wax", id="figures below a head"),
        pytest.param(("Reed | 4 | 6", "Tin | 3 | 5"), "", id="no head"),
        pytest.param(("We went there with boats and with", "wax and all that one needs for it", "and more", "Tin | 3"), "", id="prose"),
    ],
)
def test_what_names_the_columns(lines: tuple[str, ...], before: str) -> None:
    """A head of figures, of several rows, below a line across the table; and the part of the table that a row is in."""
    document = shelf(*lines)

    assert beside(rows(document)[-1], document)[0] == before


def test_columns_of_one_name_are_told_apart() -> None:
    """What stands over two columns of one name is said with it; names that are one column's alone stay as they are."""
    document = shelf("| Wet | | Dry | ", "Boat | Mean | N | Mean | Max", "Reed | 41.5 | 7 | 38.0 | 40.5")
    quote = rows(document)[-1]
    before, after = beside(quote, document)
    stands = setting(Claim("Reed floats.", quote, document.sha256, Origin.MODEL, before=before, after=after))

    assert stands.head == ("Boat", "Wet Mean", "N", "Dry Mean", "Max")
    assert stands.windows[1] == "Reed: Wet Mean 41.5; N 7; Dry Mean 38.0; Max 40.5."


@pytest.mark.parametrize(
    ("head", "row", "told"),
    [
        ("No. | Boat | Wax", "(3) | reed | 41.5", "reed: No. (3); Wax 41.5."),
        ("Coats | Days | Boat | Wax", "2 | 4 | reed | 41.5", "reed: Coats 2; Days 4; Wax 41.5."),
        ("Coats | Wax | Dry", "2 | 4.5 | 5.5", "2: Wax 4.5; Dry 5.5."),
        ("Year | Wind | Wax", "2019 | strong | 41.5", "2019: Wind strong; Wax 41.5."),
    ],
)
def test_the_label_stands_behind_a_number(head: str, row: str, told: str) -> None:
    """Where the first column counts the rows, the words beside it are the label."""
    document = shelf(head, row)
    quote = rows(document)[-1]
    before, after = beside(quote, document)

    assert setting(Claim("x", quote, document.sha256, Origin.MODEL, before=before, after=after)).windows[1] == told


def test_a_claim_of_a_row_is_compared_with_its_cells() -> None:
    """The claim that says the cells stands there; one that hands a figure to another column is vetoed or at least not borne out."""
    document = shelf("Boat | Wax | Tallow", "Reed | 41.5 | 38.0")
    quote: Passage = rows(document)[-1]
    before, after = beside(quote, document)

    def found(text: str) -> Sequence[bool]:
        comparison = compared(Claim(text, quote, document.sha256, Origin.MODEL, before=before, after=after))[1]
        return comparison.is_borne_out, comparison.is_veto

    assert found("The mean floating time of reed is 41.5 minutes with wax and 38.0 minutes with tallow.") == (True, False)
    assert found("The mean floating time of reed is 38.0 minutes with wax and 41.5 minutes with tallow.")[0] is False
    bare = replace(quote, kind=BlockKind.PROSE)
    assert setting(Claim("x", bare, document.sha256, Origin.MODEL)).rows == ()
