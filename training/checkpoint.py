"""What a training keeps on the way: its network and how far it is, to go on from, and one line a report."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import nn


def save(net: nn.Module, step: int, path: Path) -> None:
    """Keep a network and its step; what was kept before stays until this is whole."""
    part = path.with_suffix(".part")
    torch.save({"net": net.state_dict(), "step": step}, part)
    part.replace(path)


def resume(net: nn.Module, path: Path) -> int:
    """Take up the network that was kept, and give its step; 0 where none was."""
    if not path.exists():
        return 0
    kept = torch.load(path, weights_only=True)
    net.load_state_dict(kept["net"])
    return int(kept["step"])


def log(out: Path, line: dict[str, float]) -> None:
    """Add a line to the training's log."""
    with (out / "log.jsonl").open("a") as sink:
        sink.write(json.dumps(line) + "\n")
