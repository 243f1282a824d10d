"""Vote with Snorkel, in an environment of its own: a task as JSON on the input, seconds and votes on the output.

Run by `run.py`, which says how to make the environment.
"""

import json
import re
import sys
import time
from types import SimpleNamespace

import pandas as pd
from snorkel.labeling import LabelingFunction, LFApplier, PandasLFApplier


def make(name: str, pattern: str) -> LabelingFunction:
    search = re.compile(pattern, re.IGNORECASE).search
    return LabelingFunction(name, lambda x: 0 if search(x.text) else -1)


def main() -> None:
    for line in sys.stdin:
        task = json.loads(line)
        lfs = [make(f"lf_{number}", pattern) for number, pattern in enumerate(task["patterns"])]
        points = [SimpleNamespace(text=text) for text in task["texts"]]
        frame = pd.DataFrame({"text": task["texts"]})
        seconds = {}
        for name, applier, data in (("pandas", PandasLFApplier(lfs), frame), ("list", LFApplier(lfs), points)):
            begin = time.process_time()
            votes = applier.apply(data, progress_bar=False)
            seconds[name] = (time.process_time() - begin) / len(points)
        print(json.dumps({"seconds": seconds, "votes": votes.tolist()}), flush=True)


if __name__ == "__main__":
    main()
