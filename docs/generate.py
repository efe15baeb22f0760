"""Write the reference from the program, so that it cannot say other than what runs: `python -m docs.generate`, or `make docs`.

`pages` gives each file's text, `schemas` the published JSON Schemas; a test holds the committed ones to them.
"""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import typer.main

from sovereign import record
from sovereign.adapters import goal_file
from sovereign.cli import app
from sovereign.cli.help import plain
from sovereign.exports import dataset, glossary
from sovereign.model import Policy
from sovereign.steps import policy, rubric

PLACE = Path(__file__).resolve().parent / "reference"
SCHEMAS = PLACE.parent.parent / "site" / "schemas"
HEAD = "<!-- Written by `make docs` from the program; changes belong there. -->\n\n"
_WIDTH = "80"


def pages() -> Mapping[str, str]:
    """Give the text of each page of the reference by its file's name."""
    made = {
        "goal.md": _goal(),
        "commands.md": _commands(),
        "rules.md": _rules(),
        "record.md": _record(),
        "words.md": _words(),
        "figures.md": _figures(),
    }
    return {name: HEAD + "\n".join(lines).rstrip() + "\n" for name, lines in made.items()}


def schemas() -> Mapping[str, str]:
    """Give the text of each published schema by its file's name, as a site's build writes it."""
    made = {"goal": goal_file.schema(), "record": record.schema(), "claims": dataset.schema()}
    return {f"{name}.schema.json": json.dumps(found, indent=1, ensure_ascii=False) + "\n" for name, found in made.items()}


def main() -> None:
    """Write every page and schema."""
    for name, text in schemas().items():
        (SCHEMAS / name).write_text(text, "utf-8")
    PLACE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (PLACE / name).write_text(text, "utf-8")


# --- The goal file -------------------------------------------------------------------------------------------------


def _goal() -> Iterator[str]:
    schema = goal_file.schema()
    yield from ("# The goal file", "")
    yield "A goal is a YAML file in `goals/`. Its name, without the ending, is the report's address: small letters, digits and hyphens."
    yield "`sovereign check` shows every problem with line and column;"
    yield "`site/schemas/goal.schema.json` is the same as a JSON Schema for editors."
    yield from ("", *_table(("Key", "Value", "Means"), _keys(schema)))
    yield from ("", "## policy", "")
    yield "What a goal does not set has the value in brackets."
    yield "The desk's floor, `[tool.sovereign.floor]` of its `pyproject.toml`, is the least"
    yield "that every goal must ask; a report whose goal asks for less goes before the owner."
    yield from ("", *_table(("Key", "Value", "Means"), _keys(schema["properties"]["policy"])))


