"""Writes a film of frames that a hand-held camera sees while it comes near an X-ray on a light box: `python3 -m photo.approach`.

Motion JPEG (each frame a JPEG, one after the other) as Chromium's fake camera plays it, ten frames a second. It begins far off, at
a slant and blurred by the hand's movement, and ends still in front of the film, but for a tremor.
"""

import argparse
import copy
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import surroundings_measuring
from .__main__ import read_xray
from .camera import expose
from .geometry import Pose, film_homography, plane_coordinates, project
from .photograph import load_ranges
from .subjects import View, draw_film

FIELD_OF_VIEW = 62.0
"""Degrees along the longer side: a phone's main camera."""
FAR = {"tilt": 24.0, "rotation": -4.0, "share": 0.3, "x": 0.15, "y": 0.75}
NEAR = {"tilt": 3.0, "rotation": 1.5, "share": 0.87, "x": 0.5, "y": 0.5}
WHEN = {"tilt": (0.75, 1.0), "rotation": (0.75, 1.0), "share": (0.0, 0.6), "x": (0.0, 0.6), "y": (0.0, 0.6)}
"""First it comes near, then it straightens: the part of the way in which each changes, shares."""
TILT_AXIS = 60.0
TREMOR = 0.006
"""Standard deviation of the place in a still hand, shares of the room around the film."""
STREAK = 9.0
"""Length of the blur while the camera moves, pixels of a frame of 1,000."""


@dataclass(frozen=True)
class Moment:
    pose: Pose
    centre: tuple[float, float]
    streak: float


def moments(coming: int, still: int, rng: np.random.Generator) -> list[Moment]:
    """The camera's way: `coming` frames under way, then `still` in front of the film."""
    way = []
    for number in range(coming + still):
        share = min(1.0, number / max(1, coming - 1))
        at = {name: FAR[name] + eased(share, *WHEN[name]) * (NEAR[name] - FAR[name]) for name in NEAR}
        x, y = np.array([at["x"], at["y"]]) + rng.normal(0, TREMOR, 2)
        pose = Pose(at["tilt"], TILT_AXIS, at["rotation"], at["share"], FIELD_OF_VIEW)
        way.append(Moment(pose, (float(x), float(y)), STREAK if share < 0.9 else 0.0))
    return way


def eased(share: float, begin: float, end: float) -> float:
    """0 until `begin`, 1 from `end`, smoothly between."""
    part = min(1.0, max(0.0, (share - begin) / (end - begin)))
    return part * part * (3 - 2 * part)


def frame(xray: np.ndarray, moment: Moment, seed: int, size: tuple[int, int], quality: int) -> tuple[bytes, np.ndarray]:
    """The JPEG that is seen, and the film's corners in it. Room and film are those of `seed`, whatever the moment."""
    height, width = xray.shape
    film = (width / max(width, height), height / max(width, height))
    homography = film_homography(moment.pose, film, size, moment.centre)
    u, v = plane_coordinates(homography, size)
    corners = project(homography, np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array(film) / 2)
    side = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).mean()
    view = View(u, v, film, size, corners, pixel=float((film[0] + film[1]) / 2 / side))
    ranges = fixed_ranges(moment.streak, quality)
    picture, _ = surroundings_measuring.behind_film(view, np.random.default_rng([seed, 0]))
    draw_film(picture, xray, view, ranges, np.random.default_rng([seed, 1]))
    jpeg, _ = expose(picture, view, ranges, np.random.default_rng([seed, 2]))
    return jpeg, corners


def fixed_ranges(streak: float, quality: int) -> dict:
    """The generator's ranges, each narrowed to one value: the camera stays the same from frame to frame."""
    ranges = copy.deepcopy(load_ranges())
    ranges["film"]["label"] = 0.0
    ranges["camera"].update(
        exposure_spread=0.0,
        white_balance=[1.0, 1.0],
        vignetting=[0.2, 0.2],
        blur_sigma=[0.4, 0.4],
        motion_blur=1.0 if streak > 0 else 0.0,
        motion_length=[streak, streak],
        noise=[0.003, 0.003],
        jpeg_quality=[quality, quality],
    )
    return ranges


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m photo.approach", description=__doc__)
    parser.add_argument("--xray", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the .mjpeg file; its corners go beside it, .json")
    parser.add_argument("--seed", type=int, default=1, help="of the room, the film and the camera")
    parser.add_argument("--size", type=int, nargs=2, default=(900, 1200), help="pixels")
    parser.add_argument("--coming", type=int, default=26, help="frames under way")
    parser.add_argument("--still", type=int, default=6, help="frames in front of the film")
    parser.add_argument("--quality", type=int, default=45, help="of the JPEGs")
    options = parser.parse_args()

    xray = read_xray(options.xray)
    way = moments(options.coming, options.still, np.random.default_rng([options.seed, 3]))
    frames = [frame(xray, moment, options.seed, tuple(options.size), options.quality) for moment in way]
    options.out.write_bytes(b"".join(jpeg for jpeg, _ in frames))
    corners = [[[round(float(x), 2), round(float(y), 2)] for x, y in corners] for _, corners in frames]
    options.out.with_suffix(".json").write_text(json.dumps({"size": list(options.size), "corners": corners}) + "\n")
    print(f"{len(frames)} frames, {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
