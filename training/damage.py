"""Ways in which a paper's sentence comes to harm on the way to the reader: spliced, cut, glued, robbed of letters; and what is no sentence.

Each change is made with a seeded generator, so the same sentence and seed give the same damage. None of it is taken from a paper
that figures are reported on.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

Rng = random.Random
_LIGATURE = re.compile(r"ffi|ffl|ff|fi|fl")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_SIGN = re.compile(r"\s?[=<>≤≥±×%α-ωΑ-Ω]\s?")
_JOURNALS = (
    "BMC Medicine", "PLoS ONE", "Trials", "Proceedings of the ACM", "Phys. Rev. E", "Journal of Methods", "Cancer Letters",
    "Neural Comput.",
)  # fmt: skip
_PLACES = (
    "Department of Medicine", "Institute of Physics", "School of Computing", "University Hospital", "Google Research", "ETH Zurich",
)  # fmt: skip
_HEADINGS = (
    "Introduction", "Related work", "Methods", "Results and discussion", "Statistical analysis", "Experimental setup", "Conclusion",
    "Acknowledgements", "Competing interests", "Ablation study", "Study population", "Implementation details", "Limitations",
)  # fmt: skip


def spliced(a: str, b: str, rng: Rng) -> str:
    """Begin with one sentence and end with another."""
    first, second = a.split(), b.split()
    if min(len(first), len(second)) < 6:
        return ""
    return " ".join([*first[: rng.randint(3, len(first) - 2)], *second[rng.randint(2, len(second) - 3) :]])


def columns(a: str, b: str, rng: Rng) -> str:
    """Read two columns as one: stretches of one sentence between stretches of the other."""
    first, second, out = a.split(), b.split(), list[str]()
    width = rng.randint(4, 8)
    if min(len(first), len(second)) < width + 3:
        return ""
    for at in range(0, min(3 * width, len(first), len(second)), width):
        out += [*first[at : at + width], *second[at : at + width]]
    return " ".join(out)


def without_start(a: str, _: str, rng: Rng) -> str:
    """Lose the first words."""
    words = a.split()
    return " ".join(words[rng.randint(1, len(words) // 2) :]) if len(words) > 6 else ""


def without_end(a: str, _: str, rng: Rng) -> str:
    """Lose the last words, and sometimes keep the full stop."""
    words = a.rstrip(".").split()
    return " ".join(words[: -rng.randint(1, len(words) // 2)]) + rng.choice(["", "", "."]) if len(words) > 6 else ""


def without_middle(a: str, _: str, rng: Rng) -> str:
    """Lose a few words from within."""
    words = a.split()
    if len(words) < 10:
        return ""
    at = rng.randint(2, len(words) - 6)
    return " ".join([*words[:at], *words[at + rng.randint(2, 4) :]])


def without_ligatures(a: str, _: str, rng: Rng) -> str:
    """Lose the letters that a font joins: "signicant"."""
    some = _LIGATURE.sub(lambda m: rng.choice(["", "", " ", m[0]]), a)
    return some if some != a else _LIGATURE.sub("", a)


def without_figures(a: str, _: str, rng: Rng) -> str:
    """Lose the numbers."""
    kept = rng.random() < 0.3
    return _FIGURE.sub(lambda m: m[0] if kept and rng.random() < 0.5 else "", a)


def without_signs(a: str, _: str, __: Rng) -> str:
    """Lose mathematical signs and Greek letters."""
    return _SIGN.sub(" ", a)


def glued(a: str, _: str, rng: Rng) -> str:
    """Lose some of the spaces."""
    words = a.split()
    at = rng.randint(0, max(0, len(words) - 5))
    return " ".join([*words[:at], "".join(words[at : at + rng.randint(3, 6)]), *words[at + 6 :]])


def broken(a: str, _: str, rng: Rng) -> str:
    """Leave a line's hyphens and breaks inside words."""
    words = [
        w[:k] + rng.choice(["- ", " "]) + w[k:] if len(w) > 6 and rng.random() < 0.35 and (k := rng.randint(2, len(w) - 3)) else w
        for w in a.split()
    ]
    return " ".join(words)


def numbered(a: str, _: str, rng: Rng) -> str:
    """Leave the numbers of a manuscript's lines between the words."""
    at, out = rng.randint(2, 400), list[str]()
    every = rng.randint(6, 12)
    for i, w in enumerate(a.split()):
        if i % every == rng.randint(0, 1):
            out.append(str(at))
            at += 1
        out.append(w)
    return " ".join(out)


def interrupted(a: str, _: str, rng: Rng) -> str:
    """Put a page's running head into the middle."""
    words = a.split()
    at = rng.randint(1, max(1, len(words) - 2))
    few, many = rng.randint(1, 28), rng.randint(101, 900)
    head = rng.choice([
        f"{rng.choice(_JOURNALS)} {rng.randint(1998, 2026)}, {few}:{many} Page {few} of {few + 3}",
        f"arXiv:{rng.randint(1001, 2612)}.{many}{few}v{rng.randint(1, 4)} [cs.LG] {few} Jun 20{rng.randint(10, 26)}",
        f"{few} A. AUTHOR AND B. WRITER", f"Downloaded from the publisher on {few} May 2024", f"Author et al. {few}",
        f"http://www.journal.org/content/{few}/{many}",
    ])  # fmt: skip
    return " ".join([*words[:at], head, *words[at:]])


