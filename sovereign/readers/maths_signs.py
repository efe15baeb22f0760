"""The signs of maths and the commands that write them: tables, kept apart from how they are read."""

from __future__ import annotations

import re

ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "check": "\u030c", "tilde": "\u0303", "widetilde": "\u0303", "acute": "\u0301", "grave": "\u0300",
    "dot": "\u0307", "ddot": "\u0308", "breve": "\u0306", "bar": "\u0304", "vec": "\u20d7", "mathring": "\u030a",
}  # fmt: skip
TEXT_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307", "u": "\u0306", "v": "\u030c",
    "H": "\u030b", "c": "\u0327", "k": "\u0328", "d": "\u0323", "b": "\u0331", "r": "\u030a", "t": "\u0361",
}  # fmt: skip
BLACKBOARD = dict(zip("CHNPQRZE1", "ℂℍℕℙℚℝℤ𝔼𝟙", strict=True))
STYLE = frozenset(
    "rlap llap clap mathrlap mathllap mathclap vcenter "
    "makebox framebox mathrm mathbf mathit mathsf mathtt "
    "mathcal mathscr mathfrak mathnormal boldsymbol bm text textrm textbf textit textsf texttt textsc "
    "textnormal emph mbox hbox fbox boxed operatorname ensuremath mathop mathbin mathrel mathord mathopen mathclose mathpunct mathinner "
    "Cal bold frak roman italic slanted goth "
    "overline underline overbrace underbrace overrightarrow overleftarrow pmb rm displaylimits smash mathstrut underbar "
    "textup textmd mathbfit symbf symrm symit xspace mathds hspace* textstyle ensuremath substack mathbbm".split()
)
NOTHING = frozenset(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm middle displaystyle textstyle scriptstyle "
    "scriptscriptstyle limits nolimits nonumber notag allowbreak rm bf it tt sf sc cal small large tiny scriptsize footnotesize normalsize "
    "align endalign gather endgather multline endmultline endsplit aligned endaligned endcases endmatrix endpmatrix endbmatrix "
    "endvmatrix endsmallmatrix endgathered gathered topaligned allowdisplaybreak "
    "mathstrut strut relax protect hfill hfil boldmath unboldmath centering noindent leavevmode itshape bfseries rmfamily sffamily "
    "ttfamily normalfont upshape em hline xspace null par newline".split()
)
ONE_DROPPED = frozenset(
    "label tag vspace vphantom phantom hphantom color hspace rule mspace raisebox footnotemark cite ref eqref begin end".split()
)
NAMES = frozenset(
    "log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh max min sup inf lim limsup liminf argmax argmin det dim ker "
    "deg gcd hom Pr softmax mod arg sech csch coth arccot arcsinh arccosh arctanh sgn sign diag rank tr Tr Var Cov erf erfc supp plim "
    "injlim projlim".split()
)
EXTRA = {
    "today": "", "quad": " ",
    "qquad": " ", ",": " ", ";": " ", ":": " ", "!": "", ">": " ", " ": " ", "/": "", "\\": "; ", "{": "{", "}": "}", "%": "%",
    "$": "$", "&": "&", "#": "#", "_": "_", "|": "‖", "-": "", "*": "", "ldots": "...", "dots": "...", "cdots": "...", "dotsc": "...",
    "dotsb": "...", "mid": "|", "lvert": "|", "rvert": "|", "lVert": "‖", "rVert": "‖", "vert": "|", "Vert": "‖", "colon": ":",
    "coloneqq": ":=", "triangleq": "≜", "eqqcolon": "=:", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "star": "*",
    "ast": "*", "prime": "'", "lt": "<", "gt": ">", "le": "≤", "ge": "≥", "leqslant": "≤", "geqslant": "≥", "gets": "←", "to": "→",
    "cdot": "·",
    "epsilon": "ε", "varepsilon": "ε", "phi": "φ", "varphi": "φ", "degree": "°", "micro": "µ", "tfrac": "", "percent": "%", "space": " ",
    "thinspace": " ", "medspace": " ",
    "thickspace": " ", "cr": "; ", "euro": "€", "enspace": " ", "nobreakspace": " ", "newline": "; ", "middle": "", "sim": "∼",

    "lesssim": "≲", "gtrsim": "≳", "lsim": "≲", "gsim": "≳", "simlt": "≲", "simgt": "≳", "lta": "≲", "gta": "≳",
    "approx": "≈", "iff": "⇔", "implies": "⇒", "land": "∧", "lor": "∨", "Re": "Re", "Im": "Im",
    "ne": "≠", "models": "⊨", "vDash": "⊨", "lhd": "◁", "rhd": "▷", "ddagger": "‡", "ddag": "‡", "bigsqcup": "⊔", "bigodot": "⊙",
    "biguplus": "⊎", "leadsto": "⇝", "imath": "ı", "jmath": "ȷ", "bot": "⊥", "neg": "¬", "Box": "□", "Diamond": "◇", "triangle": "△",
    "lll": "⋘", "ggg": "⋙", "thickapprox": "≈", "thicksim": "∼", "bigstar": "★", "impliedby": "⇐", "vcentcolon": ":", "nsim": "≁",
    "ncong": "≇", "llbracket": "⟦", "rrbracket": "⟧", "owns": "∋", "shortmid": "|", "celsius": "°C", "perthousand": "‰", "ohm": "Ω",
    "copyright": "©", "pounds": "£", "yen": "¥", "ldotp": ".", "cdotp": "·", "xleftrightarrow": "↔", "clubsuit": "♣",
    "bmod": " mod ", "varlimsup": " lim sup ", "eqno": " ", "leqno": " ",
    "textbackslash": "\\", "backslash": "\\", "setminus": "\\", "checkmark": "✓", "cmark": "✓", "xmark": "✗", "hbar": "ħ", "ell": "ℓ",
}  # fmt: skip
OVERLAID = {"∼<": "≲", "<∼": "≲", "∼>": "≳", ">∼": "≳", "≃<": "≲", "≃>": "≳", "≈<": "⪅", "≈>": "⪆", "=/": "≠", "/=": "≠"}
"""Signs that papers made of two before there was one: \\rlap, \\raise and \\lower of plain TeX, \\stackrel of LaTeX."""
ROOTS = {"3": "∛", "4": "∜"}
INFIX = {"over": "/", "atop": "/", "above": "/", "choose": " choose ", "brack": " over ", "brace": " over "}
LENGTH = re.compile(r"\s{0,9}-?\d{0,6}\.?\d{0,6}\s?(?:true\s?)?(?:pt|em|ex|mu|cm|mm|in|sp|bp|pc)\s?")
RELATIONS = "=<>≤≥≈∼→←⇒⇔≜≡∈∉∋⊂⊆≠≁≇≪≫≲≳∝≅≃↦⊃⊇"
