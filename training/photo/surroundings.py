"""Rooms, light boxes, windows, viewers and hands for training. Figures are measured on others: surroundings_measuring.py."""

import numpy as np

from .raster import box_alpha, capsule_alpha, noise_field, over, smoothstep
from .subjects import View


def behind_film(view: View, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """The scene that a film hangs in, without the film: linear light [height, width, 3], and its name."""
    name = str(rng.choice(["light-box", "window", "lit-wall"], p=[0.6, 0.25, 0.15]))
    drawn = {"light-box": _light_box, "window": _window, "lit-wall": _lit_wall}[name](view, rng)
    return drawn.astype(np.float32), name


def around_image(view: View, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """A monitor whose screen shows a viewer with room for the image at the film's place, in its room."""
    picture = _room(view, rng, rng.uniform(0.02, 0.4))
    left, top, right, bottom = view.box
    name = str(rng.choice(["full-screen", "viewer", "tiled"], p=[0.25, 0.4, 0.35]))
    # The image as large as its place, or with a margin that it does not fill.
    place = rng.uniform(0.0, 0.06, 4) * rng.integers(0, 2, 4)
    room = {"full-screen": np.zeros(4), "viewer": np.array([0.35, 0.14, 0.35, 0.14]), "tiled": np.full(4, 0.1)}[name]
    room = place + rng.uniform(0, 1, 4) * room + rng.uniform(0, 0.02, 4)
    beside = rng.integers(0, 2, 4) if name == "tiled" else np.zeros(4)
    room += beside * rng.uniform(0.3, 1.1, 4)
    screen = (left - room[0], top - room[1], right + room[2], bottom + room[3])
    bezel = rng.uniform(0.015, 0.06)
    casing = (screen[0] - bezel, screen[1] - bezel, screen[2] + bezel, screen[3] + bezel * rng.uniform(1, 2.5))
    shade = rng.choice([0.01, 0.02, 0.3, 0.6])
    over(picture, np.full(3, shade), box_alpha(view.u, view.v, casing, view.pixel, rng.uniform(0, 0.02)))
    over(picture, np.full(3, rng.uniform(0.004, 0.05)), box_alpha(view.u, view.v, screen, view.pixel))
    if name == "tiled":
        _tiles(picture, view, screen, place, rng)
    if name != "full-screen":
        _menus(picture, view, screen, rng)
    if rng.random() < 0.25:
        _place_border(picture, view, place, rng)
    return picture.astype(np.float32), name


def _tiles(picture: np.ndarray, view: View, screen: tuple, place: np.ndarray, rng: np.random.Generator) -> None:
    """Other pictures beside, above or below, as far as the screen goes."""
    left, top, right, bottom = view.box
    gap = rng.uniform(0.004, 0.06, 4)
    sides = [
        (screen[0], top - place[1], left - place[0] - gap[0], bottom + place[3]),
        (left - place[0], screen[1], right + place[2], top - place[1] - gap[1]),
        (right + place[2] + gap[2], top - place[1], screen[2], bottom + place[3]),
        (left - place[0], bottom + place[3] + gap[3], right + place[2], screen[3]),
    ]
    width, height = view.frame
    for box in sides:
        if box[2] - box[0] < 0.04 or box[3] - box[1] < 0.04:
            continue
        content = noise_field(rng, width, height, int(rng.integers(2, 12))) ** rng.uniform(0.5, 2.5) * rng.uniform(0.05, 1)
        if rng.random() < 0.4:
            content = np.full_like(content, rng.uniform(0.03, 0.8))
        alpha = box_alpha(view.u, view.v, box, view.pixel)
        picture += alpha[..., None] * (content[..., None] - picture)


def _place_border(picture: np.ndarray, view: View, place: np.ndarray, rng: np.random.Generator) -> None:
    """The thin coloured line by which viewers show which of their places is chosen."""
    left, top, right, bottom = view.box
    inner = (left - place[0], top - place[1], right + place[2], bottom + place[3])
    thick = rng.uniform(0.002, 0.007)
    outer = (inner[0] - thick, inner[1] - thick, inner[2] + thick, inner[3] + thick)
    ring = box_alpha(view.u, view.v, outer, view.pixel) - box_alpha(view.u, view.v, inner, view.pixel)
    over(picture, rng.uniform(0.05, 1, 3), np.clip(ring, 0, 1))


def hands(picture: np.ndarray, view: View, rng: np.random.Generator) -> None:
    """One or two hands that hold the film by its edge: round fingers in front of it, in place."""
    y, x = np.mgrid[0 : view.frame[1], 0 : view.frame[0]].astype(np.float32)
    extent = float(np.linalg.norm(view.corners[2] - view.corners[0]))
    skin = np.array([0.45, 0.26, 0.18]) * rng.uniform(0.15, 1.3)
    for _ in range(rng.integers(1, 3)):
        side = int(rng.integers(0, 4))
        start, end = view.corners[side], view.corners[(side + 1) % 4]
        along = (end - start) / max(np.linalg.norm(end - start), 1e-6)
        outward = np.array([along[1], -along[0]])
        place = start + (end - start) * rng.uniform(0.1, 0.9)
        radius = extent * rng.uniform(0.012, 0.022)
        for finger in range(int(rng.integers(1, 5))):
            base = place + along * finger * radius * 2.1 + outward * extent * rng.uniform(0.12, 0.25)
            tip = place + along * finger * radius * 1.9 - outward * extent * rng.uniform(0.01, 0.06)
            alpha, rim = capsule_alpha(x, y, base, tip, radius, 1.5)
            over(picture, skin * (1 - 0.6 * rim[..., None] ** 2), alpha)


def _room(view: View, rng: np.random.Generator, brightness: float) -> np.ndarray:
    width, height = view.frame
    colour = np.array([1.0, rng.uniform(0.8, 1.0), rng.uniform(0.6, 1.0)]) * brightness
    cloud = noise_field(rng, width, height, int(rng.integers(2, 9)))
    picture = (0.3 + 1.2 * cloud)[..., None] * colour
    for _ in range(int(rng.integers(0, 7))):
        # Furniture, frames and posters: boxes at any turn.
        turn = rng.uniform(0, np.pi)
        u = np.cos(turn) * view.u + np.sin(turn) * view.v - rng.uniform(-2, 2)
        v = -np.sin(turn) * view.u + np.cos(turn) * view.v - rng.uniform(-2, 2)
        box = (0.0, 0.0, rng.uniform(0.1, 1.5), rng.uniform(0.1, 1.5))
        over(picture, rng.uniform(0, 1.6, 3) * brightness, box_alpha(u, v, box, view.pixel))
    return picture.astype(np.float32)


def _light_box(view: View, rng: np.random.Generator) -> np.ndarray:
    """One or more panes in a frame; the film may reach over their edge."""
    picture = _room(view, rng, rng.uniform(0.01, 0.25))
    left, top, right, bottom = view.box
    gaps = rng.uniform(0.01, 0.5, 4)
    if rng.random() < 0.25:
        # A film as large as the pane.
        gaps = rng.uniform(-0.01, 0.03, 4)
    panes = (left - gaps[0], top - gaps[1], right + gaps[2] + rng.choice([0, 0, 1.0]), bottom + gaps[3])
    rim = rng.uniform(0.02, 0.08)
    casing = (panes[0] - rim, panes[1] - rim, panes[2] + rim, panes[3] + rim)
    over(picture, rng.uniform(0.02, 0.5, 3).mean() * np.ones(3), box_alpha(view.u, view.v, casing, view.pixel))
    white = np.array([rng.uniform(0.9, 1.1), 1.0, rng.uniform(0.85, 1.15)]) * rng.uniform(0.9, 2.5)
    tubes = 1 + rng.uniform(0, 0.15) * np.cos(rng.uniform(4, 12) * view.v + rng.uniform(0, 6))
    falloff = 1 - rng.uniform(0, 0.3) * smoothstep(np.hypot(view.u, view.v) / 1.2)
    pane = (tubes * falloff)[..., None] * white
    over(picture, pane, box_alpha(view.u, view.v, panes, view.pixel))
    # What shines beside the film lights the room around the panes.
    glow = rng.uniform(0, 0.08) * np.exp(-np.maximum(np.hypot(view.u, view.v) - 0.5, 0) * 3)
    picture += glow[..., None]
    for _ in range(int(rng.integers(0, 3))):
        x = rng.uniform(left, right)
        clip = (x - 0.02, top - 0.05, x + 0.02, top + rng.uniform(0.0, 0.02))
        over(picture, np.full(3, rng.uniform(0.01, 0.3)), box_alpha(view.u, view.v, clip, view.pixel))
    return picture


def _window(view: View, rng: np.random.Generator) -> np.ndarray:
    """Sky with soft shapes below, and bars."""
    width, height = view.frame
    sky = np.array([0.85, 0.95, 1.1]) * rng.uniform(0.8, 2.0)
    ground = np.array([0.4, 0.5, 0.3]) * rng.uniform(0.2, 1.5)
    horizon = noise_field(rng, width, height, 6) * 0.6 + np.linspace(0, 1, height, dtype=np.float32)[:, None]
    share = smoothstep((horizon - rng.uniform(0.6, 1.6)) * rng.uniform(2, 8))[..., None]
    picture = sky * (1 - share) + ground * share
    for _ in range(int(rng.integers(0, 4))):
        turned = rng.random() < 0.5
        axis = view.u if turned else view.v
        centre, half = rng.uniform(-1.2, 1.2), rng.uniform(0.02, 0.08)
        alpha = np.clip(0.5 + (half - np.abs(axis - centre)) / view.pixel, 0, 1)
        over(picture, np.full(3, rng.uniform(0.02, 0.8)), alpha)
    return picture


def _lit_wall(view: View, rng: np.random.Generator) -> np.ndarray:
    """A film taped to a pale wall, or lying on white paper, in plain room light."""
    picture = _room(view, rng, rng.uniform(0.3, 0.9))
    width, height = view.frame
    plain = noise_field(rng, width, height, 3)[..., None] * 0.25 + rng.uniform(0.6, 1.1)
    return 0.25 * picture + 0.75 * plain * np.array([1, rng.uniform(0.93, 1.0), rng.uniform(0.85, 1.0)])


def _menus(picture: np.ndarray, view: View, screen: tuple, rng: np.random.Generator) -> None:
    left, top, right, bottom = view.box
    grey = rng.uniform(0.01, 0.5)
    bars = [
        (screen[0], screen[1], screen[2], screen[1] + rng.uniform(0.02, 0.08)),
        (screen[0], screen[1], screen[0] + rng.uniform(0.02, 0.2), screen[3]),
        (screen[2] - rng.uniform(0.02, 0.2), screen[1], screen[2], screen[3]),
    ]
    for bar in bars:
        # A bar never covers the image.
        bar = (bar[0], bar[1], min(bar[2], left) if bar[2] < right else bar[2], min(bar[3], top) if bar[3] < bottom else bar[3])
        bar = (max(bar[0], right) if bar[0] > left else bar[0], bar[1], bar[2], bar[3])
        if rng.random() < 0.6 and bar[2] > bar[0] and bar[3] > bar[1]:
            over(picture, np.full(3, grey), box_alpha(view.u, view.v, bar, view.pixel))
    for _ in range(int(rng.integers(0, 25))):
        x, y = rng.uniform(screen[0], screen[2]), rng.uniform(screen[1], screen[3])
        box = (x, y, x + rng.uniform(0.01, 0.1), y + rng.uniform(0.006, 0.02))
        if x < right and box[2] > left and y < bottom and box[3] > top:
            continue
        over(picture, rng.uniform(0.1, 1, 3), box_alpha(view.u, view.v, box, view.pixel))
