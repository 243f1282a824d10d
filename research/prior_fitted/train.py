"""Train the network of `prior_fitted` on generated tasks, and write its weights as plain arrays.

    OMP_NUM_THREADS=1 python research/prior_fitted/train.py

trains the weights that are shipped and writes them to src/wslabel/models/prior_fitted.npz: two legs, in one process on
one core, about ten minutes of its time; again on the same machine gives the same weights. With `--steps` a leg of one's
own is trained instead, and written to `--out`.
"""

from __future__ import annotations

import argparse
import copy
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from generate import GeneratedTask, generate_task
from network import SetNetwork
from numpy.typing import NDArray
from torch import Tensor
from worlds import Ints, Random

from wslabel.models._network_inputs import Inputs, inputs_of

SHIPPED = Path(__file__).resolve().parents[2] / "src" / "wslabel" / "models" / "prior_fitted.npz"
BATCH = 8
"""Tasks a step."""
LARGEST = 120_000
"""Patterns × LFs × labels of a task at most; larger tasks are cut."""


@dataclass(frozen=True)
class Example:
    """Inputs, and for every pattern the numbers of records of each true label that the loss counts."""

    inputs: Inputs
    targets: NDArray[np.float32]


def example(random: Random, skewed: bool = False) -> Example:
    """Return a generated task as the network meets it: patterns, sometimes a class balance, sometimes gold rows."""
    while True:
        votes, truth, cardinality = _cut(generate_task(random, skewed))
        gold = np.full(len(truth), -1)
        balance = np.full(cardinality, 1 / cardinality)
        if random.random() < 0.2:
            shown = random.permutation(len(truth))[: int(np.exp(random.uniform(np.log(5), np.log(250))))]
            gold[shown[: len(truth) // 2]] = truth[shown[: len(truth) // 2]]
            balance = np.bincount(gold[gold >= 0], minlength=cardinality) + 1.0
        elif random.random() < 0.15:
            balance = np.bincount(truth, minlength=cardinality) + 1.0
        keys, inverse = np.unique(np.column_stack([votes, gold]), axis=0, return_inverse=True)
        counts = np.zeros((len(keys), cardinality), np.float32)
        np.add.at(counts, (inverse.ravel(), truth), 1)
        inputs = inputs_of(keys[:, :-1], counts.sum(axis=1), keys[:, -1], balance / balance.sum())
        targets = counts * ((keys[:, :-1] >= 0).any(axis=1) & (keys[:, -1] < 0))[:, None]
        if targets.sum() > 0:
            return Example(inputs, targets)


def _cut(task: GeneratedTask) -> tuple[Ints, Ints, int]:
    """Return votes, truth and the number of labels, with fewer records where their patterns are too many."""
    votes, truth = task.votes, task.truth
    most = max(LARGEST // (votes.shape[1] * task.cardinality), 40)
    if len(np.unique(votes, axis=0)) > most:  # records stand in no order: the first are as good as any
        votes, truth = votes[:most], truth[:most]
        votes = votes[:, (votes >= 0).any(axis=0)]
    return votes, truth, task.cardinality


def loss_of(network: SetNetwork, one: Example) -> Tensor:
    """Return the mean log-loss over covered records without gold."""
    targets = torch.from_numpy(one.targets)
    return -(targets * torch.log_softmax(network(one.inputs), dim=1)).sum() / targets.sum()


@torch.no_grad()
def judge(network: SetNetwork, held: list[Example]) -> dict[str, float]:
    """Return mean log-loss, accuracy, and smoothed majority's two."""
    rows = []
    for one in held:
        logits, targets = network(one.inputs), torch.from_numpy(one.targets)
        total = targets.sum()
        majority = torch.from_numpy(np.ascontiguousarray(one.inputs.record[..., 0].T)).float()
        rows.append(
            [float(-(targets * torch.log_softmax(z, 1)).sum() / total) for z in (logits, majority)]
            + [float(targets.gather(1, z.argmax(1, keepdim=True)).sum() / total) for z in (logits, majority)]
        )
    mean = np.mean(rows, axis=0)
    return dict(zip(("log_loss", "majority_log_loss", "accuracy", "majority_accuracy"), mean.round(4).tolist()))


def train(
    steps: int, seed: int, batch: int, rate: float, out: Path, start_from: Path | None, until: int, skewed: bool
) -> tuple[SetNetwork, dict[str, float]]:
    """Return the averaged network that did best on held-out generated tasks, and how it did."""
    torch.manual_seed(seed)
    random = np.random.default_rng([seed, 1])
    held = [example(np.random.default_rng([99, i]), skewed) for i in range(200)]
    network = SetNetwork()
    if start_from:
        with np.load(start_from) as arrays:
            network.load_state_dict({name: torch.from_numpy(arrays[name]) for name in arrays.files})
    average = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-3)
    best: tuple[SetNetwork, dict[str, float]] = (average, judge(average, held))
    start = time.process_time()
    for step in range(1, min(steps, until or steps) + 1):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, step / 50) * 0.5 * (1 + np.cos(np.pi * step / steps))
        optimiser.zero_grad()
        for _ in range(batch):
            (loss_of(network, example(random, skewed)) / batch).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        decay = min(0.99, step / (step + 10))
        with torch.no_grad():
            for mean, now in zip(average.parameters(), network.parameters()):
                mean.lerp_(now, 1 - decay)
        if step % 80 == 0:
            figures = judge(average, held)
            print(step, round(time.process_time() - start), figures, flush=True)
            if figures["log_loss"] < best[1]["log_loss"]:
                best = (copy.deepcopy(average), figures)
                save(average, out)
    figures = judge(average, held)
    print(step, round(time.process_time() - start), figures, flush=True)
    return (average, figures) if figures["log_loss"] < best[1]["log_loss"] else best


def save(network: SetNetwork, path: Path) -> None:
    """Write the weights as float32 arrays named as in the network."""
    arrays = {name: value.detach().numpy().astype(np.float32) for name, value in network.named_parameters()}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def ship(out: Path) -> None:
    """Train the weights that are shipped: a leg on skewed class balances, then one on more even ones."""
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "first.npz"
        network, _ = train(3600, 0, BATCH, 4e-3, first, None, until=2000, skewed=True)
        save(network, first)
        network, figures = train(320, 1, BATCH, 1.5e-3, out, first, until=0, skewed=False)
    save(network, out)
    print(out, figures)


def main() -> None:
    """Train, and write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--steps", type=int, help="train one leg of so many steps, not the weights that are shipped")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--until", type=int, default=0, help="end at this step, as if more followed")
    parser.add_argument("--skewed", action="store_true", help="generate fewer even class balances, and fewer records")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.steps is None:
        ship(given.out)
        return
    network, figures = train(
        given.steps, given.seed, given.batch, given.rate, given.out, given.start, given.until, given.skewed
    )
    save(network, given.out)
    print(given.out, figures)


if __name__ == "__main__":
    main()
