"""When two passages agree, contradict, or merely stand side by side."""

from __future__ import annotations

import pytest

from sovereign.language.stance import echoes, stance
from sovereign.model import Probabilities, Stance

LIFT = "The wax coating lengthened the mean floating time by 23.1 minutes in the still basin."
AFLOAT = "Waxed boats stayed afloat for 37.2 min on average, compared with 14.1 min for plain boats."
DOUBT, AGAINST, FOR = Probabilities(0.3, 0.4, 0.3), Probabilities(0.1, 0.2, 0.7), Probabilities(0.9, 0.05, 0.05)


@pytest.mark.parametrize(
    ("claim", "passage", "p", "expected"),
    [
        pytest.param(
            LIFT,
            "The wax coating lengthened the mean floating time of a paper boat by 4.1 minutes.",
            AGAINST,
            Stance.REFUTES,
            id="4, not 23",
        ),
        pytest.param(
            LIFT,
            "The wax coating lengthened the mean floating time of a paper boat by 4.1 minutes.",
            FOR,
            Stance.SILENT,
            id="4, verifier disagrees",
        ),
        pytest.param(
            LIFT,
            "The wax coating lengthened the floating time by 22.9 minutes, which agrees with the earlier basin trial.",
            DOUBT,
            Stance.SUPPORTS,
            id="22.9 is near 23.1",
        ),
        pytest.param(
            LIFT,
            "The wax coating lengthened the floating time by 22.9 minutes, which agrees with the earlier basin trial.",
            Probabilities(0.1, 0.85, 0.05),
            Stance.SILENT,
            id="22.9 is near 23.1, and the verifier is silent",
        ),
        pytest.param(
            LIFT,
            "The varnish lengthened the floating time of a paper boat by 15 minutes over a wax coating.",
            AGAINST,
            Stance.SILENT,
            id="another subject",
        ),
        pytest.param(
            LIFT,
            "The wax coating lengthened the mean floating time of a paper boat by 18 minutes.",
            AGAINST,
            Stance.SILENT,
            id="near, but not the same",
        ),
        pytest.param(
            AFLOAT,
            "Waxed boats stayed afloat for 18.3 minutes on average and plain boats for 14.2 minutes on the windy pond.",
            AGAINST,
            Stance.REFUTES,
            id="18, not 37",
        ),
        pytest.param(
            AFLOAT,
            "Plain boats with a double bottom stayed afloat for 20.3 minutes, compared with 14.3 minutes with a single bottom.",
            AGAINST,
            Stance.SILENT,
            id="other boats",
        ),
        pytest.param(
            "DeepBoat reaches 43.1% accuracy on FloatBench.",
            "WideBoat reaches 40.2% accuracy on FloatBench.",
            AGAINST,
            Stance.SILENT,
            id="another model",
        ),
        pytest.param(
            "DeepBoat reaches 83.1% accuracy on FloatBench.",
            "DeepBoat reaches 40.2% accuracy on FloatBench.",
            AGAINST,
            Stance.REFUTES,
            id="same model and set",
        ),
        pytest.param(
            "Wax reduces the leak rate of the hull.", "Wax does not reduce the leak rate of the hull.", AGAINST, Stance.REFUTES, id="denied"
        ),
        pytest.param(
            "Wax reduces the leak rate of the hull.",
            "Ducks swim on the pond in winter.",
            FOR,
            Stance.SILENT,
            id="nothing shared, whatever the verifier says",
        ),
        pytest.param(
            "Wax reduces the leak rate of the hull.",
            "The hull's leak rate is lower after it is covered with wax.",
            FOR,
            Stance.SUPPORTS,
            id="paraphrase",
        ),
    ],
)
def test_stance(claim: str, passage: str, p: Probabilities, expected: Stance) -> None:
    """A contradiction needs two signs, an agreement the same subject."""
    assert stance(claim, passage, p, 0.5) is expected


def test_another_number_in_another_setting_is_silent() -> None:
    """Within one body, numbers belong to their settings."""
    other = "The wax coating lengthened the mean floating time of a paper boat by 4.1 minutes."

    assert stance(LIFT, other, AGAINST, 0.5, same_setting=False) is Stance.SILENT


@pytest.mark.parametrize(
    ("claim", "passage", "expected"),
    [
        pytest.param(
            "Wax lengthens the floating time by 23 minutes.", "With wax, the floating time was 23 minutes longer.", True, id="number again"
        ),
        pytest.param(
            "Wax lengthens the floating time by 23 minutes.", "With wax, the floating time was 9 minutes longer.", False, id="other number"
        ),
        pytest.param(
            "Wax coating reduced the leak rate of the hull by 58 percent.",
            "The leak rate of waxed boats was 0.8 g/min, 58 percent lower.",
            True,
            id="few words, same number",
        ),
        pytest.param("Waxed boats carried 19 coins on average.", "No load was placed on any boat.", False, id="never measured"),
        pytest.param(
            "Waxed boats outlast plain boats in still water.", "In still water, waxed boats outlast plain boats.", True, id="same words"
        ),
    ],
)
def test_echoes(claim: str, passage: str, *, expected: bool) -> None:
    """A body says again what its abstract says, or it does not."""
    assert echoes(claim, passage, None) is expected
    assert not echoes(claim, passage, Probabilities(0.1, 0.85, 0.05))  # a silent verifier is not outvoted by words
