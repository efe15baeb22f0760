"""Text that does not read like language is set apart and told, whatever damaged it; text that does is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sovereign.language.legibility import legible, legible_title
from sovereign.model import Block, BlockKind, Document, Form, Section
from sovereign.model.paper import Role
from sovereign.steps.read import cut

GOOD = (
    "We measure how long readers take to find a claim in a paper and where they look first. The readers found the claim in half of "
    "the time that they needed without a guide, and the effect holds for readers of every age that we asked."
)
FOREIGN = "Мы измеряем, сколько времени нужно читателю, чтобы найти утверждение в статье, и куда он смотрит сначала."


def document(*paragraphs: str, form: Form = Form.PDF) -> Document:
    """Give a document of these paragraphs."""
    text, blocks = "", []
    for paragraph in paragraphs:
        start = len(text) + (2 if text else 0)
        text = f"{text}\n\n{paragraph}" if text else paragraph
        blocks.append(Block(BlockKind.PROSE, start, len(text)))
    return Document("p", form, text, (Section("Results", Role.RESULTS, 0, len(text)),), tuple(blocks), pages=(0,))


@pytest.mark.parametrize(
    ("damaged", "why"),
    [
        pytest.param("The �� of the �� is ���� and the ��� of � was �� in the first trial.", "does not tell", id="unknown letters"),
        pytest.param(GOOD.replace("e", "Ã©"), "wrong encoding", id="UTF-8 read as Latin-1"),
        pytest.param(FOREIGN.encode("utf-8").decode("cp1252", "replace"), "encoding|does not tell", id="Cyrillic read as cp1252"),
        pytest.param(GOOD.replace(" ", ""), "run together", id="no spaces"),
        pytest.param(FOREIGN, "another script", id="another script"),
        pytest.param(
            GOOD.translate({ord(a): ord(a) + 1 for a in "abcdefghijklmnopqrstuvwxy"}), "known word", id="a font of shifted letters"
        ),
    ],
)
def test_damaged_paragraphs_make_no_claims(damaged: str, why: str) -> None:
    """A damaged paragraph yields no sentence, its words stay where they are, and a Gap says what and where; its neighbours are whole."""
    import re

    read = document(GOOD, damaged, GOOD)
    found = legible(read)

    assert found.text == read.text
    assert [block.kind for block in found.blocks] == [BlockKind.PROSE, BlockKind.FIGURE, BlockKind.PROSE]
    assert len(found.gaps) == 1
    assert re.search(why, found.gaps[0].why)
    assert "page 1" in found.gaps[0].why
    assert all(passage.text in GOOD for passage in cut(found))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GOOD, id="English"),
        pytest.param("Nous mesurons le temps que les lecteurs mettent à trouver une thèse, où qu'ils regardent d'abord.", id="French"),
        pytest.param(FOREIGN, id="Russian"),
        pytest.param("See https://example.org/a/very/long/address/that/goes/on/for/ever.html for the data of all trials.", id="address"),
        pytest.param("The angle α lies between β and γ, Σ α = π and ∂f/∂x ≤ ε for all x ∈ ℝ, as is known.", id="maths"),
    ],
)
def test_readable_text_is_left_alone(text: str) -> None:
    """Any language, addresses and signs of maths raise no alarm."""
    assert legible(document(text)).gaps == ()


def test_a_paper_that_is_hardly_read_is_told() -> None:
    """Where hardly a word of a paper reached its prose, or most pages are empty, a Gap says so."""
    read = document(GOOD)
    table = "\n".join(["1 | 2 | 3"] * 200)
    text = f"{read.text}\n\n{table * 3}"
    whole = Document("p", Form.PDF, text, (), (*read.blocks, Block(BlockKind.TABLE, len(GOOD) + 2, len(text))), pages=(0, 5, 9, 12))
    why = " ".join(gap.why for gap in legible(whole).gaps)

    assert "were read as running text" in why
    assert "3 of its 4 pages" in why


@pytest.mark.parametrize(
    ("title", "body", "is_told"),
    [
        pytest.param("How long readers look", GOOD, True, id="good"),
        pytest.param("XLNet", GOOD, True, id="a name that no abstract has"),
        pytest.param("Zqxwv Kjpt", GOOD, True, id="unknown words in a document of known ones"),
        pytest.param("Wie lange Leser nach Aussagen suchen", "Wir messen, wie lange Leser suchen. " * 9, True, id="German"),
        pytest.param("Сколько времени нужно читателю", FOREIGN, True, id="Cyrillic"),
        pytest.param("�o� �on� �eaders �oo�", GOOD, False, id="unknown letters"),
        pytest.param("\ue04a\ue051\ue059 long", GOOD, False, id="private letters"),
        pytest.param("RÃ©sumÃ© dâ€™une Ã©tude", GOOD, False, id="a wrong encoding"),
    ],
)
def test_a_title_is_told_where_its_letters_are(title: str, body: str, *, is_told: bool) -> None:
    """A title whose letters are not the file's is none, so that the paper goes by its file's name."""
    assert legible_title(replace(document(body), title=title)) == (title if is_told else "")
