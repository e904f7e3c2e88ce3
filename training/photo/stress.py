"""A dozen photographs that are hard to take in, each of one cause, drawn from one X-ray that may be shown.

    python3 -m photo.stress --xray FILE --out FOLDER
    cd .. && npm run -s measure-photo -- FOLDER --rectified RECTIFIED
    cd training && python3 -m photo.contact_sheet FOLDER RECTIFIED --out ../docs/stress-photographs.jpg

They are looked at one by one (docs/photo-quality.md); no figure rests on them.
"""

import argparse
import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from . import surroundings, surroundings_measuring
from .__main__ import read_xray
from .camera import add_glare, expose
from .geometry import Pose, film_homography, plane_coordinates, project
from .photograph import load_ranges
from .raster import box_alpha, over, sample
from .subjects import View, draw_film, draw_on_monitor

LONG_SIDE = 1000
SEED = 8

Paint = Callable[["Stage"], None]


@dataclass
class Stage:
    """What a scene is drawn with: its picture so far, the film's plane, the X-ray, the ranges made quiet."""

    picture: np.ndarray
    view: View
    homography: np.ndarray
    xray: np.ndarray
    ranges: dict
    rng: np.random.Generator

    def film(self) -> None:
        draw_film(self.picture, self.xray, self.view, self.ranges, self.rng)

    def image(self) -> None:
        draw_on_monitor(self.picture, self.xray, self.view, self.ranges, self.rng)

    def box(self, left: float, top: float, right: float, bottom: float, colour: float | list[float]) -> None:
        """A box of the film's plane, beside the film's own ± 0.5."""
        view = self.view
        light = np.asarray(colour, dtype=np.float32) * np.ones(3, dtype=np.float32)
        over(self.picture, light, box_alpha(view.u, view.v, (left, top, right, bottom), view.pixel))


@dataclass(frozen=True)
class Scene:
    name: str
    pose: Pose
    paint: Paint
    kind: str = "film"
    centre: tuple[float, float] = (0.5, 0.5)
    frame: tuple[int, int] = (750, LONG_SIDE)


def pose(tilt: float = 8, axis: float = 70, rotation: float = 3, share: float = 0.7) -> Pose:
    return Pose(tilt=tilt, tilt_axis=axis, rotation=rotation, share=share, field_of_view=62)


def window_and_hand(stage: Stage) -> None:
    stage.picture[:] = surroundings._window(stage.view, stage.rng)
    stage.film()
    surroundings_measuring.hands(stage.picture, stage.view, stage.rng)


def half_dark_box(stage: Stage) -> None:
    """Two panes, the right one's lamp is broken; the film hangs over both."""
    stage.box(-0.75, -0.7, 0.75, 0.7, 0.3)
    stage.box(-0.7, -0.65, 0.08, 0.65, [1.5, 1.6, 1.6])
    stage.box(0.1, -0.65, 0.7, 0.65, 0.12)
    stage.film()


def two_films(stage: Stage) -> None:
    stage.box(-0.62, -0.62, 1.5, 0.62, 0.3)
    stage.box(-0.58, -0.58, 1.46, 0.58, [1.5, 1.6, 1.6])
    stage.film()
    view = stage.view
    scale = 0.75
    other = copy.copy(stage)
    other.view = View(
        (view.u - 0.98) / scale, (view.v - 0.05) / scale, view.film, view.frame, view.corners, view.pixel / scale
    )
    other.film()


def monitor_with_menus(stage: Stage) -> None:
    stage.box(-0.95, -0.68, 0.8, 0.66, 0.02)
    stage.box(-0.9, -0.63, 0.75, 0.6, 0.012)
    stage.box(-0.9, -0.63, 0.75, -0.56, [0.3, 0.32, 0.36])
    stage.box(0.53, -0.56, 0.75, 0.6, [0.12, 0.13, 0.15])
    for row in np.arange(-0.5, 0.55, 0.055):
        stage.box(-0.87, row, -0.87 + 0.3 * stage.rng.uniform(0.4, 1), row + 0.018, list(stage.rng.uniform(0.2, 0.8, 3)))
        stage.box(0.56, row, 0.72, row + 0.03, list(stage.rng.uniform(0.1, 0.5, 3)))
    stage.image()


def laptop(stage: Stage) -> None:
    stage.box(-0.9, -0.6, 0.9, 0.62, 0.4)
    stage.box(-0.86, -0.55, 0.86, 0.57, 0.015)
    stage.box(-0.9, 0.62, 0.9, 1.3, 0.3)
    stage.box(-0.86, 0.52, 0.86, 0.57, [0.15, 0.2, 0.3])
    stage.image()


def white_label(stage: Stage) -> None:
    stage.box(-0.7, -0.7, 0.7, 0.7, [1.5, 1.6, 1.6])
    stage.ranges["film"]["label"] = 1
    stage.film()
    stage.box(-0.49, -0.49, -0.1, -0.33, 0.95)


