"""Fits how the app scores quadrilaterals (src/imaging/photo/quad-score.ts) from what it measured of them.

    npm run -s measure-photo -- FOLDER --features FILE      # for each folder of photographs for training
    python3 -m photo.fit_corner_score FILE… --out ../src/imaging/photo/quad-weights.ts

A small network; the loss is that of a choice among all candidates of one photograph (Cao et al. 2007, ListNet), the
right ones being those near the truth, the nearer the better. Photographs without a right candidate teach nothing. The
candidates of the later rounds depend on the weights (find-corners.ts): measure and fit twice. Needs Debian's python3-torch.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

WHOLE, SIDE = 23, 70
"""Numbers of a candidate as a whole (quad-features.ts) and of each of its four sides (side-features.ts)."""
COLUMNS = 3 + WHOLE + 4 * SIDE
"""Number of the photograph, its kind, distance from the truth (share of the diagonal), and those."""
CLOSE = 0.02
SHARPNESS = 0.005
LEAST_SPREAD = 1e-3
BATCH = 32

Photographs = list[tuple[np.ndarray, np.ndarray]]


class Score(torch.nn.Module):
    """As scoreQuad: [..., WHOLE + 4 * SIDE], normalised, to [...]."""

    def __init__(self, units: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.side = torch.nn.Linear(SIDE, units, bias=False)
        self.places = torch.nn.Parameter(torch.zeros(4, units))
        self.hidden = torch.nn.Linear(WHOLE + 2 * units, hidden)
        self.dropout = torch.nn.Dropout(dropout)
        self.output = torch.nn.Linear(hidden, 1, bias=False)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        whole, sides = features[..., :WHOLE], features[..., WHOLE:].unflatten(-1, (4, SIDE))
        seen = torch.tanh(self.side(sides) + self.places)
        joined = torch.cat([whole, seen.mean(-2), seen.amin(-2)], -1)
        return self.output(self.dropout(torch.tanh(self.hidden(joined)))).squeeze(-1)


def read(paths: list[Path]) -> Photographs:
    """Per photograph the distances [n] and the features [n, k] of its candidates."""
    found: Photographs = []
    for path in paths:
        table = np.fromfile(path, dtype=np.float32).reshape(-1, COLUMNS)
        for rows in np.split(table, np.flatnonzero(np.diff(table[:, 0])) + 1):
            found.append((rows[:, 2], rows[:, 3:]))
    return found


def normalisation(photographs: Photographs) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread of the features; the four sides share theirs."""
    everything = np.concatenate([features for _, features in photographs])
    whole, sides = everything[:, :WHOLE], everything[:, WHOLE:].reshape(-1, SIDE)
    mean = np.r_[whole.mean(0), np.tile(sides.mean(0), 4)]
    spread = np.r_[whole.std(0), np.tile(sides.std(0), 4)] + LEAST_SPREAD
    return mean.astype(np.float32), spread.astype(np.float32)


def mirrored(features: torch.Tensor) -> torch.Tensor:
    """What would be measured in a mirror: left and right change places, the rest has no handedness."""
    sides = features[..., WHOLE:].unflatten(-1, (4, SIDE))[..., [0, 3, 2, 1], :]
    return torch.cat([features[..., :WHOLE], sides.flatten(-2)], -1)


def fit(photographs: Photographs, options: argparse.Namespace) -> tuple[Score, np.ndarray, np.ndarray]:
    torch.manual_seed(options.seed)
    useful = [item for item in photographs if item[0].min() <= CLOSE]
    mean, spread = normalisation(useful)
    most = max(len(distances) for distances, _ in useful)
    inputs = torch.zeros(len(useful), most, len(mean))
    away = torch.full((len(useful), most), torch.inf)
    for index, (distances, features) in enumerate(useful):
        inputs[index, : len(distances)] = torch.from_numpy((features - mean) / spread)
        away[index, : len(distances)] = torch.from_numpy(distances)
    target = torch.exp(-away / SHARPNESS) * (away <= CLOSE)
    target /= target.sum(1, keepdim=True)
    network = Score(options.units, options.hidden, options.dropout)
    optimiser = torch.optim.AdamW(network.parameters(), lr=5e-3, weight_decay=options.decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, options.steps)
    for step in range(options.steps):
        chosen = torch.randperm(len(useful))[:BATCH]
        batch = mirrored(inputs[chosen]) if step % 2 else inputs[chosen]
        scores = network(batch).masked_fill(away[chosen].isinf(), -30)
        loss = -(target[chosen] * torch.log_softmax(scores, 1)).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network.eval(), mean, spread


def right_share(network: Score, mean: np.ndarray, spread: np.ndarray, photographs: Photographs) -> float:
    with torch.no_grad():
        chosen = [int(network(torch.from_numpy((features - mean) / spread)).argmax()) for _, features in photographs]
    return float(np.mean([item[0][index] <= CLOSE for item, index in zip(photographs, chosen)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--decay", type=float, default=0.1)
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--units", type=int, default=16)
    parser.add_argument("--hidden", type=int, default=16)
    parser.add_argument("--parts", type=int, default=4, help="how many quarters are left out in turn, 0 to 4")
    options = parser.parse_args()
    torch.set_num_threads(1)
    photographs = read(options.features)
    possible = np.mean([distances.min() <= CLOSE for distances, _ in photographs])
    print(f"{len(photographs)} photographs; a right candidate in {possible:.3f}")
    held = []
    for part in range(options.parts):
        train = [item for index, item in enumerate(photographs) if index % 4 != part]
        held.append(right_share(*fit(train, options), photographs[part::4]))
    if held:
        print(f"chosen in left-out quarters: {np.mean(held):.3f}")
    if options.out is not None:
        network, mean, spread = fit(photographs, options)
        options.out.write_text(as_source(network, mean, spread, len(photographs)))


def as_source(network: Score, mean: np.ndarray, spread: np.ndarray, count: int) -> str:
    """The weights with the normalisation folded in."""
    side = network.side.weight.detach().numpy() / spread[WHOLE : WHOLE + SIDE]
    places = network.places.detach().numpy() - side @ mean[WHOLE : WHOLE + SIDE]
    hidden = network.hidden.weight.detach().numpy().copy()
    hidden[:, :WHOLE] /= spread[:WHOLE]
    bias = network.hidden.bias.detach().numpy() - hidden[:, :WHOLE] @ mean[:WHOLE]
    output = network.output.weight.detach().numpy()
    return TEMPLATE.format(
        count=count, side=rows(side), places=rows(places), hidden=rows(np.c_[hidden, bias]), output=rows(output)[1:-1]
    )


def rows(values: np.ndarray) -> str:
    return "[" + ", ".join("[" + ", ".join(f"{value:.4g}" for value in row) + "]" for row in values) + "]"


TEMPLATE = """/**
 * Weights of `scoreQuad`, fitted to {count} synthetic photographs by training/photo/fit_corner_score.py, which writes this file.
 * `side`: one row a unit, in the order of `sideFeatures`; `places`: biases for top, right, bottom and left; `hidden`: one row a
 * unit: `quadFeatureNames`, the sides' means, their least, the bias; `output`: one weight a unit.
 */
export const quadWeights = {{
  side: {side},
  places: {places},
  hidden: {hidden},
  output: {output},
}} as const;
"""


if __name__ == "__main__":
    main()
