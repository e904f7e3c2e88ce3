"""What is measured on masks of lungs and heart: overlap, and the cardiothoracic ratio. The app measures the ratio likewise."""

from __future__ import annotations

import numpy as np
from scipy import ndimage


def dice(a: np.ndarray, b: np.ndarray) -> float:
    """Dice's coefficient of two bool masks; 1 where both are empty."""
    total = a.sum() + b.sum()
    return 1.0 if total == 0 else float(2 * (a & b).sum() / total)


def largest_parts(mask: np.ndarray, count: int) -> np.ndarray:
    """The ``count`` largest connected parts (edges touch) without their holes."""
    labels, found = ndimage.label(mask)
    if found == 0:
        return mask
    sizes = np.bincount(labels.ravel())[1:]
    kept = np.argsort(-sizes)[:count] + 1
    return ndimage.binary_fill_holes(np.isin(labels, kept))


def row_extents(values: np.ndarray, kept: np.ndarray, level: float) -> np.ndarray:
    """Left and right end of each row in pixels, [height, 2], between pixel centres where values cross the level; NaN: none.

    ``values`` are probabilities or 0 and 1, [height, width]; ``kept`` is the part of them that counts.
    """
    height, width = values.shape
    ends = np.full((height, 2), np.nan)
    for y in range(height):
        columns = np.flatnonzero(kept[y])
        if len(columns) == 0:
            continue
        first, last = columns[0], columns[-1]
        ends[y] = [crossing(values[y], first, -1, level, width), crossing(values[y], last, 1, level, width)]
    return ends


def crossing(row: np.ndarray, at: int, step: int, level: float, width: int) -> float:
    """Where a row crosses the level beyond its pixel ``at``; at the picture's edge: the edge."""
    beyond = at + step
    if beyond < 0 or beyond >= width:
        return at + 0.5 + step / 2
    inside, outside = row[at], row[beyond]
    share = 0.5 if inside <= outside else min(1.0, (inside - level) / (inside - outside))
    return at + 0.5 + step * share


def cardiothoracic_ratio(lungs: np.ndarray, heart: np.ndarray, level_lungs: float, level_heart: float) -> float:
    """Widest transverse extent of the heart over the widest inner width of the thorax; NaN where one is missing."""
    heart_ends = row_extents(heart, largest_parts(heart >= level_heart, 1), level_heart)
    lung_ends = row_extents(lungs, largest_parts(lungs >= level_lungs, 2), level_lungs)
    if np.isnan(heart_ends).all() or np.isnan(lung_ends).all():
        return float("nan")
    heart_width = np.nanmax(heart_ends[:, 1]) - np.nanmin(heart_ends[:, 0])
    thorax_width = np.nanmax(lung_ends[:, 1] - lung_ends[:, 0])
    return float(heart_width / thorax_width)
