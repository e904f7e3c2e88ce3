"""Limits of the gate's distance in the network's feature space, measured on patients and sources that it was not trained on:
``python3 -m chester_training distances --fold 0`` writes ``folds/distances.json``, which the export of a pack reads.

The distance is the app's (src/inference/gate/feature-gate.ts): Mahalanobis, with the leading directions of the training
pictures' covariance kept and the rest taken as isotropic (Lee et al., arXiv 1807.03888; Tipping and Bishop 1999).
"""

import argparse
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import safetensors
from .compute import device
from .config import TRAINING_FOLDER, data_folder
from .findings import settings_of, shipped_variant, train
from .findings_data import load_findings, read_list
from .images import CachedImages
from .labels import FINDINGS
from .mobilenet import MobileNetV2
from .refit import pooled_features

LIMITS_PATH = TRAINING_FOLDER / "folds" / "distances.json"
# X-rays of adults from other hospitals: refused at most this often, and NIH's left-out patients warned of at most so often.
MOST_REFUSED = 0.005
MOST_WARNED = 0.005
ADULT_SOURCES = ("JSRT", "Montgomery", "Shenzhen", "frontal, teaching collections")
# Sets with many pictures of the same kind are thinned: every n-th is taken.
THINNING = {"paediatric (Kermany)": 12, "paediatric (v7labs)": 4}


@dataclass(frozen=True)
class FeatureSpace:
    """Where training pictures lie: mean [f], directions [c, f] with their variances [c], variance of the rest."""

    mean: NDArray[np.float64]
    directions: NDArray[np.float64]
    variances: NDArray[np.float64]
    rest: float

    @classmethod
    def of(cls, features: NDArray[np.floating], components: int) -> "FeatureSpace":
        """Of features [n, f]; covariance with n − 1."""
        mean = features.mean(0, dtype=np.float64)
        values, vectors = np.linalg.eigh(np.cov(features.astype(np.float64), rowvar=False))
        rest = np.clip(values[:-components], 0, None).mean()
        return cls(mean, vectors[:, -components:].T, values[-components:], float(rest))

    def write(self, path: Path) -> None:
        """In the layout of ``FeatureStatistics`` (src/shared/pack.ts): mean and variances float32, directions float16."""
        parts = [self.mean.astype("<f4"), self.variances.astype("<f4"), self.directions.astype("<f2")]
        path.write_bytes(b"".join(part.tobytes() for part in parts))

    def distances(self, features: NDArray[np.floating]) -> NDArray[np.float64]:
        """[n, f] to [n]."""
        offsets = features - self.mean
        projections = offsets @ self.directions.T
        left = np.clip((offsets**2).sum(1) - (projections**2).sum(1), 0, None)
        return np.sqrt((projections**2 / self.variances).sum(1) + left / self.rest)


def other_sets(folder: Path) -> dict[str, list[Path]]:
    """Pictures that are not NIH's by source or kind."""
    sets: dict[str, list[Path]] = {}

    def add(name: str, file: str) -> None:
        sets.setdefault(name, []).append(folder / file)

    for row in read_list(folder / "lungs" / "labels.csv"):
        add("paediatric (v7labs)" if row["source"] == "v7labs-paediatric" else row["source"], row["file"])
    for row in read_list(folder / "film_photos" / "labels.csv"):
        add("photographs of films", row["file"])
    for row in read_list(folder / "frontal_other" / "labels.csv"):
        add("frontal, teaching collections", row["file"])
    for row in read_list(folder / "paediatric" / "labels.csv"):
        add("paediatric (Kermany)", row["file"])
    for row in read_list(folder / "other" / "labels.csv"):
        # 64-pixel pictures are refused for their size alone.
        if not row["source"].startswith("MedNIST"):
            add(row["kind"], row["file"])
    return {name: files[:: THINNING.get(name, 1)] for name, files in sets.items()}


def measure(variant: str, fold: int, components: int) -> dict[str, object]:
    """Distances of each set from the training pictures of a fold's network, and the limits that follow from them."""
    place = device()
    data = load_findings(data_folder(), fold)
    size = settings_of(variant)["stages"][-1][0]
    network = MobileNetV2(len(FINDINGS))
    network.load_arrays(safetensors.read(train(variant, fold) / "weights.safetensors"))
    network.to(place)
    pictures = CachedImages([record.path for record in data.records], size)
    space = FeatureSpace.of(pooled_features(network, pictures, data.train, [], place), components)
    found = {f"NIH fold {fold}": space.distances(pooled_features(network, pictures, data.test, [], place))}
    for name, files in other_sets(data_folder()).items():
        shown = CachedImages(files, size)
        found[name] = space.distances(pooled_features(network, shown, np.arange(len(shown)), [], place))
    adults = np.concatenate([found[name] for name in ADULT_SOURCES if name in found] or [found[f"NIH fold {fold}"]])
    warn_above = math.ceil(np.quantile(found[f"NIH fold {fold}"], 1 - MOST_WARNED))
    refuse_above = max(warn_above, math.ceil(np.quantile(adults, 1 - MOST_REFUSED)))
    return {
        "fold": fold,
        "components": components,
        "warnAbove": warn_above,
        "refuseAbove": refuse_above,
        "sets": {name: summary(values, warn_above, refuse_above) for name, values in found.items()},
    }


def summary(values: NDArray[np.float64], warn_above: float, refuse_above: float) -> dict[str, float]:
    """A set in six numbers."""
    median, ninety_fifth, ninety_ninth = np.quantile(values, [0.5, 0.95, 0.99]).round(1).tolist()
    return {
        "pictures": len(values),
        "median": median,
        "p95": ninety_fifth,
        "p99": ninety_ninth,
        "warned": round(float((values > warn_above).mean()), 3),
        "refused": round(float((values > refuse_above).mean()), 3),
    }


def describe_space(path: Path, features: NDArray[np.floating]) -> dict[str, float] | None:
    """Writes where training pictures [n, f] lie; :returns: what ``network.json`` states of it, None where no limits were measured."""
    if not LIMITS_PATH.exists():
        return None
    found = json.loads(LIMITS_PATH.read_text())
    space = FeatureSpace.of(features, found["components"])
    space.write(path)
    stated = {"features": len(space.mean), "components": found["components"], "restVariance": space.rest}
    return {**stated, "warnAbove": found["warnAbove"], "refuseAbove": found["refuseAbove"]}


def main(argv: list[str]) -> None:
    """``distances --fold 0 [--variant NAME]``"""
    parser = argparse.ArgumentParser(prog="chester_training distances", description=__doc__)
    parser.add_argument("--fold", type=int, default=0, choices=range(4))
    parser.add_argument("--variant", default=shipped_variant())
    given = parser.parse_args(argv)
    found = measure(given.variant, given.fold, settings_of(given.variant)["distance_components"])
    LIMITS_PATH.parent.mkdir(exist_ok=True)
    LIMITS_PATH.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))
