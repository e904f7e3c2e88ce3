"""One synthetic photograph of one X-ray, from one random generator."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from .camera import add_glare, expose
from .geometry import Pose, film_homography, plane_coordinates, project
from .subjects import View, draw_film, draw_on_monitor


class Surroundings(Protocol):
    """surroundings.py for training, surroundings_measuring.py for figures."""

    def behind_film(self, view: View, rng: np.random.Generator) -> tuple[np.ndarray, str]: ...
    def around_image(self, view: View, rng: np.random.Generator) -> tuple[np.ndarray, str]: ...
    def hands(self, picture: np.ndarray, view: View, rng: np.random.Generator) -> None: ...


@dataclass(frozen=True)
class Photograph:
    jpeg: bytes
    conditions: dict[str, Any]
    """Everything that was drawn, among it `corners`: four points in pixels, clockwise from the film's own top left."""


def load_ranges(changes: Path | None = None) -> dict:
    """Those of ranges.json, with what another such file says instead, value by value."""
    ranges = json.loads((Path(__file__).parent / "ranges.json").read_text())
    for group, values in json.loads(changes.read_text()).items() if changes else ():
        ranges[group].update(values)
    return ranges


def photograph(
    xray: np.ndarray, rng: np.random.Generator, surroundings: Surroundings, long_side: int, ranges: dict
) -> Photograph:
    """`xray` [h, w] float32 0..1, bright = dense. The same generator state gives the same bytes."""
    frame = _frame(rng, ranges["frame"], long_side)
    kind = "film" if rng.random() < ranges["kinds"]["film"] else "monitor"
    height, width = xray.shape
    film = (width / max(width, height), height / max(width, height))
    pose_ranges = ranges["pose"]
    pose = Pose(
        tilt=float(rng.uniform(*pose_ranges["tilt"])),
        tilt_axis=float(rng.uniform(0, 360)),
        rotation=float(rng.uniform(*pose_ranges["rotation"])),
        share=float(rng.uniform(*pose_ranges["share_of_frame"])),
        field_of_view=float(rng.uniform(*ranges["frame"]["field_of_view"])),
    )
    touches = rng.random() < pose_ranges["touches_edge"]
    centre = rng.uniform(0.15, 0.85, 2)
    if touches:
        # Against one edge of the frame, or a hair beyond it.
        centre[rng.integers(0, 2)] = rng.choice([-0.01, 0.0, 1.0, 1.01])
    homography = film_homography(pose, film, frame, (float(centre[0]), float(centre[1])))
    u, v = plane_coordinates(homography, frame)
    corners = project(homography, np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array(film) / 2)
    side = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).mean()
    view = View(u, v, film, frame, corners, pixel=float((film[0] + film[1]) / 2 / side))

    if kind == "film":
        picture, scene = surroundings.behind_film(view, rng)
        facts = draw_film(picture, xray, view, ranges, rng)
    else:
        picture, scene = surroundings.around_image(view, rng)
        facts = draw_on_monitor(picture, xray, view, ranges, rng)
    glare = add_glare(picture, view, ranges, rng)
    held = kind == "film" and bool(rng.random() < ranges["hands"])
    if held:
        surroundings.hands(picture, view, rng)
    jpeg, camera = expose(picture, view, ranges, rng)
    conditions = {
        "kind": kind,
        "scene": scene,
        "width": frame[0],
        "height": frame[1],
        "film": [round(side, 4) for side in film],
        "corners": [[round(float(x), 3), round(float(y), 3)] for x, y in corners],
        "tilt": round(pose.tilt, 2),
        "rotation": round(pose.rotation, 2),
        "share": round(pose.share, 3),
        "touches": bool(touches),
        "hands": held,
        "glare": glare,
        "moire": facts.get("moire", 0.0),
        "pitch": facts.get("pitch", 0.0),
        "marker": facts["marker"],
        "label": facts["label"],
        **camera,
    }
    return Photograph(jpeg, conditions)


def _frame(rng: np.random.Generator, ranges: dict, long_side: int) -> tuple[int, int]:
    aspect = float(rng.choice(ranges["aspects"], p=ranges["aspect_weights"]))
    short_side = round(long_side / aspect)
    return (long_side, short_side) if rng.random() < ranges["landscape"] else (short_side, long_side)