def headed(a: str, _: str, rng: Rng) -> str:
    """Leave a heading or a footnote's mark before the sentence."""
    number = rng.choice([f"{rng.randint(1, 7)}", f"{rng.randint(1, 7)}.{rng.randint(1, 6)}", f"{rng.choice('ABC')}.{rng.randint(1, 4)}"])
    return f"{number} {rng.choice(_HEADINGS)} {a}"


def doubled(a: str, _: str, rng: Rng) -> str:
    """Say a stretch twice."""
    words = a.split()
    at = rng.randint(0, max(0, len(words) - 5))
    return " ".join([*words[: at + 5], *words[at:]])


def caption(a: str, _: str, rng: Rng) -> str:
    """Give a sentence, or a part of it, as what stands under a figure."""
    words = a.rstrip(".").split()
    kind = rng.choice(["Figure", "Fig.", "Table", "Algorithm", "FIG."])
    return f"{kind} {rng.randint(1, 12)}{rng.choice(['.', ':', ''])} {' '.join(words[rng.randint(0, 3) : rng.randint(6, 14)])}."


def heading(a: str, _: str, rng: Rng) -> str:
    """Give a heading, or a heading's worth of words."""
    words = a.rstrip(".").split()
    at = rng.randint(0, max(0, len(words) - 6))
    own = " ".join(words[at : at + rng.randint(2, 6)])
    number = rng.choice(["", f"{rng.randint(1, 8)}. ", f"{rng.randint(1, 8)}.{rng.randint(1, 5)} "])
    return number + rng.choice([rng.choice(_HEADINGS), own.title()])


def row(a: str, b: str, rng: Rng) -> str:
    """Give a row of a table: a few words and figures."""
    words = (a + " " + b).split()
    at = rng.randint(0, len(words) - 3)
    cells = [_cell(rng) for _ in range(rng.randint(2, 8))]
    return rng.choice([" ", " | ", "  "]).join([" ".join(words[at : at + rng.randint(1, 4)]), *cells])


def _cell(rng: Rng) -> str:
    large, small = rng.uniform(0, 100), rng.uniform(0, 2)
    return rng.choice([
        f"{large:.{rng.randint(0, 2)}f}", f"{large:.0f} ({large / 3:.1f}%)", f"{large:.1f} ± {small:.1f}",
        f"{small:.2f} ({small / 2:.2f}, {small * 2:.2f})", "–", "NS",
    ])  # fmt: skip


def reference(a: str, b: str, rng: Rng) -> str:
    """Give an entry of a list of references."""
    names = [w.strip(".,()").title() for w in b.split() if len(w) > 4][:3] or ["Writer"]
    title = " ".join(a.rstrip(".").split()[:9])
    people = ", ".join(f"{n} {rng.choice('ABCDEJMKRST')}" for n in names)
    number = rng.choice(["", f"[{rng.randint(1, 90)}] ", f"{rng.randint(1, 90)}. "])
    place = f"{rng.choice(_JOURNALS)} {rng.randint(1985, 2025)}, {rng.randint(1, 60)}:{rng.randint(1, 900)}-{rng.randint(901, 999)}."
    return f"{number}{people}: {title}. {place}"


def authors(_: str, b: str, rng: Rng) -> str:
    """Give a line of authors and the places where they work."""
    names = [w.strip(".,()").title() for w in b.split() if w.isalpha() and len(w) > 3][:8] or ["Writer", "Author"]
    pairs = [f"{rng.choice('ABCDEJMKRST')}. {n}{rng.choice(['1', '2', '*', '†', ''])}" for n in names]
    return ", ".join(pairs) + rng.choice(["", f" {rng.randint(1, 3)} {rng.choice(_PLACES)}", f", {', '.join(rng.sample(_PLACES, 2))}"])


WAYS: Mapping[str, Callable[[str, str, Rng], str]] = {
    f.__name__: f
    for f in (
        spliced, columns, without_start, without_end, without_middle, without_ligatures, without_figures, without_signs, glued, broken,
        numbered, interrupted, headed, doubled, caption, heading, row, reference, authors,
    )
}  # fmt: skip


HARD = (
    "spliced", "columns", "without_start", "without_end", "without_middle", "without_ligatures", "without_figures", "without_signs",
    "glued", "broken", "doubled", "interrupted",
)  # fmt: skip
"""What is hard to tell, since most of a sentence is left."""


def damaged(sentences: Sequence[str], rng: Rng, *, often: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Give (kind, damaged text) for each sentence in turn, each kind as often as the others; what came out whole is left out.

    Kinds named in `often` come as much more often.
    """
    out, names = [], [*WAYS, *often]
    for a in sentences:
        for kind in rng.sample(names, len(names)):
            made = " ".join(WAYS[kind](a, rng.choice(sentences), rng).split())
            if len(made) > 3 and made != a:
                out.append((kind, made))
                break
    return out