def photo_of_a_photo(stage: Stage) -> None:
    """A print of a photograph of a film on a light box, on a desk; the film in it is what is wanted."""
    shown = Stage(stage.picture, stage.view, stage.homography, stage.xray, stage.ranges, stage.rng)
    size = 900
    side = (np.arange(size, dtype=np.float32) + 0.5) / size * 1.5 - 0.75
    u, v = np.meshgrid(side, side)
    inner = np.full((size, size, 3), 0.02, dtype=np.float32)
    shown.picture, shown.view = inner, View(u, v, stage.view.film, (size, size), stage.view.corners, 1.5 / size)
    shown.box(-0.66, -0.66, 0.66, 0.66, [1.3, 1.4, 1.4])
    shown.film()
    print_light = 0.75 * np.clip(inner, 0, 1)
    stage.box(-0.79, -0.79, 0.79, 0.79, 0.8)
    place = [(coordinate / 1.5 + 0.5) * size for coordinate in (stage.view.u, stage.view.v)]
    seen = np.stack([sample(print_light[..., channel], *place) for channel in range(3)], axis=-1)
    view = stage.view
    stage.picture += box_alpha(view.u, view.v, (-0.75, -0.75, 0.75, 0.75), view.pixel)[..., None] * (seen - stage.picture)


def cut_off(stage: Stage) -> None:
    stage.box(-0.8, -0.7, 0.8, 0.7, [1.4, 1.5, 1.5])
    stage.film()


def glare(stage: Stage) -> None:
    stage.box(-0.7, -0.7, 0.7, 0.7, [1.2, 1.3, 1.3])
    stage.film()
    stage.ranges["glare"].update(count=[2, 3], area=[0.03, 0.08], strength=[0.6, 0.9])
    add_glare(stage.picture, stage.view, stage.ranges, stage.rng)


def on_paper(stage: Stage) -> None:
    stage.picture[:] = surroundings._lit_wall(stage.view, stage.rng)
    stage.film()


def dark_pane(stage: Stage) -> None:
    """A film larger than the pane it hangs on."""
    stage.box(-0.47, -0.53, 0.47, 0.53, [1.4, 1.5, 1.5])
    stage.film()


def two_pictures(stage: Stage) -> None:
    stage.box(-0.56, -0.6, 1.1, 0.6, 0.02)
    stage.box(-0.52, -0.54, 1.06, 0.54, 0.01)
    stage.box(0.53, -0.5, 1.04, 0.5, 0.25)
    stage.ranges["monitor"].update(moire=1)
    stage.image()


SCENES = [
    Scene("held against a window", pose(14, 20, -6, 0.75), window_and_hand),
    Scene("half a light box dark", pose(10, 80, 4, 0.7), half_dark_box),
    Scene("two films", pose(6, 100, 2, 0.55), two_films, centre=(0.15, 0.5), frame=(LONG_SIDE, 750)),
    Scene("monitor with menus", pose(12, 60, -3, 0.6), monitor_with_menus, "monitor", frame=(LONG_SIDE, 750)),
    Scene("laptop at 45 degrees", pose(45, 90, 2, 0.6), laptop, "monitor", frame=(LONG_SIDE, 750)),
    Scene("white label", pose(), white_label),
    Scene("photo of a photo", pose(8, 30, 8, 0.5), photo_of_a_photo),
    Scene("cut off by the frame", pose(10, 45, -4, 0.9), cut_off, centre=(-0.15, 0.5)),
    Scene("glare", pose(12, 120, 5, 0.75), glare),
    Scene("on paper, room light", pose(18, 10, 12, 0.7), on_paper),
    Scene("film larger than the pane", pose(9, 75, -2, 0.75), dark_pane),
    Scene("second picture beside", pose(15, 100, 3, 0.6), two_pictures, "monitor", (0.2, 0.5), (LONG_SIDE, 750)),
]


def quiet_ranges() -> dict:
    """One flaw at a time: what a scene does not ask for is kept small."""
    ranges = load_ranges()
    ranges["film"].update(margin=0, label=0)
    ranges["monitor"].update(moire=0)
    ranges["camera"].update(blur_sigma=[0.4, 0.8], motion_blur=0, exposure_spread=0.2)
    ranges["camera"].update(jpeg_quality=[80, 90], noise=[0.002, 0.006], vignetting=[0.1, 0.2])
    return ranges


def draw(scene: Scene, xray: np.ndarray, rng: np.random.Generator) -> tuple[bytes, np.ndarray]:
    """The JPEG file and the true corners [4, 2], clockwise from the film's top left."""
    height, width = xray.shape
    film = (width / max(width, height), height / max(width, height))
    homography = film_homography(scene.pose, film, scene.frame, scene.centre)
    u, v = plane_coordinates(homography, scene.frame)
    corners = project(homography, np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array(film) / 2)
    side = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).mean()
    view = View(u, v, film, scene.frame, corners, pixel=float((film[0] + film[1]) / 2 / side))
    ranges = quiet_ranges()
    picture = surroundings._room(view, rng, 0.12 if scene.kind == "film" else 0.25)
    scene.paint(Stage(picture, view, homography, xray, ranges, rng))
    jpeg, _ = expose(picture, view, ranges, rng)
    return jpeg, corners


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--xray", type=Path, required=True, help="one that may be shown, such as a synthetic one")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    xray = read_xray(options.xray)
    with open(options.out / "photographs.jsonl", "w") as lines:
        for number, scene in enumerate(SCENES):
            jpeg, corners = draw(scene, xray, np.random.default_rng([SEED, number]))
            name = f"{number:02}-{scene.name.replace(' ', '-').replace(',', '')}.jpg"
            (options.out / name).write_bytes(jpeg)
            facts = {"file": name, "xray": options.xray.name, "kind": scene.kind, "scene": scene.name}
            print(json.dumps({**facts, "corners": corners.round(3).tolist()}), file=lines)


if __name__ == "__main__":
    main()
