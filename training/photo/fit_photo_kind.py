"""Fits how the app guesses whether a film or a monitor was photographed (src/imaging/photo/photo-kind.ts).

    python3 -m photo.fit_photo_kind FILE… --out ../src/imaging/photo/kind-weights.ts

FILE… as for fit_corner_score.py, of photographs only. A logistic regression on what was measured of the candidate nearest
to the truth, with a penalty on the squares of the weights. Needs Debian's python3-torch.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from .fit_corner_score import CLOSE, COLUMNS, LEAST_SPREAD, WHOLE


def read(paths: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Features [n, WHOLE] of the candidates nearest to the truth, and whether each shows a monitor [n]."""
    features, monitors = [], []
    for path in paths:
        table = np.fromfile(path, dtype=np.float32).reshape(-1, COLUMNS)
        for rows in np.split(table, np.flatnonzero(np.diff(table[:, 0])) + 1):
            nearest = rows[rows[:, 2].argmin()]
            if nearest[2] <= CLOSE:
                features.append(nearest[3 : 3 + WHOLE])
                monitors.append(nearest[1] == 1)
    return np.array(features), np.array(monitors, dtype=np.float32)


def fit(features: np.ndarray, monitors: np.ndarray, penalty: float) -> tuple[np.ndarray, float]:
    mean, spread = features.mean(0), features.std(0) + LEAST_SPREAD
    inputs, target = torch.from_numpy((features - mean) / spread), torch.from_numpy(monitors)
    weights = torch.zeros(WHOLE, requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=400)

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(inputs @ weights + bias, target)
        loss = loss + penalty * (weights**2).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    scaled = weights.detach().numpy() / spread
    return scaled, float(bias) - float(scaled @ mean)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--penalty", type=float, default=0.01)
    options = parser.parse_args()
    features, monitors = read(options.features)
    held = []
    for part in range(4):
        left_out = np.arange(len(monitors)) % 4 == part
        weights, bias = fit(features[~left_out], monitors[~left_out], options.penalty)
        held.append(((features[left_out] @ weights + bias > 0) == monitors[left_out]).mean())
    print(f"{len(monitors)} photographs, {monitors.mean():.2f} of monitors; right in left-out quarters: {np.mean(held):.3f}")
    if options.out is not None:
        weights, bias = fit(features, monitors, options.penalty)
        numbers = ", ".join(f"{value:.4g}" for value in weights)
        options.out.write_text(TEMPLATE.format(count=len(monitors), weights=numbers, bias=f"{bias:.4g}"))


TEMPLATE = """/**
 * Weights of `guessKind`, fitted to {count} synthetic photographs by training/photo/fit_photo_kind.py, which writes this file:
 * one a measurement, in the order of `quadFeatureNames`.
 */
export const kindWeights = {{
  weights: [{weights}],
  bias: {bias},
}} as const;
"""


if __name__ == "__main__":
    main()
