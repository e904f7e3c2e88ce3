"""Fits how the app tells blur in a rectified photograph (src/imaging/photo/photo-blur.ts).

    npm run -s measure-photo -- FOLDER --signs FILE         # for each folder of photographs for training
    python3 -m photo.fit_photo_blur FILE… --out ../src/imaging/photo/blur-weights.ts

The logarithm of the drawn blur by least squares with a penalty (ridge regression) on the features that FILE has of each
photograph. Blur and streak add as variances; an even streak of length l has the variance l² / 12.
"""

import argparse
import json
from pathlib import Path

import numpy as np

FRAME = 1000
"""Pixels of the long side in which the generator states its blur (camera.py)."""
SHARPEST = 0.0018
"""Share of the short side: what the X-rays themselves are blurred by; no drawn blur below it can be told."""
PENALTY = 3.0


def drawn_blur(conditions: dict) -> float:
    """Standard deviation, share of the film's short side."""
    corners = np.array(conditions["corners"])
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
    short_side = min(sides[0] + sides[2], sides[1] + sides[3]) / 2
    sigma = np.hypot(conditions["blur"], conditions["motion"] / np.sqrt(12))
    return float(sigma * max(conditions["width"], conditions["height"]) / FRAME / short_side)


def read(paths: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Features [n, k] and drawn blur [n]."""
    lines = [json.loads(line) for path in paths for line in path.read_text().splitlines()]
    features = np.array([line["blurFeatures"] for line in lines])
    return features, np.array([drawn_blur(line["conditions"]) for line in lines])


def fit(features: np.ndarray, blur: np.ndarray) -> tuple[np.ndarray, float]:
    mean, spread = features.mean(0), features.std(0) + 1e-6
    inputs = (features - mean) / spread
    target = np.log(np.hypot(blur, SHARPEST))
    weights = np.linalg.solve(inputs.T @ inputs + PENALTY * np.eye(len(mean)), inputs.T @ (target - target.mean()))
    scaled = weights / spread
    return scaled, float(target.mean() - scaled @ mean)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    features, blur = read(options.features)
    told = np.zeros(len(blur))
    for part in range(4):
        left_out = np.arange(len(blur)) % 4 == part
        weights, bias = fit(features[~left_out], blur[~left_out])
        told[left_out] = features[left_out] @ weights + bias
    correlation = np.corrcoef(told, np.log(np.hypot(blur, SHARPEST)))[0, 1]
    print(f"{len(blur)} photographs; correlation of told and drawn in left-out quarters: {correlation:.3f}")
    if options.out is not None:
        weights, bias = fit(features, blur)
        numbers = ", ".join(f"{value:.4g}" for value in weights)
        options.out.write_text(TEMPLATE.format(count=len(blur), weights=numbers, bias=f"{bias:.5g}"))


TEMPLATE = """/**
 * Weights of `measureBlur`, fitted to {count} synthetic photographs by training/photo/fit_photo_blur.py, which writes this file:
 * one a measurement, in the order of `blurFeatureNames`.
 */
export const blurWeights = {{
  weights: [{weights}],
  bias: {bias},
}} as const;
"""


if __name__ == "__main__":
    main()
