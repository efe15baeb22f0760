"""How long a site of many reports takes to build, beside plain Material with the very same Markdown pages.

`python -m benchmarks.site_build [N]` makes a desk of N invented reports (20 claims each), builds it with the package's plugin
and without it (Material's theme and search alone, reports outside the navigation too), each in a process of its own, and
prints processor and wall time, memory, and what a report weighs.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from standins import desk

_PLAIN = """\
site_name: Plain
docs_dir: site
site_dir: _plain
theme:
  name: material
  font: false
plugins:
  - search
not_in_nav: |
  /reports/
markdown_extensions: [attr_list, def_list, footnotes, md_in_html, sane_lists, tables, toc]
"""

_BUILD = """\
import resource, sys
from mkdocs.__main__ import cli
sys.argv = ["mkdocs", "build", "-q", "-f", sys.argv[1]]
try:
    cli()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measure(number: int) -> dict[str, Any]:
    """Give the figures of one comparison; seconds, mebibytes and bytes are named as such."""
    with tempfile.TemporaryDirectory() as folder:
        root = desk.write_many(Path(folder) / "lab", number)
        (root / "plain.yml").write_text(_PLAIN, encoding="utf-8")
        (root / "site" / "index.md").write_text("# Home\n", encoding="utf-8")
        plain = _timed(root, "plain.yml")
        ours = _timed(root, "mkdocs.yml")
        pages = list((root / "_site" / "reports").rglob("v1/index.html"))
        sizes = [path.stat().st_size for path in pages]
        data = {path.relative_to(root / "_site").as_posix(): path.stat().st_size for path in (root / "_site" / "data").rglob("*.json")}
        return {
            "reports": number,
            "claims": number * 20,
            "plain_cpu_s": plain["cpu_s"],
            "site_cpu_s": ours["cpu_s"],
            "ratio_cpu": round(ours["cpu_s"] / plain["cpu_s"], 3),
            "plain_wall_s": plain["wall_s"],
            "site_wall_s": ours["wall_s"],
            "site_memory_mib": ours["memory_mib"],
            "plain_memory_mib": plain["memory_mib"],
            "mean_report_bytes": round(sum(sizes) / len(sizes)),
            "search_data_bytes": sum(data.values()),
            "largest_data_file_bytes": max(data.values()),
        }


def _timed(root: Path, settings: str) -> dict[str, float]:
    """Build with these settings in a process of its own; resources of the child as the system counts them."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-c", _BUILD, settings], cwd=root, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = int(re.findall(r"\d+", done.stdout)[-1]) / 1024
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": round(cpu, 2), "wall_s": round(time.perf_counter() - started, 2), "memory_mib": round(peak)}


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1000), indent=1))
