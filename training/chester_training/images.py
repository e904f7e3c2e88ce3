"""Pictures as the app sees them: the same grey, the same centre square, the same resize kernel.

``resize_area`` is a twin of src/imaging/resize.ts and ``centre_square`` of ``crop-resize`` in
src/imaging/network-input.ts, so that a network is trained on the pixels that it will meet.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .config import cache_folder

Grey = NDArray[np.float32]

# BT.601 luma on the stored, gamma-encoded values (ITU-R BT.601-7, 2.5.1), as src/imaging/gray.ts.
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
LARGEST_BYTE = 255
REPORT_EVERY = 200


def read_grey(path: Path) -> Grey:
    """A picture as [height, width] of 0..1, bright = dense.

    :raises OSError: where it cannot be decoded
    """
    with Image.open(path) as picture:
        if picture.mode.startswith("I;16") or picture.mode == "I":
            return np.asarray(picture, dtype=np.float32) / (2**16 - 1)
        if picture.mode in ("L", "1"):
            return np.asarray(picture.convert("L"), dtype=np.float32) / LARGEST_BYTE
        return np.asarray(picture.convert("RGB"), dtype=np.float32) @ LUMA / LARGEST_BYTE


def centre_square(image: Grey) -> Grey:
    """The centre square of the short side in whole pixels, offsets rounded down."""
    height, width = image.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return image[top : top + side, left : left + side]


@lru_cache(maxsize=64)
def axis_weights(size: int, out_size: int) -> NDArray[np.float32]:
    """What each of ``out_size`` pixels takes of ``size`` source pixels: [out_size, size], rows sum to 1.

    Reduced: the mean over exactly the interval that an output pixel covers. Enlarged: linear between the two
    nearest source centres, constant beyond the outermost ones. Pixel centres lie at + 0.5.
    """
    scale = size / out_size
    if scale > 1:
        edges = np.arange(out_size + 1) * scale
        source = np.arange(size)
        overlap = np.minimum(edges[1:, None], source + 1) - np.maximum(edges[:-1, None], source)
        weights = np.clip(overlap, 0, None)
        return (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    centre = np.clip((np.arange(out_size) + 0.5) * scale - 0.5, 0, size - 1)
    below = np.floor(centre).astype(int)
    above = np.minimum(below + 1, size - 1)
    weights = np.zeros((out_size, size), dtype=np.float32)
    weights[np.arange(out_size), below] = 1 - (centre - below)
    np.add.at(weights, (np.arange(out_size), above), centre - below)
    return weights


def resize_area(image: Grey, out_height: int, out_width: int) -> Grey:
    """[height, width] to [out_height, out_width] in the unit of the source; see ``axis_weights``."""
    height, width = image.shape
    if (height, width) == (out_height, out_width):
        return image
    return axis_weights(height, out_height) @ image @ axis_weights(width, out_width).T


def to_square(path: Path, size: int) -> Grey:
    """``crop-resize`` of a file: [size, size] of 0..1."""
    return resize_area(centre_square(read_grey(path)), size, size)


class Pictures(Protocol):
    """Pictures of one size, by index."""

    def take(self, indices: Sequence[int] | NDArray[np.int64]) -> NDArray[np.uint8]:
        """[k, size, size], a copy."""


class CachedImages:
    """Files as bytes of grey at one size, [n, size, size], kept on disk and mapped into memory.

    Made on first use and gone on from where that was cut off; another list of files has another cache. A full
    download of NIH ChestX-ray14 takes 9 GB at 288 pixels and is streamed by the operating system as it is needed.
    """

    def __init__(self, paths: Sequence[Path], size: int, how: str = "") -> None:
        """:param how: what is made of a file, where it is not the plain square"""
        names = "\n".join(f"{path.parent.name}/{path.name}" for path in paths)
        key = hashlib.sha256(f"{size}{how}\n{names}".encode()).hexdigest()[:16]
        stem = cache_folder("images") / f"{size}-{key}"
        self.size = size
        self.pixels = np.memmap(stem.with_suffix(".u8"), np.uint8, self._mode(stem), shape=(len(paths), size, size))
        self._fill(paths, stem.with_suffix(".done"))

    @staticmethod
    def _mode(stem: Path) -> str:
        return "r+" if stem.with_suffix(".u8").exists() else "w+"

    def _fill(self, paths: Sequence[Path], done_path: Path) -> None:
        done = int(done_path.read_text()) if done_path.exists() else 0
        for index in range(done, len(paths)):
            self.pixels[index] = np.rint(self.picture(index, paths[index]) * LARGEST_BYTE)
            if (index + 1) % REPORT_EVERY == 0:
                self._note(done_path, index + 1)
                print(f"images at {self.size} px: {index + 1} of {len(paths)}", flush=True)
        if done < len(paths):
            self._note(done_path, len(paths))

    def picture(self, index: int, path: Path) -> Grey:
        """What is kept of a file: [size, size] of 0..1."""
        return to_square(path, self.size)

    def _note(self, done_path: Path, count: int) -> None:
        self.pixels.flush()
        done_path.write_text(str(count))

    def __len__(self) -> int:
        return len(self.pixels)

    def take(self, indices: Sequence[int] | NDArray[np.int64]) -> NDArray[np.uint8]:
        """[k, size, size], a copy."""
        return self.pixels[np.asarray(indices)]