def _keys(schema: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, part in schema["properties"].items():
        needed = " (required)" if name in schema.get("required", ()) else ""
        yield f"`{name}`{needed}", _value(part), part["description"]


def _value(part: Mapping[str, Any]) -> str:
    """Say in words what a JSON Schema of the goal file takes."""
    kind = part["type"]
    if "enum" in part:
        return " or ".join(f"`{word}`" for word in part["enum"])
    if part.get("format") == "date":
        return "a date, YYYY-MM-DD"
    if kind == "array":
        return f"a list of at most {part['maxItems']}; each {_value(part['items'])}"
    if kind == "string":
        return f"text, {part['minLength']} to {part['maxLength']} characters"
    if kind in {"integer", "number"}:
        return f"{'a whole' if kind == 'integer' else 'a'} number, {part['minimum']} to {part['maximum']}"
    return {"boolean": "`true` or `false`", "object": "keys, see below"}[kind]


# --- The commands --------------------------------------------------------------------------------------------------


def _commands() -> Iterator[str]:
    yield from ("# The commands", "")
    yield "Results go to stdout, progress and errors to stderr. Nothing asks a question."
    yield from ("", *_table(("Exit code", "Means"), _EXITS), "")
    for name, command in _walk("sovereign", plain(typer.main.get_command(app))):
        yield from (f"## {name}", "", "```", _help(name, command), "```", "")


_EXITS = (
    ("0", "done"),
    ("1", "a bug of the program"),
    ("2", "a goal or the usage is wrong"),
    ("3", "an outside service failed"),
    ("4", "publishing failed"),
    ("10", "held for the owner, with `--strict`"),
)


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer's own copy of click has no public types
    yield name, command
    for word, inner in getattr(command, "commands", {}).items():
        if not inner.hidden:
            yield from _walk(f"{name} {word}", inner)


def _help(name: str, command: Any) -> str:  # noqa: ANN401 - as above
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = _WIDTH  # typer asks the terminal how wide it is
    try:
        text: str = command.get_help(command.context_class(command, info_name=name))
    finally:
        os.environ.pop("COLUMNS") if before is None else os.environ.__setitem__("COLUMNS", before)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


# --- Rules ---------------------------------------------------------------------------------------------------------


def _rules() -> Iterator[str]:
    yield from ("# The rules", "")
    yield f"A report is published without its owner only where each of {len(policy.RULES)} rules holds."
    yield "A rule that cannot be applied has not held."
    yield "Each ruling stands in the record with what the rule saw."
    named = ((rule.__name__.replace("_", "-"), (inspect.getdoc(rule) or "").split("\n", 1)[0]) for rule in policy.RULES)
    yield from ("", *_table(("Rule", "Holds where", "Said where it does not"), ((f"`{n}`", a, glossary.WAITS[n]) for n, a in named)))
    yield from ("", "## Thresholds", "", "These hold where a goal sets none of its own (see [the goal file](goal.md)).", "")
    yield from _table(("Setting", "Default"), ((f"`{one.name}`", f"`{json.dumps(getattr(Policy(), one.name))}`") for one in fields(Policy)))
    yield from ("", "## The reviewers' rubric", "")
    yield f"Where no language model takes part, {rubric.NAME} scores."
    yield "Each reviewer starts at 10 and pays the price times the share of the fault."
    yield f"From {rubric.APPROVES_FROM} on a reviewer recommends to publish,"
    yield f"under {rubric.REJECTS_BELOW} not to; between the two, to revise."
    yield ""
    priced = ((glossary.ROLES[role], fault.name, f"{fault.price:g}") for role, faults in rubric.FAULTS.items() for fault in faults)
    yield from _table(("Reviewer", "Fault", "Price"), priced)


# --- The record ----------------------------------------------------------------------------------------------------


def _record() -> Iterator[str]:
    schema = record.schema()
    yield from ("# The record", "")
    yield "`record.json` is the whole of a report: what was asked, found, read, claimed, weighed, said and decided."
    yield f"Its version is `{record.VERSION}`."
    yield "The JSON Schema is `site/schemas/record.schema.json`. A field that is not required may be missing in records of older programs."
    yield from ("", "`report` holds a [Report](#report).", "")
    for name, part in schema["$defs"].items():
        yield from (f"## {name}", "", part["description"].partition("\n")[0], "")
        if "enum" in part:
            yield from (f"One of {_typed(part)}.", "")
            continue
        required = part.get("required", ())
        rows = ((f"`{key}`", _typed(inner), "yes" if key in required else "") for key, inner in part["properties"].items())
        yield from (*_table(("Field", "Value", "Required"), rows), "")
    yield from ("# claims.json", "", "Every claim of a report, to build upon: one object a claim.", "")
    claims = dataset.schema()["properties"]["claims"]["items"]
    yield from _table(("Field", "Value"), ((f"`{key}`", _typed(inner)) for key, inner in claims["properties"].items()))


def _typed(part: Mapping[str, Any]) -> str:
    """Say in words what a JSON Schema of the record takes."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in part:
        return " or ".join(_typed(one) for one in part["anyOf"])
    if "enum" in part:
        return ", ".join(f"`{word}`" for word in part["enum"])
    if "prefixItems" in part:
        return "list of: " + ", ".join(_typed(one) for one in part["prefixItems"])
    if part.get("type") == "array":
        return f"list; each: {_typed(part['items'])}"
    kind = part.get("type", "anything")
    return " or ".join(kind) if isinstance(kind, list) else str(part.get("format", kind))


# --- Words and figures ---------------------------------------------------------------------------------------------


def _words() -> Iterator[str]:
    yield from ("# The words", "", "## Grades of a claim", "")
    yield from _table(("Grade", "Means"), ((f"{term.name} {term.sign}".strip(), term.means) for term in glossary.GRADES.values()))
    yield from ("", "None of them says that a claim is true.", "", "## Answers", "")
    yield from _table(("Kind", "Shown as"), ((f"`{kind.value}`", said) for kind, said in glossary.ANSWERS.items()))
    yield from ("", "## Reviewers", "", *(f"- {said}" for said in glossary.ROLES.values()), "", "## Other words", "")
    yield from _table(("Word", "Means"), ((term.name, term.means) for term in glossary.TERMS))


def _figures() -> Iterator[str]:
    card, reader = _weights("verifier"), _weights("reader")
    yield from ("# The figures of the shipped weights", "")
    yield "Read from the descriptions that lie beside the weights."
    yield "`sovereign/weights/MODEL_CARD.md` has the sets, the licences and the limits."
    yield from ("", "## The verifier", "", f"`{card['name']}` {card['version']}, calibrated on {card['calibrated_on']}.", "")
    yield from _table(
        ("Figure", "Value"),
        (
            ("Probability from which a passage bears a claim out", f"{card['threshold']:.3f}"),
            ("Wrong claims that pass, of those it was calibrated on", _percent(card["false_acceptance"])),
            ("Refuted claims that pass, of those", _percent(card["false_acceptance_refuted"])),
            ("Bound on the expected share, for each kind of wrong claim of each set", _percent(card["risk_bound"])),
            ("Right claims that pass", _percent(card["recall"])),
            ("Expected calibration error", f"{card['calibration_error']:.3f}"),
            ("Pairs; wrong claims among them", f"{card['calibration_pairs']:,}; {card['calibration_wrong_claims']:,}"),
        ),
    )
    trials, asked = reader["figures"]["relevance"]["trials"], reader["figures"]["relevance"]
    yield from ("", "## The reader", "", f"`{reader['name']}` {reader['version']}.", "")
    yield from _table(
        ("Gold evidence of held-out trials among the first … sentences", "1", "5", "24"),
        (
            (f"The reader, {trials['questions']} questions", *(_percent(trials[key]) for key in ("first", "among 5", "among 24"))),
            ("BM25", *(_percent(trials[key]) for key in ("BM25 first", "BM25 among 5", "BM25 among 24"))),
        ),
    )
    yield ""
    yield f"Of {asked['questions']} questions, answered ones and near misses,"
    yield f"at its threshold {_percent(asked['answered_kept'])} of the answered ones"
    yield f"are kept and {_percent(asked['unanswered_kept'])} of the others (AUROC {asked['answered_unanswered_auroc']:.3f})."
    yield from ("", "## Which way a sentence leans", "")
    leaning = ((name, f"{row['accuracy']:.3f}", f"{row['macro_f1']:.3f}") for name, row in _weights("leaning")["figures"].items())
    yield from _table(("Measured on", "Accuracy", "Macro-F1"), leaning)
    yield from ("", "Direction has three answers (increased, decreased, neither); stance has yes, no and maybe.")


def _weights(name: str) -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads((files("sovereign") / "weights" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |"


if __name__ == "__main__":
    main()
