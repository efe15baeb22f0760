"""The embedded verifier: what it answers, that it always answers the same, and that it refuses weights it does not know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from sovereign.adapters.onnx_verifier import FEATURES, OnnxVerifier, features
from sovereign.adapters.weights import WEIGHTS
from sovereign.ports import Verifier

SENTENCE = "Treatment with metformin reduced body weight in obese mice by 12% after eight weeks."
AROUND = "Obesity is a growing problem. " + SENTENCE + " No effect on blood pressure was seen."
PAIRS = [
    (SENTENCE, SENTENCE),
    (SENTENCE, AROUND),
    ("Metformin lowers the weight of obese mice.", AROUND),
    ("Treatment with metformin did not reduce body weight in obese mice.", AROUND),
    (SENTENCE, "The lattice Boltzmann method is a discrete scheme for simulating fluids."),
    ("Mixture-of-experts layers raise the number of parameters at constant cost per token.", AROUND),
]


SHARED = OnnxVerifier()  # nothing is loaded before the first claim is weighed


@pytest.fixture(scope="module")
def verifier() -> OnnxVerifier:
    """Give the shipped verifier, loaded once."""
    return SHARED


def test_conforms_to_the_port(verifier: OnnxVerifier) -> None:
    """The adapter is a Verifier, and its card says what it was calibrated on and how often a wrong claim passes."""
    port: Verifier = verifier

    card = port.card

    assert 0.0 < card.threshold < 1.0
    assert card.false_acceptance is not None
    assert card.false_acceptance <= 0.05
    assert card.calibration_error is not None
    assert card.calibrated_on


def test_tells_borne_out_denied_and_unrelated_apart(verifier: OnnxVerifier) -> None:
    """A claim that stands in the passage passes; its denial and an unrelated passage do not."""
    verbatim, around, loose, denied, unrelated, other = verifier.weigh(PAIRS)

    assert min(verbatim.supported, around.supported) >= verifier.card.threshold
    assert loose.supported > max(denied.supported, unrelated.supported, other.supported)
    assert denied.refuted > around.refuted
    assert max(denied.supported, unrelated.supported, other.supported) < verifier.card.threshold
    assert unrelated.insufficient > 0.5


def test_an_answer_does_not_depend_on_the_others(verifier: OnnxVerifier) -> None:
    """Alone, in any company, in any order, on one thread or three: the same bytes."""
    together = verifier.weigh(PAIRS)

    assert together == tuple(verifier.weigh([pair])[0] for pair in PAIRS)
    assert together[::-1] == verifier.weigh(PAIRS[::-1])
    assert together == OnnxVerifier(threads=3).weigh(PAIRS)


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        pytest.param(f"{SENTENCE} " * 12, AROUND, id="a claim of a thousand characters"),
        pytest.param("metformin " * 9_000, AROUND, id="a claim of one endless sentence"),
        pytest.param(SENTENCE, f"{AROUND} " * 600, id="a passage of a hundred thousand characters"),
        pytest.param("x" * 20_000, "y" * 20_000, id="words without end"),
    ],
)
def test_what_is_too_long_is_read_in_windows(verifier: OnnxVerifier, claim: str, passage: str) -> None:
    """Any length has an answer."""
    (answer,) = verifier.weigh([(claim, passage)])

    assert answer.supported + answer.insufficient + answer.refuted == pytest.approx(1.0, abs=1e-5)


def test_the_weakest_sentence_of_a_long_claim_counts(verifier: OnnxVerifier) -> None:
    """One wrong sentence at the end is not cut away."""
    wrong = "Treatment with metformin did not reduce body weight in obese mice at all."

    right, spoilt = verifier.weigh([(f"{SENTENCE} " * 9, AROUND), (f"{SENTENCE} " * 9 + wrong, AROUND)])

    assert spoilt.supported < verifier.card.threshold
    assert spoilt.supported < right.supported / 2


def test_the_same_number_is_read_alike(verifier: OnnxVerifier) -> None:
    """A Unicode minus, grouped thousands and a bare point change no answer."""
    typed = "The index fell to -0.5 in 12000 boats (p < 0.05)."
    printed = "The index fell to \u2212.5 in 12,000 boats (p < .05)."

    assert len(set(verifier.weigh([(typed, typed), (typed, printed), (printed, typed), (printed, printed)]))) == 1


@settings(max_examples=20, deadline=None)
@given(claim=st.text(max_size=400), passage=st.text(max_size=400))
def test_any_text_has_an_answer(claim: str, passage: str) -> None:
    """Whatever signs stand in them."""
    (answer,) = SHARED.weigh([(claim, passage)])

    assert min(answer.supported, answer.insufficient, answer.refuted) >= 0.0


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        pytest.param("", SENTENCE, id="no claim"),
        pytest.param(SENTENCE, " \n", id="no passage"),
        pytest.param("?", "!", id="no words"),
    ],
)
def test_nothing_bears_nothing_out(verifier: OnnxVerifier, claim: str, passage: str) -> None:
    """An empty claim or passage is insufficient, not an error."""
    (answer,) = verifier.weigh([(claim, passage)])

    assert answer.insufficient == 1.0


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        pytest.param("[SEP] [CLS] supported " * 40, SENTENCE, id="special tokens written out"),
        pytest.param("word " * 3000, "word " * 9000, id="far too long"),
        pytest.param("∑ 中文 \x00 \u202e 🜚", "العربية ½ — ", id="letters it never saw"),
    ],
)
def test_strange_text_gets_an_answer(verifier: OnnxVerifier, claim: str, passage: str) -> None:
    """Foreign text is weighed like any other; Probabilities checks that the three sum to one."""
    (answer,) = verifier.weigh([(claim, passage)])

    assert answer.supported < verifier.card.threshold or claim.startswith("word")


def test_nothing_to_weigh_loads_nothing(tmp_path: Path) -> None:
    """An empty call needs no weights, and neither does building the adapter."""
    assert OnnxVerifier(tmp_path).weigh([]) == ()


def test_importing_the_adapter_loads_no_runtime() -> None:
    """Commands that weigh nothing do not pay for onnxruntime or tokenizers."""
    code = "import sys, sovereign.adapters.onnx_verifier; print({'onnxruntime', 'tokenizers', 'torch', 'sklearn'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def test_the_weights_are_small() -> None:
    """All that is shipped for the verifier stays under 35 MB."""
    size_bytes = sum((WEIGHTS / name).stat().st_size for name in ("verifier.onnx", "words.npz", "tokenizer.json", "verifier.json"))

    assert size_bytes <= 35_000_000


@pytest.mark.parametrize(
    ("claim", "passage", "expected"),
    [
        pytest.param("Metformin reduced weight.", "Metformin reduced weight.", (1, 1, 1, 0, 0, 0, 1, 0), id="word for word"),
        pytest.param("Metformin reduced weight.", "Aspirin did not help.", (0, 0, 0, 0, 0, 1, 0, 0), id="nothing shared, one denies"),
        pytest.param("BERT gets 91.2 on GLUE.", "ELMo gets 88.5 on SQuAD.", (0.25, 0.25, 0, 1, 1, 0, 0, 1), id="other figure and names"),
        pytest.param("It has 1,200 cases.", "There were 1200 cases.", (1, 1, 1, 0, 0, 0, 0, 0), id="thousands written otherwise"),
    ],
)
def test_features_count_what_they_say(claim: str, passage: str, expected: tuple[float, ...]) -> None:
    """Each counted feature, in the order of FEATURES."""
    found = dict(zip(FEATURES, features(claim, passage), strict=True))

    assert found == pytest.approx(dict(zip(FEATURES, expected, strict=True)), abs=0.3)


@pytest.mark.parametrize(("passage", "claim"), [(300, 20), (20, 300), (127, 126), (126, 128), (300, 300), (5, 5)])
def test_the_longer_side_is_cut(verifier: OnnxVerifier, passage: int, claim: int) -> None:
    """A pair that is too long is framed as the tokenizer's own "longest first" frames it."""
    library = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
    library.no_padding()
    library.enable_truncation(verifier._weights.description["max_tokens"], strategy="longest_first")
    expected = library.encode("boat " * passage, "wax " * claim)

    assert verifier._framed("boat " * passage, "wax " * claim) == (expected.ids, expected.type_ids)
