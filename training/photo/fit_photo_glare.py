"""Fits how the app tells glare in a rectified photograph (src/imaging/photo/photo-glare.ts).

    python3 -m photo.fit_photo_glare FOLDER… --originals FILE… --out ../src/imaging/photo/glare-weights.ts

FOLDER: photographs for training, drawn with `--rooms training`; FILE: digital originals, or lists of them, that have no glare. The network sees
24 x 24 cells of the film and is taught in each how much light the drawn spots add there. Needs Debian's python3-torch.
"""

import argparse
import json
import re
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .__main__ import list_xrays
from .camera import spot_shape
from .rectify import balanced_grey, rectify

SIDE, FINE = 24, 2
MOST_LIGHT = 0.5
LEAST_SPREAD = 0.02
DILATIONS = (1, 2, 3)
BATCH = 32
SHIFT = 0.05
"""Spread of the offsets that each picture's inputs are moved by while training."""

MEAN_CHEST = Path(__file__).parents[2] / "src/imaging/photo/mean-chest.ts"


def mean_chest() -> np.ndarray:
    rows = re.findall(r"\[(-?\d+(?:, -?\d+)+)\]", MEAN_CHEST.read_text())
    left = np.array([[int(value) for value in row.split(", ")] for row in rows], dtype=np.float32) / 100
    whole = np.concatenate([left, left[:, ::-1]], axis=1)
    return whole.repeat(SIDE // len(whole), 0).repeat(SIDE // len(whole), 1)


def cells_of(rgb: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """[SIDE, SIDE] of 0..1: as the app has it, to a thousandth."""
    fine = rectify(balanced_grey(rgb, corners), corners, (SIDE * FINE, SIDE * FINE))
    return fine.reshape(SIDE, FINE, SIDE, FINE).mean((1, 3))


def light_of(conditions: dict) -> np.ndarray:
    """[SIDE, SIDE]: light that the drawn spots add, share of white."""
    corners = np.array(conditions["film"])
    width, height = corners
    share = (np.arange(SIDE * FINE) + 0.5) / (SIDE * FINE) - 0.5
    u, v = np.meshgrid(share * width, share * height)
    light = sum((spot["strength"] * spot_shape(u, v, (width, height), spot) for spot in conditions["glare"]), np.zeros_like(u))
    return light.reshape(SIDE, FINE, SIDE, FINE).mean((1, 3))


def read(folders: list[Path], originals: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Cells and light, both [n, SIDE, SIDE]."""
    cells, light = [], []
    for folder in folders:
        for line in (folder / "photographs.jsonl").read_text().splitlines():
            conditions = json.loads(line)
            rgb = np.asarray(Image.open(folder / conditions["file"]).convert("RGB"))
            cells.append(cells_of(rgb, np.array(conditions["corners"])))
            light.append(light_of(conditions))
    for path in originals:
        rgb = np.asarray(Image.open(path).convert("RGB"))
        height, width = rgb.shape[:2]
        cells.append(cells_of(rgb, np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=float)))
        light.append(np.zeros((SIDE, SIDE)))
    return np.array(cells, dtype=np.float32), np.array(light, dtype=np.float32)


def inputs_of(cells: np.ndarray) -> torch.Tensor:
    """[n, 4, SIDE, SIDE], as photo-glare.ts has it."""
    mean, spread = cells.mean((1, 2), keepdims=True), cells.std((1, 2), keepdims=True)
    chest = np.broadcast_to(mean_chest(), cells.shape)
    return torch.from_numpy(np.stack([cells, (cells - mean) / (spread + LEAST_SPREAD), cells - cells[:, :, ::-1], chest], 1))


def make_network(units: int) -> torch.nn.Sequential:
    layers: list[torch.nn.Module] = []
    planes = 4
    for dilation in DILATIONS:
        layers += [torch.nn.Conv2d(planes, units, 3, padding=dilation, dilation=dilation), torch.nn.ReLU()]
        planes = units
    return torch.nn.Sequential(*layers, torch.nn.Conv2d(planes, 1, 1))


def fit(inputs: torch.Tensor, target: torch.Tensor, seed: int, options: argparse.Namespace) -> torch.nn.Sequential:
    torch.manual_seed(seed)
    network = make_network(options.units)
    optimiser = torch.optim.AdamW(network.parameters(), lr=4e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, options.steps)
    for step in range(options.steps):
        chosen = torch.randint(len(inputs), (BATCH,))
        seen, wanted = inputs[chosen], target[chosen]
        if step % 2:
            # A mirror turns the third plane's sign and places at once: it is mirrored as the others are.
            seen, wanted = seen.flip(3), wanted.flip(2)
        seen = seen + SHIFT * torch.randn(BATCH, seen.shape[1], 1, 1)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(network(seen)[:, 0], wanted)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network.eval()


def loss_of(network: torch.nn.Sequential, inputs: torch.Tensor, target: torch.Tensor) -> float:
    with torch.no_grad():
        return float(torch.nn.functional.binary_cross_entropy_with_logits(network(inputs)[:, 0], target))


def best_fit(inputs: torch.Tensor, target: torch.Tensor, options: argparse.Namespace) -> torch.nn.Sequential:
    """So few units may die at the start: of several beginnings, the one that ends nearest to what was drawn."""
    fitted = [fit(inputs, target, seed, options) for seed in options.seeds]
    return min(fitted, key=lambda network: loss_of(network, inputs, target))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--originals", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--steps", type=int, default=1800)
    parser.add_argument("--units", type=int, default=8)
    options = parser.parse_args()
    torch.set_num_threads(1)
    cells, light = read(options.folders, list_xrays(options.originals) if options.originals else [])
    inputs, target = inputs_of(cells), torch.from_numpy(np.minimum(light, MOST_LIGHT) / MOST_LIGHT)
    network = best_fit(inputs, target, options)
    with torch.no_grad():
        told = MOST_LIGHT * torch.sigmoid(network(inputs)[:, 0]).numpy()
    off = np.abs(told - np.minimum(light, MOST_LIGHT)).mean()
    print(f"{len(cells)} pictures, {np.mean(light.max((1, 2)) > 0):.2f} with glare; mean distance of told and drawn light {off:.4f}")
    if options.out is not None:
        options.out.write_text(as_source(network, len(cells)))


def as_source(network: torch.nn.Sequential, count: int) -> str:
    layers = []
    for layer in network:
        if isinstance(layer, torch.nn.Conv2d):
            weights = layer.weight.detach().numpy().reshape(layer.out_channels, -1)
            dilation = layer.dilation[0] if layer.kernel_size[0] > 1 else 0
            bias = row(layer.bias.detach().numpy())
            layers.append(f"{{ dilation: {dilation}, weights: [{', '.join(row(unit) for unit in weights)}], bias: {bias} }}")
    return TEMPLATE.format(count=count, layers=", ".join(layers))


def row(values: np.ndarray) -> str:
    return "[" + ", ".join(f"{value:.3g}" for value in values) + "]"


TEMPLATE = """/**
 * Weights of `measureGlare`, fitted to {count} synthetic photographs and digital originals by training/photo/fit_photo_glare.py, which
 * writes this file: the layers in turn, a row a unit.
 */
export const glareWeights = {{
  layers: [{layers}],
}} as const;
"""


if __name__ == "__main__":
    main()
