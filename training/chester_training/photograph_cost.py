"""What a photograph costs each fold's network on the patients that it never saw:
``python3 -m chester_training photograph-cost --from FOLDER`` on the photographs that ``photographs --out FOLDER`` drew.

Rectified with corners as a person places them (the true ones, moved a little), in PyTorch, beside the digital originals of the very same
X-rays. What the app's own corners cost on top says ``npm run evaluate -- FOLDER --folds``.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from . import safetensors
from .compute import device
from .config import data_folder
from .crossvalidate import REFITTED, finish
from .export import network_of
from .findings import settings_of, shipped_variant
from .findings_data import load_findings
from .images import LARGEST_BYTE, CachedImages
from .labels import FOLDS
from .photographs import MEASURING_SEED, place_corners, rectified_square
from .refit import Head, pooled_features
from .statistics import aucs

Conditions = dict[str, Any]
# A finding counts where so many pictures of a group have it.
FEWEST_POSITIVES = 8
GROUPS: dict[str, Callable[[Conditions], bool]] = {
    "all": lambda _: True,
    "film": lambda made: made["kind"] == "film",
    "monitor": lambda made: made["kind"] == "monitor",
    "blurred (sigma or streak ≥ 2 of 1,000)": lambda made: max(made["blur"], made["motion"] / 2) >= 2,
    "sharp (below 0.5)": lambda made: max(made["blur"], made["motion"] / 2) < 0.5,
    "glare over ≥ 5 % of the film": lambda made: sum(spot["area"] for spot in made["glare"]) >= 0.05,
    "no glare": lambda made: not made["glare"],
    "a stop or more too dark or too bright": lambda made: abs(made["stops"]) >= 1,
    "moiré": lambda made: made["moire"] > 0,
    "tilted by ≥ 25°": lambda made: made["tilt"] >= 25,
    "film over less than half of the frame": lambda made: made["share"] < 0.5,
}


class KeptPictures:
    """Pictures in memory."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self.pixels = pixels

    def take(self, indices: Sequence[int] | NDArray[np.int64]) -> NDArray[np.uint8]:
        """[k, size, size], a copy."""
        return self.pixels[np.asarray(indices)]


def logits_on(variant: str, fold: int, photographs: dict[int, Conditions], folder: Path) -> tuple[NDArray[np.int64], NDArray, NDArray]:
    """X-rays of a fold that were photographed, and the logits [n, 14] of the fold's network on originals and on photographs."""
    data = load_findings(data_folder(), fold)
    size = settings_of(variant)["stages"][-1][0]
    shown = np.array([index for index in data.test if int(index) in photographs], dtype=np.int64)
    arrays = safetensors.read(finish(variant, fold) / REFITTED)
    network = network_of(arrays)
    squares = []
    for index in shown:
        made = photographs[int(index)]
        random = np.random.default_rng([MEASURING_SEED, int(index), 1])
        jpeg = (folder / made["file"]).read_bytes()
        squares.append(rectified_square(jpeg, place_corners(made, random), size))
    rectified = KeptPictures(np.rint(np.stack(squares) * LARGEST_BYTE).astype(np.uint8))
    originals = CachedImages([record.path for record in data.records], size)
    place = device()
    network.to(place)
    found = (pooled_features(network, pictures, indices, [], place) for pictures, indices in ((originals, shown), (rectified, np.arange(len(shown)))))
    before, after = (Head.of(arrays).logits(features) for features in found)
    return shown, before, after


def macro_pair(before: NDArray, after: NDArray, labels: NDArray, fewest: int) -> dict[str, float]:
    """Macro AUC on originals and photographs over the findings that are frequent enough."""
    positives = labels.sum(0)
    enough = (positives >= fewest) & (positives < len(labels))
    pair = [float(aucs(logits[:, enough], labels[:, enough]).mean()) for logits in (before, after)]
    return {"pictures": len(labels), "findings": int(enough.sum()), "originals": round(pair[0], 4), "photographs": round(pair[1], 4)}


def measure(variant: str, folder: Path) -> dict[str, object]:
    """Each fold by itself, their mean, and groups by how the photograph was taken, pooled over the folds."""
    lines = (folder / "photographs.jsonl").read_text().splitlines()
    photographs = {int(Path(made["file"]).stem): made for made in map(json.loads, lines)}
    targets = load_findings(data_folder(), None).targets
    parts = [logits_on(variant, fold, photographs, folder) for fold in range(FOLDS)]
    folds = [macro_pair(before, after, targets[shown], 1) for shown, before, after in parts]
    shown, before, after = (np.concatenate(column) for column in zip(*parts, strict=True))
    groups = {}
    for name, belongs in GROUPS.items():
        own = np.array([belongs(photographs[int(index)]) for index in shown])
        groups[name] = macro_pair(before[own], after[own], targets[shown[own]], FEWEST_POSITIVES)
    means = {key: round(float(np.mean([fold[key] for fold in folds])), 4) for key in ("originals", "photographs")}
    return {"variant": variant, "folds": folds, "mean": means, "pooled": groups}


def main(argv: list[str]) -> None:
    """``photograph-cost --from FOLDER [--variant NAME]``"""
    parser = argparse.ArgumentParser(prog="chester_training photograph-cost", description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    parser.add_argument("--variant", default=shipped_variant())
    given = parser.parse_args(argv)
    with torch.no_grad():
        print(json.dumps(measure(given.variant, given.folder), indent=1, ensure_ascii=False))
