"""Rooms, light boxes, windows, viewers and hands for measuring. Training never calls this module, nor this module that of
training: what is measured here was never seen, down to the way it is drawn."""

import numpy as np
from PIL import Image, ImageDraw

from .geometry import homography_between, project
from .subjects import View


def behind_film(view: View, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """As in surroundings.py, with other scenes: a row of panes, a curtained window, a table lamp's desk."""
    name = str(rng.choice(["row-of-panes", "curtain", "desk"], p=[0.6, 0.25, 0.15]))
    return {"row-of-panes": _row_of_panes, "curtain": _curtain, "desk": _desk}[name](view, rng), name


def around_image(view: View, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """A laptop or a hospital's screen: lists at the left, thumbnails below, tabs above, drawn as a flat drawing."""
    picture = _wall(view, rng, rng.uniform(0.03, 0.35))
    left, top, right, bottom = view.box
    name = str(rng.choice(["laptop", "two-up", "alone"], p=[0.4, 0.35, 0.25]))
    room = {"laptop": (0.5, 0.08, 0.3, 0.15), "two-up": (0.05, 0.1, 1.05, 0.1), "alone": (0.02, 0.0, 0.02, 0.0)}[name]
    room = [gap * rng.uniform(0.5, 1.3) for gap in room]
    screen = (left - room[0], top - room[1], right + room[2], bottom + room[3])
    rim = rng.uniform(0.02, 0.05)
    shell = rng.choice([0.015, 0.4])
    shapes = [((screen[0] - rim, screen[1] - rim, screen[2] + rim, screen[3] + rim), [shell] * 3)]
    shapes.append((screen, [rng.uniform(0.002, 0.03)] * 3))
    if name == "laptop":
        row = rng.uniform(0.015, 0.03)
        for y in np.arange(screen[1], screen[3] - row, row * 1.6):
            end = rng.uniform(screen[0] + 0.05, left - 0.03)
            shapes.append(((screen[0] + 0.02, y, end, y + row * 0.6), list(rng.uniform(0.1, 0.6, 3))))
        shapes.append(((screen[0], screen[3] - 0.04, screen[2], screen[3]), [0.12, 0.13, 0.16]))
    if name == "two-up":
        # A second picture beside: the earlier X-ray, a smooth bright oval on black.
        shapes.append(((right + 0.02, top, right + 0.9 * room[2], bottom), [rng.uniform(0.05, 0.4)] * 3))
        shapes.append(((screen[0], screen[1], screen[2], top - 0.02), [rng.uniform(0.1, 0.7)] * 3))
    _paint_boxes(picture, view, shapes)
    if name == "laptop":
        deck = [(screen[0] - rim, screen[3] + rim, screen[2] + rim, screen[3] + rim + 0.5)]
        _paint_boxes(picture, view, [(deck[0], [shell * 0.7 + 0.01] * 3)])
    return picture, name


def hands(picture: np.ndarray, view: View, rng: np.random.Generator) -> None:
    """A fist with a thumb over the film: polygons with a shaded edge."""
    width, height = view.frame
    size = float(np.linalg.norm(view.corners[2] - view.corners[0])) * rng.uniform(0.07, 0.13)
    for _ in range(int(rng.integers(1, 3))):
        side = int(rng.integers(0, 4))
        start, end = view.corners[side], view.corners[(side + 1) % 4]
        along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-6)
        normal = np.array([along[1], -along[0]])
        middle = start + (end - start) * rng.uniform(0.15, 0.85)
        outline = [(-1.2, 3.5), (-1.0, 0.6), (-0.5, 0.25), (-0.35, -0.35), (-0.1, -0.6), (0.25, -0.4), (0.35, 0.3)]
        outline += [(0.9, 0.5), (1.2, 1.2), (1.4, 3.5)]
        jitter = rng.uniform(0.85, 1.15, (len(outline), 2))
        points = [middle + size * (a * along + b * normal) for a, b in np.array(outline) * jitter]
        mask = Image.new("L", (width, height), 0)
        ImageDraw.Draw(mask).polygon([tuple(point) for point in points], fill=255)
        alpha = _soft(mask, size * 0.05)
        shade = 0.45 + 0.55 * _soft(mask, size * 0.35)
        skin = np.array([0.5, 0.3, 0.22], dtype=np.float32) * np.float32(rng.uniform(0.1, 1.4))
        picture += alpha[..., None] * (skin * shade[..., None] - picture)


def _soft(mask: Image.Image, radius: float) -> np.ndarray:
    """`mask` blurred, 0..1; at a quarter of the size, which is soft enough and cheap."""
    small = mask.resize((max(2, mask.width // 4), max(2, mask.height // 4)), Image.BOX)
    passes = max(1, round(radius / 4))
    values = np.asarray(small, dtype=np.float32) / 255
    for _ in range(min(passes, 12)):
        padded = np.pad(values, 1, mode="edge")
        values = (padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] + values) / 5
    return np.asarray(Image.fromarray(values, mode="F").resize(mask.size, Image.BILINEAR)).clip(0, 1)


def _paint_boxes(picture: np.ndarray, view: View, shapes: list) -> None:
    """Boxes of the plane as polygons of the picture, four times as fine as its pixels."""
    width, height = view.frame
    fine = 2
    source = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array(view.film) / 2
    homography = homography_between(source, view.corners)
    for (left, top, right, bottom), colour in shapes:
        corners = project(homography, np.array([[left, top], [right, top], [right, bottom], [left, bottom]]))
        if np.abs(corners).max() > 30 * max(view.frame):
            continue
        mask = Image.new("L", (width * fine, height * fine), 0)
        ImageDraw.Draw(mask).polygon([(x * fine, y * fine) for x, y in corners], fill=255)
        alpha = np.asarray(mask.resize((width, height), Image.BOX), dtype=np.float32)[..., None] / 255
        picture += alpha * (np.array(colour, dtype=np.float32) - picture)


def _wall(view: View, rng: np.random.Generator, brightness: float) -> np.ndarray:
    """Tiles or plaster with a lamp's fall-off."""
    width, height = view.frame
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / max(view.frame)
    lamp = 1 / (1 + 3 * ((x - rng.uniform(0, 1)) ** 2 + (y - rng.uniform(0, 1)) ** 2))
    colour = np.array([1.0, rng.uniform(0.85, 1.0), rng.uniform(0.7, 1.05)], dtype=np.float32) * np.float32(brightness)
    picture = lamp[..., None] * colour
    if rng.random() < 0.4:
        tile = rng.uniform(0.08, 0.25)
        turn = rng.uniform(-0.4, 0.4)
        a, b = np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x
        joint = (np.minimum((a / tile) % 1, (b / tile) % 1) < 0.03).astype(np.float32)
        picture = picture * (1 - 0.5 * joint[..., None])
    grain = rng.normal(0, 0.03, (height // 4 + 1, width // 4 + 1)).astype(np.float32)
    speckle = np.kron(grain, np.ones((4, 4), dtype=np.float32))[:height, :width]
    return (picture * (1 + speckle[..., None])).astype(np.float32)


def _row_of_panes(view: View, rng: np.random.Generator) -> np.ndarray:
    """Two to four panes side by side in one casing, some of them dark; other films may hang beside."""
    picture = _wall(view, rng, rng.uniform(0.01, 0.2))
    left, top, right, bottom = view.box
    gap = rng.uniform(0.01, 0.35, 4)
    pane = (right - left + gap[0] + gap[2], bottom - top + gap[1] + gap[3])
    before, after = int(rng.integers(0, 2)), int(rng.integers(0, 3))
    rim = rng.uniform(0.02, 0.06)
    origin = left - gap[0]
    ends = (origin - before * (pane[0] + rim) - rim, origin + (after + 1) * (pane[0] + rim))
    shapes = [((ends[0], top - gap[1] - rim, ends[1], top - gap[1] + pane[1] + rim), [rng.choice([0.05, 0.3, 0.6])] * 3)]
    white = np.array([rng.uniform(0.85, 1.1), 1.0, rng.uniform(0.9, 1.2)]) * rng.uniform(1.0, 2.2)
    for place in range(-before, after + 1):
        x = origin + place * (pane[0] + rim)
        is_lit = place == 0 or rng.random() < 0.6
        lit = white * rng.uniform(0.85, 1.1) if is_lit else np.full(3, 0.08)
        shapes.append(((x, top - gap[1], x + pane[0], top - gap[1] + pane[1]), list(lit)))
        if place != 0 and is_lit and rng.random() < 0.4:
            inset = 0.1 * pane[0]
            neighbour = (x + inset, top, x + pane[0] - inset, bottom - 0.1)
            shapes.append((neighbour, list(white * rng.uniform(0.03, 0.25))))
    _paint_boxes(picture, view, shapes)
    ripple = 1 + rng.uniform(0, 0.1) * np.sin(rng.uniform(3, 9) * view.u + rng.uniform(0, 6))
    return (picture * ripple[..., None]).astype(np.float32)


def _curtain(view: View, rng: np.random.Generator) -> np.ndarray:
    """Folds with daylight behind them, a sill below."""
    folds = rng.uniform(8, 25)
    wave = 0.75 + 0.25 * np.sin(folds * view.u + 1.5 * np.sin(1.3 * view.v + rng.uniform(0, 6)))
    colour = np.array([1.0, rng.uniform(0.92, 1.02), rng.uniform(0.85, 1.1)]) * rng.uniform(0.7, 1.6)
    picture = (wave[..., None] * colour).astype(np.float32)
    sill = rng.uniform(0.5, 1.4)
    _paint_boxes(picture, view, [((-4, sill, 4, 4), [rng.uniform(0.05, 0.6)] * 3)])
    return picture


def _desk(view: View, rng: np.random.Generator) -> np.ndarray:
    """Wood with a sheet of white paper under the film, larger than it."""
    picture = _wall(view, rng, rng.uniform(0.2, 0.7))
    wood = 0.7 + 0.3 * np.sin(40 * view.v + 6 * np.sin(2.1 * view.u))
    picture *= wood[..., None] * np.array([0.9, 0.6, 0.35], dtype=np.float32)
    left, top, right, bottom = view.box
    more = rng.uniform(0.03, 0.5, 4)
    sheet = (left - more[0], top - more[1], right + more[2], bottom + more[3])
    _paint_boxes(picture, view, [(sheet, [rng.uniform(0.7, 1.1)] * 3)])
    return picture.astype(np.float32)
