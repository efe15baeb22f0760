"""A chat model from a script, without HTTP: it holds answers to the prompt's schema as the adapter does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

from sovereign.model import Cost, Gap, GapKind
from sovereign.ports import Prompt, Reply, Tell, tell_nobody

Said = Mapping[str, Any] | Gap


@dataclass
class FakeChat:
    """Conforms to ports.ChatModel.

    Attributes:
        script: Gives the answer to a prompt.
        asked: Every prompt, in order; batches: how many came together.
    """

    script: Callable[[Prompt], Said]
    name: str = "scripted model"
    context_tokens: int = 32_000
    cost: Cost = field(default_factory=Cost)
    asked: list[Prompt] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def answer(self, prompts: Sequence[Prompt], *, tell: Tell = tell_nobody) -> tuple[Reply | Gap, ...]:
        """Answer each prompt from the script; one that breaks the prompt's schema is a Gap."""
        self.asked.extend(prompts)
        self.batches.append(len(prompts))
        return tuple(self._one(prompt) for prompt in prompts)

    def _one(self, prompt: Prompt) -> Reply | Gap:
        said = self.script(prompt)
        if isinstance(said, Gap):
            return said
        wrong = next(Draft202012Validator(prompt.schema).iter_errors(said), None)
        if wrong is not None:
            return Gap("model", prompt.name, f"{wrong.json_path}: {wrong.message}", GapKind.REJECTED)
        return Reply(said, prompt.model or "scripted")


def saying(*answers: Said) -> FakeChat:
    """Give a model that answers so, one after the other, the last for ever."""
    left = list(answers)
    return FakeChat(lambda prompt: left.pop(0) if len(left) > 1 else left[0])


SILENT = Gap("model", "any", "no usable answer", GapKind.REJECTED)
