"""Synthetic photographs of X-rays as the app would rectify them, for training and for measuring: drawn once, kept on disk.

Photographs for training lie in the rooms of photo/surroundings.py, those for measuring in the rooms of
photo/surroundings_measuring.py, by code that the others never call. A person or the app places the corners, never exactly: they are
moved a little here.
"""

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo import surroundings, surroundings_measuring
from photo.photograph import Photograph, load_ranges, photograph
from photo.rectify import rectify_photo

from .images import CachedImages, centre_square, read_grey, resize_area

ROOMS = {"training": surroundings, "measuring": surroundings_measuring}
# Pixels of the photograph's long side: what the film takes of it is about as many pixels as a network sees, up to three times that.
LONG_SIDE = 800
# Standard deviation of a placed corner's distance from the true one along each axis, share of the photograph's diagonal.
CORNER_ERROR = 0.004


def draw_photograph(path: Path, rooms: str, seed: int, number: int) -> Photograph:
    """The photograph ``number`` of a seed; the same however many are drawn."""
    return photograph(read_grey(path), np.random.default_rng([seed, number]), ROOMS[rooms], LONG_SIDE, load_ranges())


def rectified_square(made: Photograph, size: int, random: np.random.Generator) -> NDArray[np.float32]:
    """What a network sees of a photograph whose corners were placed by hand: [size, size] of 0..1."""
    with Image.open(io.BytesIO(made.jpeg)) as picture:
        rgb = np.asarray(picture.convert("RGB"))
    error = CORNER_ERROR * float(np.hypot(*rgb.shape[:2]))
    corners = np.array(made.conditions["corners"]) + random.normal(0, error, (4, 2))
    return resize_area(centre_square(rectify_photo(rgb, corners)), size, size)


class CachedPhotographs(CachedImages):
    """One photograph of each file, rectified, as bytes of grey [n, size, size]; see ``CachedImages``."""

    def __init__(self, paths: Sequence[Path], size: int, rooms: str, seed: int) -> None:
        self.rooms = rooms
        self.seed = seed
        ranges = hashlib.sha256(repr(load_ranges()).encode()).hexdigest()
        super().__init__(paths, size, f"photographs {rooms} {seed} {LONG_SIDE} {CORNER_ERROR} {ranges}")

    def picture(self, index: int, path: Path) -> NDArray[np.float32]:
        """[size, size] of 0..1."""
        # Another stream than the photograph's own, so that the same photograph can be placed anew.
        random = np.random.default_rng([self.seed, index, 1])
        return rectified_square(draw_photograph(path, self.rooms, self.seed, index), self.size, random)
