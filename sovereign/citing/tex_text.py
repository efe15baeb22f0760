"""The TeX of a bibliography as plain text: accents composed, letters and signs of maths in Unicode, commands of typefaces gone.

Our own, since this is called for every field of every entry of a stranger's library, knows
what titles and names hold, gives what it does not know by name instead of dropping it, and needs nothing but the standard library.
"""

from __future__ import annotations

import re
import unicodedata

from sovereign.language.scripts import script
from sovereign.text import fold

MAX_ROUNDS = 4
"""How deep accents stand in accents: Vietnamese has two."""

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", '"': "\u0308",
    "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328", "b": "\u0331", "h": "\u0309",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å",
    "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "ohorn": "ơ", "OHORN": "Ơ",
    "uhorn": "ư", "UHORN": "Ư", " ": " ", "&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", "\\": " ", ",": " ",
    ";": " ", ":": " ", "!": "", "-": "", "/": "", "@": "", "textendash": "–", "textemdash": "—", "textquoteright": "’",
    "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”", "textquotesingle": "'", "textasciitilde": "~",
    "textbackslash": "\\", "textunderscore": "_", "textdegree": "°", "degree": "°", "textregistered": "®", "texttrademark": "™",
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "sim": "∼", "approx": "≈", "simeq": "≃", "cong": "≅", "pm": "±", "mp": "∓",
    "times": "×", "cdot": "·", "div": "÷", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "ll": "≪", "gg": "≫",
    "lesssim": "≲", "gtrsim": "≳", "to": "→", "rightarrow": "→", "leftarrow": "←", "leftrightarrow": "↔", "longrightarrow": "→",
    "Rightarrow": "⇒", "mapsto": "↦", "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "sqrt": "√",
    "in": "∈", "subset": "⊂", "cup": "∪", "cap": "∩", "oplus": "⊕", "otimes": "⊗", "circ": "∘", "prime": "′", "star": "*", "ast": "*",
    "ell": "ℓ", "hbar": "ħ", "Re": "Re", "Im": "Im", "langle": "⟨", "rangle": "⟩", "ldots": "...", "dots": "...", "cdots": "...",
    "mu": "μ", "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ", "odot": "⊙", "perp": "⊥", "parallel": "∥", "propto": "∝", "dagger": "†",
    "euro": "€", "pounds": "£", "copyright": "©", "S": "§", "P": "¶", "slash": "/", "quad": " ", "newline": " ", "space": " ",
}  # fmt: skip
_GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda nu xi pi rho sigma tau upsilon phi chi psi omega".split()
_LETTERS |= {name: unicodedata.lookup(f"GREEK SMALL LETTER {name.upper().replace('LAMBDA', 'LAMDA')}") for name in _GREEK}
_LETTERS |= {name.title(): unicodedata.lookup(f"GREEK CAPITAL LETTER {name.upper().replace('LAMBDA', 'LAMDA')}") for name in _GREEK}
_SILENT = frozenset(
    "em it bf rm sc tt sl sf cal tiny small large Large normalsize footnotesize scriptsize scshape itshape bfseries rmfamily sffamily "
    "ttfamily upshape normalfont textstyle displaystyle scriptstyle protect relax left right bigl bigr big Big limits noopsort boldmath "
    "mathrm mathbf mathit mathcal mathsf mathtt mathbb mathfrak text textrm ensuremath xspace break allowbreak hskip hspace newblock "
    "nolinebreak linebreak par bgroup egroup begingroup endgroup string url href emph textit textbf textsc".split()
)
_COMMAND = re.compile(
    r"""\\(?:
        ([`'^~=."]) (?: \{\s*+(\\?[^\W\d_])\s*+\} | \s*+(\\?[^\W\d_]) )
      | ([uvHrdckbh]) (?: \{\s*+(\\?[^\W\d_])\s*+\} | \s++(\\?[^\W\d_]) )
      | ([A-Za-z]++) \s?+ (?:\{\})?+
      | ([&%$\#_{}\ \\,;:!/@-])
    )""",
    re.VERBOSE,
)
_SCRIPT = re.compile(r"(?<!\\)([_^])\s?+\{([^{}\\]{1,80})\}")


def plain(tex: str) -> str:
    """Give TeX text as plain text on one line; what no table knows keeps its name."""
    text = re.sub(r"(?<!\\)~", _SPACE, tex)
    text = re.sub(r"(?<!\\)\$(?=\s)", "$" + _SPACE, text)  # the space behind a formula is not the one that ends its last command
    if len(marks := re.findall(r"(?<!\\)\$", text)) and not len(marks) % 2:
        text = re.sub(r"(?<!\\)\$", "", text)
    for _ in range(MAX_ROUNDS):
        before, text = text, _COMMAND.sub(_letter, text)
        text = _SCRIPT.sub(lambda found: script(found[1], found[2].strip()), text)
        if text == before or "\\" not in text:
            break
    text = _SCRIPT.sub(lambda found: script(found[1], found[2].strip()), text)
    text = re.sub(r"(?<!\\)[{}]", "", text).replace("---", "—").replace("--", "–")
    return fold(unicodedata.normalize("NFC", text.translate(_BACK)))


# Signs that a backslash made plain: kept apart until the signs of TeX itself are gone.
_KEPT = {"{": "\ue010", "}": "\ue011", "$": "\ue012", "_": "\ue013", "\\": "\ue014"}
_SPACE = "\ue015"
_BACK = {**{ord(mark): sign for sign, mark in _KEPT.items()}, ord(_SPACE): " "}


def _letter(found: re.Match[str]) -> str:
    mark, in_braces, bare, named, named_in_braces, named_bare, command, sign = found.groups()
    if mark or named:
        base = (in_braces or bare or named_in_braces or named_bare or "").removeprefix("\\")
        return unicodedata.normalize("NFC", base + _ACCENTS[mark or named])
    name = command or sign
    shown = _LETTERS.get(name)
    if shown is None:
        takes_more = found.string[found.end() : found.end() + 1] == "{"
        return "" if name in _SILENT or takes_more else name
    gap = " " if command and shown[:1].isalpha() and found[0][-1:] == " " and len(shown) > 2 else ""
    return _KEPT.get(shown, shown) + gap if name != "\\" else " "
