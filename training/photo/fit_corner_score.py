"""Fits how the app scores quadrilaterals (src/imaging/photo/quad-score.ts) from what it measured of them.

    npm run -s measure-photo -- corners FOLDER --features FILE      # for each folder of photographs for training
    python3 -m photo.fit_corner_score FILE… --out ../src/imaging/photo/quad-weights.ts

A network of one hidden layer; the loss is that of a choice among all candidates of one photograph (Cao et al. 2007,
ListNet), the right ones being those near the truth, the nearer the better. Photographs without a right candidate teach
nothing. Needs Debian's python3-torch.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

CLOSE = 0.02
SHARPNESS = 0.006
HIDDEN = 16
STEPS = 1500


def read(paths: list[Path]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Per photograph the distances [n] and the features [n, k] of its candidates."""
    rows = [json.loads(line) for path in paths for line in path.read_text().splitlines()]
    return [(np.array(row["d"]), np.array(row["f"], dtype=np.float32)) for row in rows]


def fit(photographs: list, seed: int, decay: float) -> tuple[torch.nn.Module, np.ndarray, np.ndarray]:
    torch.manual_seed(seed)
    useful = [item for item in photographs if item[0].min() <= CLOSE]
    everything = np.concatenate([features for _, features in useful])
    mean, spread = everything.mean(0), everything.std(0) + 1e-6
    most = max(len(distances) for distances, _ in useful)
    inputs = torch.zeros(len(useful), most, everything.shape[1])
    absent = torch.ones(len(useful), most, dtype=torch.bool)
    target = torch.zeros(len(useful), most)
    for index, (distances, features) in enumerate(useful):
        count = len(distances)
        inputs[index, :count] = torch.from_numpy((features - mean) / spread)
        absent[index, :count] = False
        right = np.exp(-distances / SHARPNESS) * (distances <= CLOSE)
        target[index, :count] = torch.from_numpy(right / right.sum())
    network = torch.nn.Sequential(torch.nn.Linear(inputs.shape[2], HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1))
    optimiser = torch.optim.AdamW(network.parameters(), lr=5e-3, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for _ in range(STEPS):
        chosen = torch.randperm(len(useful))[:128]
        scores = network(inputs[chosen] + 0.05 * torch.randn(len(chosen), most, inputs.shape[2])).squeeze(-1)
        scores = scores.masked_fill(absent[chosen], -30)
        loss = -(target[chosen] * torch.log_softmax(scores, 1)).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network, mean, spread


def right_share(network: torch.nn.Module, mean: np.ndarray, spread: np.ndarray, photographs: list) -> float:
    right = 0
    with torch.no_grad():
        for distances, features in photographs:
            scores = network(torch.from_numpy((features - mean) / spread)).squeeze(-1)
            right += distances[int(scores.argmax())] <= CLOSE
    return right / len(photographs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--decay", type=float, default=0.3)
    parser.add_argument("--quarters", type=int, default=4, help="how many are left out in turn, 0 to 4")
    options = parser.parse_args()
    torch.set_num_threads(1)
    photographs = read(options.features)
    order = np.random.default_rng(options.seed).permutation(len(photographs))
    photographs = [photographs[index] for index in order]
    possible = np.mean([distances.min() <= CLOSE for distances, _ in photographs])
    held = []
    for fold in range(options.quarters):
        train = [item for index, item in enumerate(photographs) if index % 4 != fold]
        held.append(right_share(*fit(train, options.seed, options.decay), photographs[fold::4]))
    print(f"{len(photographs)} photographs; a right candidate in {possible:.3f}; chosen, left-out quarters {np.mean(held) if held else np.nan:.3f}")
    if options.out is None:
        return
    network, mean, spread = fit(photographs, options.seed, options.decay)
    first, last = network[0], network[2]
    # The normalisation is folded into the first layer.
    weights = first.weight.detach().numpy() / spread
    bias = first.bias.detach().numpy() - weights @ mean
    output = np.r_[last.weight.detach().numpy()[0]]
    options.out.write_text(TEMPLATE.format(count=len(photographs), hidden=rows(np.c_[weights, bias]), output=rows([output])[1:-1].strip(",\n ")))


def rows(values: np.ndarray) -> str:
    return "[" + ", ".join("[" + ", ".join(f"{value:.4g}" for value in row) + "]" for row in values) + "]"


TEMPLATE = """/**
 * Weights of `scoreQuad`, fitted to {count} synthetic photographs by training/photo/fit_corner_score.py, which writes this file.
 * `hidden`: one row a unit, its weights in the order of `quadFeatureNames` and its bias; `output`: one weight a unit.
 */
export const quadWeights = {{
  hidden: {hidden},
  output: {output},
}} as const;
"""


if __name__ == "__main__":
    main()
