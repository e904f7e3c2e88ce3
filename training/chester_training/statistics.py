"""Figures of merit, in NumPy, with intervals by bootstrap over patients."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def auc(scores: Floats, labels: Floats) -> float:
    """Area under the ROC curve, ties counting half (Mann-Whitney); NaN where one class is missing."""
    positive = labels > 0.5
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if positives == 0 or negatives == 0:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last_rank = np.cumsum(counts)
    ranks = (last_rank - (counts - 1) / 2)[inverse]
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def aucs(scores: Floats, labels: Floats) -> NDArray[np.float64]:
    """One AUC a column of [n, k]."""
    return np.array([auc(scores[:, column], labels[:, column]) for column in range(labels.shape[1])])


def macro_auc(scores: Floats, labels: Floats) -> float:
    """Mean of the AUCs of all findings that have both classes."""
    return float(np.nanmean(aucs(scores, labels)))


def patient_bootstraps(patients: Sequence[str], repeats: int, seed: int) -> list[NDArray[np.int64]]:
    """Indices of pictures for each repeat: patients drawn with replacement, each with all of their pictures."""
    random = np.random.default_rng(seed)
    names, inverse = np.unique(np.asarray(patients), return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    starts = np.searchsorted(inverse[order], np.arange(len(names) + 1))
    groups = [order[starts[k] : starts[k + 1]] for k in range(len(names))]
    return [np.concatenate([groups[k] for k in random.integers(len(names), size=len(names))]) for _ in range(repeats)]


def interval(values: Floats, coverage: float) -> tuple[float, float]:
    """Central percentile interval of bootstrapped values; NaNs are left out."""
    tail = (1 - coverage) / 2 * 100
    low, high = np.nanpercentile(values, [tail, 100 - tail])
    return float(low), float(high)
