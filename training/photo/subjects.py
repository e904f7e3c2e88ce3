"""The thing photographed: a film that light shines through, or an X-ray shown on a monitor."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from .raster import box_alpha, capsule_alpha, over, resize, sample


@dataclass(frozen=True)
class View:
    """What each pixel sees of the film's plane. The film's longer side is 1 long, its centre lies at 0."""

    u: np.ndarray
    v: np.ndarray
    film: tuple[float, float]
    frame: tuple[int, int]
    corners: np.ndarray
    """[4, 2] in pixels of the frame, clockwise from the film's own top left."""
    pixel: float
    """Length in the plane that one pixel covers, at the film's centre."""

    @property
    def box(self) -> tuple[float, float, float, float]:
        width, height = self.film
        return -width / 2, -height / 2, width / 2, height / 2


def _xray_on_plane(xray: np.ndarray, view: View) -> np.ndarray:
    """`xray` (0..1) as the pixels see it: first reduced to about their number, so that nothing aliases."""
    height, width = xray.shape
    wanted = max(2, round(view.film[0] / view.pixel))
    if wanted < width:
        xray = resize(xray, wanted, max(2, round(height * wanted / width)), Image.BOX)
        height, width = xray.shape
    return sample(xray, (view.u / view.film[0] + 0.5) * width, (view.v / view.film[1] + 0.5) * height)


def draw_film(picture: np.ndarray, xray: np.ndarray, view: View, ranges: dict, rng: np.random.Generator) -> dict:
    """Lays a film over what is lit behind it, in place. Density = -log10 of the transmitted share (Beer-Lambert)."""
    film = ranges["film"]
    gamma = rng.uniform(*film["gamma"])
    base = rng.uniform(*film["base_density"])
    span = rng.uniform(*film["range_density"])
    tint = _tint(film, rng)
    value = _xray_on_plane(xray, view)
    grain = rng.uniform(*film["grain"])
    value = np.clip(value + rng.normal(0, grain, value.shape).astype(np.float32), 0, 1)
    facts = {"marker": bool(rng.random() < film["marker"]), "label": bool(rng.random() < film["label"])}
    width, height = view.film
    if facts["marker"]:
        value = np.maximum(value, _marker(view, rng))
    density = base + span * (1 - value**gamma)
    if rng.random() < film["margin"]:
        # Unexposed rim of the sheet: clear, or exposed to daylight: black.
        rim = rng.uniform(0.01, 0.03)
        inner = box_alpha(
            view.u, view.v, (-width / 2 + rim, -height / 2 + rim, width / 2 - rim, height / 2 - rim), view.pixel
        )
        rim_density = base if rng.random() < 0.3 else base + span
        density = rim_density + inner * (density - rim_density)
    radius = rng.uniform(0.01, 0.035) if rng.random() < film["rounded"] else 0.0
    alpha = box_alpha(view.u, view.v, view.box, view.pixel, radius)
    through = (10 ** -density)[..., None] * tint
    # A film is a sheet of plastic: some of the room's light comes back from its front.
    reflected = rng.uniform(0.0, 0.02)
    picture *= 1 + alpha[..., None] * (through - 1)
    picture += alpha[..., None] * np.float32(reflected)
    if facts["label"]:
        _label(picture, alpha, view, rng)
    return facts


def _tint(film: dict, rng: np.random.Generator) -> np.ndarray:
    strong, neutral = (np.array(colour) for colour in film["tint"])
    return (neutral + rng.random() * (strong - neutral)).astype(np.float32)


def _marker(view: View, rng: np.random.Generator) -> np.ndarray:
    """A letter of lead: an upright stroke and a foot, as sharp as the film allows."""
    width, height = view.film
    side = rng.choice([-1, 1])
    x, y = side * width * rng.uniform(0.36, 0.42), -height * rng.uniform(0.36, 0.44)
    size, stroke = rng.uniform(0.012, 0.022), rng.uniform(0.002, 0.004)
    marker = np.zeros_like(view.u)
    strokes = [((x, y - size), (x, y + size)), ((x, y + size), (x + size, y + size))]
    if rng.random() < 0.5:
        strokes.append(((x, y - size), (x + size, y)))
    for start, end in strokes:
        alpha, _ = capsule_alpha(view.u, view.v, np.array(start), np.array(end), stroke, view.pixel)
        marker = np.maximum(marker, alpha)
    return marker


def _label(picture: np.ndarray, film_alpha: np.ndarray, view: View, rng: np.random.Generator) -> None:
    """A white sticker with lines of print, in a corner or along an edge."""
    width, height = view.film
    size = np.array([rng.uniform(0.1, 0.3) * width, rng.uniform(0.04, 0.1) * height])
    x = rng.choice([-1, 1]) * (width / 2 - size[0] / 2 - rng.uniform(0, 0.05))
    y = rng.choice([-1, 1]) * (height / 2 - size[1] / 2 - rng.uniform(0, 0.05))
    box = (x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)
    alpha = box_alpha(view.u, view.v, box, view.pixel) * film_alpha
    over(picture, np.full(3, rng.uniform(0.35, 0.9)), alpha)
    for line in np.linspace(box[1], box[3], 5)[1:-1]:
        print_box = (box[0] + 0.1 * size[0], line - 0.008 * height, box[2] - rng.uniform(0.1, 0.5) * size[0], line)
        over(picture, np.full(3, 0.05), box_alpha(view.u, view.v, print_box, view.pixel) * film_alpha)


def draw_on_monitor(picture: np.ndarray, xray: np.ndarray, view: View, ranges: dict, rng: np.random.Generator) -> dict:
    """Shows the X-ray on the monitor that was drawn around it, in place.

    Moire is not painted but happens: the grid of the screen's coloured stripes is looked at by the grid of the
    camera's pixels, each at its centre, so it bends and swells with the perspective as the real one does.
    """
    monitor = ranges["monitor"]
    black = rng.uniform(*monitor["black_level"])
    gamma = rng.uniform(*monitor["gamma"])
    value = _xray_on_plane(xray, view)
    brightness = rng.uniform(0.7, 1.2)
    light = (black + (1 - black) * value**gamma) * brightness
    colour = np.stack([light] * 3, axis=-1) * np.array([0.96, 1.0, 1.05], dtype=np.float32) ** rng.uniform(-1, 1.5)
    facts = {"moire": 0.0, "marker": False, "label": False}
    if rng.random() < monitor["moire"]:
        strength = rng.uniform(*monitor["moire_strength"])
        pitch = view.pixel * rng.uniform(*monitor["pixel_pitch"])
        across, along = 2 * np.pi / pitch * view.u, 2 * np.pi / pitch * view.v
        for channel in range(3):
            grid = np.cos(across + 2 * np.pi / 3 * (channel - 1)) + 0.6 * np.cos(along)
            colour[..., channel] *= 1 + strength * grid.astype(np.float32)
        facts["moire"], facts["pitch"] = round(float(strength), 3), round(float(pitch / view.pixel), 4)
    alpha = box_alpha(view.u, view.v, view.box, view.pixel)
    over(picture, colour.astype(np.float32), alpha)
    return facts
