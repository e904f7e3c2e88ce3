"""Chest X-rays with masks of lungs and heart (``lungs/`` of the data folder), small enough to lie in memory.

Two conventions meet here. JSRT, Montgomery and Shenzhen leave the heart out of the lungs; the v7labs masks include the
lung behind it. Of the latter only what both conventions agree on is used: what lies outside the mask is no lung, and the
part of it next to the ribs is lung; what lies between is unknown and costs nothing. The heart is drawn in JSRT only.
"""

import csv
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from .images import LARGEST_BYTE, read_grey, resize_area

LUNG, HEART = 100, 200
# Of each row of a v7labs lung: this share, counted from the ribs, lies beside the heart in any child.
LATERAL_SHARE = 0.45
FOLDS = 5
PAEDIATRIC = "v7labs"


@dataclass(frozen=True)
class Case:
    """One X-ray. All tensors are uint8; the first dimension of the last two is lungs, heart."""

    name: str
    source: str
    fold: int
    # [side, side] of 0..255
    image: Tensor
    # [2, side, side], 0 or 1
    target: Tensor
    # [2, side, side]: 1 where the target is known
    known: Tensor


def fold_of(name: str) -> int:
    """One patient has one picture in these collections, so the picture's name decides; CRC-32 is the same everywhere."""
    return zlib.crc32(name.encode()) % FOLDS


def load_cases(data: Path, side: int, paediatric: int) -> list[Case]:
    """Every picture squashed to a square, as the app does it; of the v7labs ones the first ``paediatric``."""
    with (data / "lungs" / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    children = [row for row in rows if row["source"].startswith(PAEDIATRIC)]
    left = {row["file"] for row in children[paediatric:]}
    return [load_case(data, row, side) for row in rows if row["file"] not in left]


def load_case(data: Path, row: dict[str, str], side: int) -> Case:
    """One row of the list."""
    grey = resize_area(read_grey(data / row["file"]), side, side)
    with Image.open(data / row["mask"]) as picture:
        mask = np.asarray(picture.resize((side, side), Image.Resampling.NEAREST))
    lungs, heart = mask == LUNG, mask == HEART
    is_child = row["source"].startswith(PAEDIATRIC)
    lungs_known = ~(lungs & ~lateral_part(lungs)) if is_child else np.ones_like(lungs)
    heart_known = np.full_like(heart, row["heart"] == "1")
    name = Path(row["file"]).stem
    return Case(
        name=name,
        source=row["source"].split("-")[0],
        fold=fold_of(name),
        image=torch.from_numpy(np.rint(grey * LARGEST_BYTE).astype(np.uint8)),
        target=torch.from_numpy(np.stack([lungs, heart]).astype(np.uint8)),
        known=torch.from_numpy(np.stack([lungs_known, heart_known]).astype(np.uint8)),
    )


def lateral_part(lungs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The part of each row's lungs that lies next to the ribs, [height, width]."""
    part = np.zeros_like(lungs)
    width = lungs.shape[1]
    halves = (np.arange(width // 2), np.arange(width - 1, width // 2 - 1, -1))
    for y in range(lungs.shape[0]):
        for columns in halves:
            inside = columns[lungs[y, columns]]
            part[y, inside[: int(np.ceil(len(inside) * LATERAL_SHARE))]] = True
    return part
