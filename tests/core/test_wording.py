"""Named things, direction and negation: what must not change between a claim and its source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.language.wording import names, turned, unnamed

NAMED = {
    "We use GPT-4 on VQA v2 with ResNeXt-101.": ("GPT-4", "VQA", "v2", "ResNeXt-101"),
    "A 7B model such as Mistral": ("7B",),
    "the IL-6 level and p53": ("IL-6", "p53"),
    "MoE layers and LLMs": ("MoE", "LLMs"),
    "BERT's layers": ("BERT",),
    "Sf1-expressing neurons": ("Sf1",),
    "top-5 accuracy on ImageNet": ("top-5", "ImageNet"),
    "T5 and iPhone": ("T5", "iPhone"),
    "the 2nd of 12-layer state-of-the-art models": (),
    "Self-attention is I think a type II error, e.g. here": (),
    "A plain sentence about boats.": (),
}

SAME_NAMES = (
    ("MoE helps", "a mixture of experts"),
    ("LLMs fail", "large language models fail"),
    ("GPT-4 wins", "gpt4 wins"),
    ("VQAv2", "on VQA v2"),
    ("MoEs", "the MoE layer"),
    ("RNNs", "an RNN"),
    ("a convolutional neural network (CNN); the CNN", "a convolutional neural network"),
    ("NLP", "natural-language processing"),
    ("mixture of experts (MoE) and MoE", "mixture of experts"),
    ("no names", "BERT"),
    ("ResNet-50", "ResNet50"),
    ("F1", "an F1 of 90"),
)
OTHER_NAMES = (
    ("BERT wins", "RoBERTa-free GPT wins", ("BERT",)),
    ("GPT-4 wins", "GPT-3 wins", ("GPT-4",)),
    ("on SQuAD", "on TriviaQA", ("SQuAD",)),
    ("convolution (SQuAD) helps", "convolution (CNN) helps", ("SQuAD",)),
    ("BERT", "RoBERTa", ("BERT",)),
    ("GPT-3", "GPT-3.5", ("GPT-3",)),
    ("IL-6 rises", "IL-10 rises", ("IL-6",)),
    ("a 7B model", "a 13B model", ("7B",)),
    ("top-5 accuracy", "top-1 accuracy", ("top-5",)),
)
TURNED = (
    ("Wax increases floating time.", "Wax decreases floating time."),
    ("Wax is not useful for boats.", "Wax is useful for boats."),
    ("A outperforms the baseline.", "A underperforms the baseline."),
    ("Accuracy is higher with wax.", "Accuracy is lower with wax."),
    ("Boats with wax float.", "Boats without wax float."),
    ("The model is sensitive to noise.", "The model is insensitive to noise."),
    ("Wax doesn't improve floating time.", "Wax improves floating time."),
    ("Wax improves stability.", "Wax degrades stability."),
    ("A is better than B.", "A is worse than B."),
    ("Training is faster here.", "Training is slower here."),
    ("Drug X inhibits growth.", "Drug X promotes growth."),
    ("Loss rises with depth.", "Loss falls with depth."),
)
NOT_TURNED = (
    ("Wax increases floating time.", "Wax increases floating time."),
    ("Wax increases floating time.", "Floating time rises with wax."),
    ("Wax is not useful.", "Wax isn't useful."),
    ("Lower loss and higher accuracy.", "Higher accuracy and lower loss."),
    ("Wax lengthens floating time.", "Wax lengthens floating time, not stability of masts."),
    ("No boat sank.", "None of the boats sank."),
)


@pytest.mark.parametrize(("text", "expected"), NAMED.items(), ids=NAMED)
def test_names(text: str, expected: tuple[str, ...]) -> None:
    """Acronyms, models, data sets and genes are names; ordinary words, ordinals and numerals are not."""
    assert names(text) == expected


@pytest.mark.parametrize(("claim", "passage"), SAME_NAMES, ids=[a for a, _ in SAME_NAMES])
def test_another_form_of_a_name(claim: str, passage: str) -> None:
    """Hyphens, case, plural and abbreviation do not make another name."""
    assert unnamed(claim, passage) == ()


@pytest.mark.parametrize(("claim", "passage", "missing"), OTHER_NAMES, ids=[a for a, _, _ in OTHER_NAMES])
def test_another_name(claim: str, passage: str, missing: tuple[str, ...]) -> None:
    """A name that the passage does not have is given back."""
    assert unnamed(claim, passage) == missing


@pytest.mark.parametrize(("claim", "passage"), TURNED, ids=[a for a, _ in TURNED])
def test_turned_round(claim: str, passage: str) -> None:
    """An exchanged antonym, or one negation more or less, in both directions."""
    assert turned(claim, passage)
    assert turned(passage, claim)


@pytest.mark.parametrize(("claim", "passage"), NOT_TURNED, ids=[f"{a} / {b}" for a, b in NOT_TURNED])
def test_not_turned_round(claim: str, passage: str) -> None:
    """The same direction in other words is no turn."""
    assert turned(claim, passage) is None


def test_a_hedge_left_out_overstates() -> None:
    """What may be is not what is; the other way round the claim only says less."""
    hedged, plain = "Wax may improve the stability of paper boats.", "Wax improves the stability of paper boats."

    found = turned(plain, hedged)

    assert found is not None
    assert found.is_hedge
    assert "may" in str(found)
    assert turned(hedged, plain) is None


@given(st.text(max_size=200))
def test_a_text_never_turns_itself_round(text: str) -> None:
    """Whatever the text, it names its names and does not oppose itself."""
    assert unnamed(text, text) == ()
    assert turned(text, text) is None
