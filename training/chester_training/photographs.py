"""Synthetic photographs of X-rays. For training: rectified as the app would, drawn once, kept on disk. For measuring:
``python3 -m chester_training photographs --out FOLDER`` writes them as files with a table, for ``npm run evaluate -- FOLDER --folds``.

Photographs for training lie in the rooms of photo/surroundings.py, those for measuring in the rooms of
photo/surroundings_measuring.py, by code that the others never call. A person or the app places the corners, never exactly: in training
they are moved a little.
"""

import argparse
import csv
import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo import surroundings, surroundings_measuring
from photo.photograph import Photograph, load_ranges, photograph
from photo.rectify import rectify_photo

from .config import data_folder
from .images import LARGEST_BYTE, CachedImages, centre_square, read_grey, resize_area
from .labels import NO_FINDING, Record, nih_records

ROOMS = {"training": surroundings, "measuring": surroundings_measuring}
# Pixels of the photograph's long side: what the film takes of it is about as many pixels as a network sees, up to three times that.
LONG_SIDE = 800
# That of photographs for measuring, which the app reads as files.
MEASURED_LONG_SIDE = 960
MEASURING_SEED = 12
COLUMNS = ("file", "patient", "findings", "fold", "view", "age", "sex", "inputKind")
# Pixels a side at which those for training are kept.
DRAWN_SIDE = 288
# Standard deviation of a placed corner's distance from the true one along each axis, share of the photograph's diagonal.
CORNER_ERROR = 0.004


def draw_photograph(path: Path, rooms: str, seed: int, number: int, long_side: int = LONG_SIDE) -> Photograph:
    """The photograph ``number`` of a seed; the same however many are drawn."""
    return photograph(read_grey(path), np.random.default_rng([seed, number]), ROOMS[rooms], long_side, load_ranges())


def place_corners(conditions: dict[str, Any], random: np.random.Generator) -> NDArray[np.float64]:
    """The corners of a photograph as they are placed by hand: [4, 2]."""
    error = CORNER_ERROR * float(np.hypot(conditions["width"], conditions["height"]))
    return np.array(conditions["corners"]) + random.normal(0, error, (4, 2))


def rectified_square(jpeg: bytes, corners: NDArray[np.float64], size: int) -> NDArray[np.float32]:
    """What a network sees of a photograph: [size, size] of 0..1."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        rgb = np.asarray(picture.convert("RGB"))
    return resize_area(centre_square(rectify_photo(rgb, corners)), size, size)


class CachedPhotographs(CachedImages):
    """One photograph of each file, rectified, as bytes of grey [n, size, size]; see ``CachedImages``.

    They are drawn once, at ``DRAWN_SIDE``; smaller ones are reduced from these.
    """

    def __init__(self, paths: Sequence[Path], size: int, rooms: str, seed: int) -> None:
        self.rooms = rooms
        self.seed = seed
        self.drawn = CachedPhotographs(paths, DRAWN_SIDE, rooms, seed) if size < DRAWN_SIDE else None
        ranges = hashlib.sha256(repr(load_ranges()).encode()).hexdigest()
        super().__init__(paths, size, f"photographs {rooms} {seed} {LONG_SIDE} {CORNER_ERROR} {ranges}")

    def picture(self, index: int, path: Path) -> NDArray[np.float32]:
        """[size, size] of 0..1."""
        if self.drawn is not None:
            return resize_area(self.drawn.take([index])[0].astype(np.float32) / LARGEST_BYTE, self.size, self.size)
        # Another stream than the photograph's own, so that the same photograph can be placed anew.
        random = np.random.default_rng([self.seed, index, 1])
        made = draw_photograph(path, self.rooms, self.seed, index)
        return rectified_square(made.jpeg, place_corners(made.conditions, random), self.size)


def write_measuring(records: list[Record], numbers: Sequence[int], seed: int, folder: Path) -> None:
    """One photograph of each of these X-rays, ``labels.csv`` and ``photographs.jsonl`` (all conditions). Those that are there stay."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "labels.csv").open("w", newline="") as table, (folder / "photographs.jsonl").open("w") as lines:
        rows = csv.DictWriter(table, COLUMNS)
        rows.writeheader()
        for number in numbers:
            record = records[number]
            picture, facts = folder / f"{number:06}.jpg", folder / f"{number:06}.json"
            if not facts.exists():
                made = draw_photograph(record.path, "measuring", seed, number, MEASURED_LONG_SIDE)
                picture.write_bytes(made.jpeg)
                facts.write_text(json.dumps({"file": picture.name, "xray": record.path.name, **made.conditions}))
            conditions = json.loads(facts.read_text())
            print(json.dumps(conditions), file=lines, flush=True)
            rows.writerow(
                {
                    "file": picture.name,
                    "patient": record.patient,
                    "findings": "|".join(sorted(record.findings)) or NO_FINDING,
                    "fold": record.fold,
                    "view": record.view,
                    "age": "" if record.age is None else f"{record.age:.0f}",
                    "sex": record.sex,
                    "inputKind": conditions["kind"],
                }
            )


def main(argv: list[str]) -> None:
    """``photographs --out FOLDER [--every N] [--seed N]``"""
    parser = argparse.ArgumentParser(prog="chester_training photographs", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for pictures and labels.csv")
    parser.add_argument("--every", type=int, default=1, help="only every n-th X-ray")
    parser.add_argument("--seed", type=int, default=MEASURING_SEED)
    given = parser.parse_args(argv)
    records = nih_records(data_folder())
    write_measuring(records, range(0, len(records), given.every), given.seed, given.out)
