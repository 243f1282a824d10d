"""All measurements of `apply`, joined in RESULTS.md: `python benchmarks/apply/run.py [NAME …]`; half an hour for all.

Each name is a script of this folder that writes a section; given names are measured anew, the others kept.
Snorkel stands in an environment of its own (its dependencies would hold ours back), made by

    python3.11 -m venv /tmp/peers
    /tmp/peers/bin/pip install torch==2.13.0
    /tmp/peers/bin/pip install snorkel==0.10.0 pyarrow

(torch first, so that no CUDA build is pulled). Another place goes into the variable PEERS; the folder of temporary
files (some need 3 GB), into TMPDIR.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ("kernel", "conditions", "python_lfs", "gazetteer", "store", "spark")


def main() -> None:
    for name in sys.argv[1:] or NAMES:
        subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=True)
    parts = [path.read_text() for name in NAMES if (path := HERE / "sections" / f"{name}.md").exists()]
    (HERE / "RESULTS.md").write_text("# How fast labeling functions are applied\n\n" + "\n".join(parts))


if __name__ == "__main__":
    main()
