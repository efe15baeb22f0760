"""References as BibTeX, for LaTeX and every reference manager; made from metadata only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sovereign.citing import names
from sovereign.exports import glossary, links
from sovereign.exports.markup import maths, visible
from sovereign.model import Paper, Report, digest

# The signs that TeX acts upon, and how to print them; letters stay as they are (biber and modern BibTeX read UTF-8).
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
# Commands that a formula in a title may keep: letters and relations, nothing that reads, writes or defines.
_TAME = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
    "phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar infty partial nabla times "
    "cdot pm mp le leq ge geq ne neq ll gg sim simeq approx equiv propto to rightarrow leftarrow leftrightarrow in notin "
    "subset cup cap forall exists sum prod int sqrt frac log exp min max sin cos mathbf mathrm mathcal mathbb mathit mathsf "
    "text bar hat tilde vec prime circ dagger star ast perp otimes oplus langle rangle".split()
)
_FORMULA = re.compile(r"(?:[A-Za-z0-9 +\-*/=<>.,:;()|!'^_{}\[\]]|\\([A-Za-z]+)|\\[,;! ])+")
_STOP_WORDS = frozenset({"a", "an", "the", "on", "of", "in", "for", "to", "and", "is", "are", "how", "what", "towards"})


def bibtex(papers: Sequence[Paper]) -> str:
    """Give one entry a paper, in order; UTF-8 text with a newline at the end, or nothing for no papers."""
    return "\n".join(entry(paper, key) for paper, key in zip(papers, keys(papers), strict=True))


def keys(papers: Sequence[Paper]) -> tuple[str, ...]:
    """Give a citation key a paper: author, year, first title word; a clash is settled by the paper's id, not by its place."""
    plain = [_key(paper) for paper in papers]
    return tuple(key if plain.count(key) == 1 else f"{key}-{digest(paper.id, chars=6)}" for paper, key in zip(papers, plain, strict=True))


def entry(paper: Paper, key: str) -> str:
    """Give one paper's entry, closed by a newline."""
    is_article = bool(paper.venue)
    fields = {
        "author": " and ".join(_author(name) for name in paper.authors),
        # Doubled braces keep the title's capitals; names such as "GPT" would else be lowered.
        "title": "{" + escape_title(paper.title) + "}",
        "journal": escape(paper.venue) if is_article else "",
        "year": str(paper.year or ""),
        "eprint": paper.arxiv_id if links.arxiv_url(paper.arxiv_id) else "",
        "archiveprefix": "arXiv" if links.arxiv_url(paper.arxiv_id) else "",
        "primaryclass": escape(paper.categories[0]) if paper.arxiv_id and paper.categories else "",
        "doi": escape(paper.doi) if links.doi_url(paper.doi) else "",
        "url": _url(links.paper_url(paper)),
        "note": escape(f"{paper.status.value}. {paper.status_note}".strip()) if paper.status.value != "current" else "",
    }
    return _entry("article" if is_article else "misc", key, fields)


def report_entry(report: Report, version: int) -> str:
    """Give the entry by which the report itself is cited."""
    fields = {
        "author": "{SOVEREIGN Research Kernel}",
        "title": "{" + escape(report.goal.question) + "}",
        "year": str(report.date.year),
        "month": str(report.date.month),
        "type": "Automated evidence report",
        "version": str(version),
        "note": escape(f"{report.goal.slug}, version {version}, {glossary.DECIDED[report.decision.action]}"),
    }
    return _entry("techreport", f"sovereign-{report.goal.slug}-v{version}", fields)


def escape(text: str) -> str:
    """Give text that TeX prints as it is, on one line."""
    return _escape_visible(visible(text))


def escape_title(text: str) -> str:
    """Give escaped text in which harmless formulas stay formulas: only listed commands, braces that match."""
    shown, parts, last = visible(text), [], 0
    for start, end in maths(shown):
        if _is_tame(shown[start + 1 : end - 1]):
            parts += [_escape_visible(shown[last:start]), shown[start:end]]
            last = end
    return "".join(parts) + _escape_visible(shown[last:])


def _escape_visible(shown: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in shown)


def _is_tame(formula: str) -> bool:
    if not _FORMULA.fullmatch(formula) or not set(re.findall(r"\\([A-Za-z]+)", formula)) <= _TAME:
        return False
    depth = 0
    for sign in formula:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            return False
    return depth == 0


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n{lines}\n}}\n"


def _author(name: str) -> str:
    """Give a name in the form family, given; one that stays whole goes in braces, so that " and " or commas part nothing."""
    family, given = map(visible, names.split(name))
    if given and not re.search(r"\band\b|,", family + given):
        return f"{escape(family)}, {escape(given)}"
    return "{" + escape(name) + "}"


def _url(url: str) -> str:
    """Give an address as the url package wants it: percent-encoded braces, nothing escaped."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _key(paper: Paper) -> str:
    family = _ascii(names.split(paper.authors[0])[0]) if paper.authors else ""
    words = [word for word in map(_ascii, re.split(r"[\s\-–—:]+", paper.title)) if word and word not in _STOP_WORDS]
    made = family + str(paper.year or "") + (words[0] if words else "")
    return made[:60] if family and len(made) > len(family) else "ref" + digest(paper.id, chars=8)


def _ascii(text: str) -> str:
    """Give a word's letters and digits without accents, lower case."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)
