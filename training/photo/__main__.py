"""Writes synthetic photographs: `python3 -m photo --help` from the folder training/. See README.md."""

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image

from . import surroundings, surroundings_measuring
from .photograph import load_ranges, photograph

ROOMS = {"training": surroundings, "measuring": surroundings_measuring}
ENDINGS = {".jpg", ".jpeg", ".png"}


def read_xray(path: Path) -> np.ndarray:
    """[h, w] float32 0..1."""
    return np.asarray(Image.open(path).convert("L"), dtype=np.float32) / 255


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m photo", description=__doc__)
    parser.add_argument("--xrays", type=Path, nargs="+", required=True, help="files, folders, or .txt lists of paths")
    parser.add_argument("--out", type=Path, required=True, help="folder for NNNN.jpg and photographs.jsonl")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="number of the first: parts of one set can run apart")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", choices=ROOMS, default="training")
    parser.add_argument("--long-side", type=int, default=1280, help="pixels")
    parser.add_argument("--ranges", type=Path, help='other ranges, such as {"pose": {"tilt": [33, 52]}}')
    options = parser.parse_args()

    xrays = list_xrays(options.xrays)
    ranges = load_ranges(options.ranges)
    options.out.mkdir(parents=True, exist_ok=True)
    print(f"seed {options.seed}, rooms {options.rooms}, {len(xrays)} X-rays")
    with open(options.out / "photographs.jsonl", "a") as lines:
        for number in range(options.first, options.first + options.count):
            # One generator a picture: number 7 is the same however many are asked for.
            rng = np.random.default_rng([options.seed, number])
            xray = xrays[int(rng.integers(len(xrays)))]
            made = photograph(read_xray(xray), rng, ROOMS[options.rooms], options.long_side, ranges)
            name = f"{number:05}.jpg"
            (options.out / name).write_bytes(made.jpeg)
            print(json.dumps({"file": name, "xray": xray.name, **made.conditions}), file=lines, flush=True)


def list_xrays(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [file for file in path.rglob("*") if file.suffix.lower() in ENDINGS]
        elif path.suffix == ".txt":
            found += [path.parent / line for line in path.read_text().split()]
        else:
            found.append(path)
    if not found:
        raise SystemExit("No X-ray found: name files, folders or a list of paths with --xrays.")
    return sorted(found)


if __name__ == "__main__":
    main()
