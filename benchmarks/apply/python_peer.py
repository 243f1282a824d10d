"""Vote with Snorkel on functions given as source; run by `python_lfs.py`."""

import json
import sys
import time
from types import SimpleNamespace

import pandas as pd
from snorkel.labeling import LabelingFunction, LFApplier, PandasLFApplier


def make(number: int, body: str) -> LabelingFunction:
    scope: dict = {}
    body = body.replace('"a" if', "0 if").replace('"b" if', "1 if").replace("else None", "else -1")
    source = f"import re\ndef lf_{number}(x):\n    return {body.replace('text', 'x.text')}"
    exec(source, scope)
    return LabelingFunction(f"lf_{number}", scope[f"lf_{number}"])


def main() -> None:
    for line in sys.stdin:
        task = json.loads(line)
        lfs = [make(number, body) for number, body in enumerate(task["bodies"])]
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
