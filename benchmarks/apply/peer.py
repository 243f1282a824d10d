"""Vote with Snorkel, in an environment of its own: a task as JSON on the input, seconds and votes on the output.

Run by `kernel.py` (patterns) and `python_lfs.py` (functions given as source); `run.py` tells how to make the
environment.
"""

import json
import re
import sys
import time
from types import SimpleNamespace

import pandas as pd
from snorkel.labeling import LabelingFunction, LFApplier, PandasLFApplier


def of_pattern(number: int, pattern: str) -> LabelingFunction:
    search = re.compile(pattern, re.IGNORECASE).search
    return LabelingFunction(f"lf_{number}", lambda x: 0 if search(x.text) else -1)


def of_source(number: int, body: str) -> LabelingFunction:
    scope: dict = {}
    body = body.replace('"a" if', "0 if").replace('"b" if', "1 if").replace("else None", "else -1")
    exec(f"import re\ndef lf_{number}(x):\n    return {body.replace('text', 'x.text')}", scope)
    return LabelingFunction(f"lf_{number}", scope[f"lf_{number}"])


def main() -> None:
    for line in sys.stdin:
        task = json.loads(line)
        make, given = (of_pattern, task["patterns"]) if "patterns" in task else (of_source, task["bodies"])
        lfs = [make(number, one) for number, one in enumerate(given)]
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
