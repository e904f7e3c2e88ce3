"""What the findings network is trained on: NIH X-rays with their 14 labels, and other collections for auxiliary heads."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .labels import FOLDS, Record, nih_records, targets

# Mean and spread to which ages are scaled, years.
AGE_CENTRE, AGE_SPREAD = 50.0, 20.0
# Columns of `Facts`: anterior-posterior view, female, age.
FACTS = 3
PAEDIATRIC_CLASSES = ("normal", "bacterial", "viral")


@dataclass(frozen=True)
class FindingsData:
    """NIH pictures of one run.

    ``targets`` [n, 14]; ``facts`` [n, 3] with NaN where unknown; ``train`` and ``test`` are indices.
    """

    records: list[Record]
    targets: NDArray[np.float32]
    facts: NDArray[np.float32]
    train: NDArray[np.int64]
    test: NDArray[np.int64]


@dataclass(frozen=True)
class AuxiliaryData:
    """Pictures of other collections: [n, 4] of labels with NaN where a collection does not answer: a paediatric class each, tuberculosis."""

    paths: list[Path]
    targets: NDArray[np.float32]


def load_findings(folder: Path, fold: int | None) -> FindingsData:
    """All pictures; those of ``fold`` are left out of training. ``None``: all are trained on, none is left."""
    records = nih_records(folder)
    folds = np.array([record.fold for record in records])
    facts = np.array([facts_of(record) for record in records], dtype=np.float32)
    return FindingsData(
        records, targets(records), facts, np.flatnonzero(folds != (FOLDS if fold is None else fold)), np.flatnonzero(folds == fold)
    )


def facts_of(record: Record) -> tuple[float, float, float]:
    """View, sex and scaled age of a picture, NaN where unknown."""
    view = {"AP": 1.0, "PA": 0.0}.get(record.view, np.nan)
    sex = {"F": 1.0, "M": 0.0}.get(record.sex, np.nan)
    age = np.nan if record.age is None else (record.age - AGE_CENTRE) / AGE_SPREAD
    return view, sex, age


def load_auxiliary(folder: Path) -> AuxiliaryData:
    """Paediatric pneumonia and adult tuberculosis where these folders are there; never labels of the findings."""
    paths, rows = [], []
    for row in read_list(folder / "paediatric" / "labels.csv"):
        paths.append(folder / row["file"])
        rows.append([*(float(row["label"] == name) for name in PAEDIATRIC_CLASSES), np.nan])
    for row in read_list(folder / "lungs" / "labels.csv"):
        if row["source"] in ("Montgomery", "Shenzhen") and row["tuberculosis"] in ("0", "1"):
            paths.append(folder / row["file"])
            rows.append([np.nan] * len(PAEDIATRIC_CLASSES) + [float(row["tuberculosis"])])
    return AuxiliaryData(paths, np.array(rows, dtype=np.float32).reshape(len(paths), len(PAEDIATRIC_CLASSES) + 1))


def read_list(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file, none where it is missing."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def sampling_weights(labels: NDArray[np.float32], power: float) -> NDArray[np.float64]:
    """Probability of each picture [n]: by the rarest of its findings, "none" counting as one."""
    with_none = np.concatenate([labels, labels.sum(1, keepdims=True) == 0], axis=1)
    frequency = np.maximum(with_none.mean(0), 1 / len(labels))
    weights = (with_none * frequency**-power).max(1)
    return weights / weights.sum()
