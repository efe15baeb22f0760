"""Names are taken apart as far as that can be done without guessing, and stay whole where it cannot."""

from __future__ import annotations

import pytest

from sovereign.citing import names


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("Ana Quill", "Quill", "Ana"),
        ("Quill, Ana", "Quill", "Ana"),
        ("Jan van der Berg", "van der Berg", "Jan"),
        ("Jan Van den Berg", "Van den Berg", "Jan"),
        ("Robert De Niro", "De Niro", "Robert"),
        ("Gabriel García\u00a0Márquez", "García Márquez", "Gabriel"),
        ("Bo Nobody Jr.", "Nobody Jr.", "Bo"),
        ("LIGO Scientific Collaboration", "LIGO Scientific Collaboration", ""),
        ("The BOAT Team", "The BOAT Team", ""),
        ("Barnes\u00a0and\u00a0Noble,\u00a0Inc.", "Barnes and Noble, Inc.", ""),
        ("王小明", "王小明", ""),
        ("Plato", "Plato", ""),
        ("", "", ""),
    ],
)
def test_names(name: str, family: str, given: str) -> None:
    """Family and given name, or all of it as the family's."""
    assert names.split(name) == (family, given)


@pytest.mark.parametrize(
    ("family", "given", "suffix"), [("Quill", "Ana", ""), ("Márquez Sosa", "G.", ""), ("Nobody", "Bo", "Jr"), ("Plato", "", "")]
)
def test_what_was_apart_is_found_apart_again(family: str, given: str, suffix: str) -> None:
    """A source that parts names itself is believed."""
    assert names.split(names.joined(family, given, suffix))[0].removesuffix(suffix).strip() == family


def test_together() -> None:
    """One or two by name, more as et al.; an organisation by all of its name."""
    assert names.together(["LIGO Scientific Collaboration", "B. P. Abbott", "C. Reed"]) == "LIGO Scientific Collaboration et al."
    assert names.together(["Gabriel García\u00a0Márquez", "Ana Quill"]) == "García Márquez and Quill"
