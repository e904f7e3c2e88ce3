"""What optics and electronics make of a scene: glare, vignetting, blur, exposure, noise, tone curve, JPEG."""

import io

import numpy as np
from PIL import Image

from .raster import convolve, gaussian_blur, smoothstep
from .subjects import View

BLUR_FRAME = 1000
"""Pixels of the long side of the frame in which `blur_sigma` and `motion_length` are stated."""


def add_glare(picture: np.ndarray, view: View, ranges: dict, rng: np.random.Generator) -> list[dict]:
    """Lamps and windows mirrored in the film: soft ellipses of light on it, in place. Areas are shares of the film."""
    low, high = ranges["glare"]["count"]
    spots = []
    for _ in range(int(rng.integers(low, high + 1))):
        # Small ones are commoner: the root of the range is drawn evenly, and the sum of all keeps the range's end.
        area = rng.uniform(*np.sqrt(ranges["glare"]["area"])) ** 2
        area = min(area, ranges["glare"]["area"][1] - sum(spot["area"] for spot in spots))
        if area < ranges["glare"]["area"][0]:
            break
        strength = rng.uniform(*ranges["glare"]["strength"])
        width, height = view.film
        stretch, turn = rng.uniform(1, 3), rng.uniform(0, np.pi)
        x, y = rng.uniform(-0.45, 0.45) * width, rng.uniform(-0.45, 0.45) * height
        spot = {"area": area, "strength": strength, "x": x, "y": y, "stretch": stretch, "turn": turn}
        spot["edge"] = rng.uniform(0.15, 0.8)
        shape = spot_shape(view.u, view.v, view.film, spot)
        on_film = (np.abs(view.u) < width / 2) & (np.abs(view.v) < height / 2)
        colour = np.array([1, rng.uniform(0.85, 1), rng.uniform(0.7, 1.1)], dtype=np.float32)
        picture += (strength * shape * on_film)[..., None].astype(np.float32) * colour
        spots.append({name: round(float(value), 4) for name, value in spot.items()})
    return spots


def spot_shape(u: np.ndarray, v: np.ndarray, film: tuple[float, float], spot: dict) -> np.ndarray:
    """How much of a spot's light falls on places of the film's plane, 0..1."""
    radius = np.sqrt(spot["area"] * film[0] * film[1] / np.pi)
    x, y = u - spot["x"], v - spot["y"]
    a = (np.cos(spot["turn"]) * x + np.sin(spot["turn"]) * y) / (radius * np.sqrt(spot["stretch"]))
    b = (np.cos(spot["turn"]) * y - np.sin(spot["turn"]) * x) / (radius / np.sqrt(spot["stretch"]))
    return smoothstep((1 - np.hypot(a, b)) / spot["edge"] + 0.5)


def expose(picture: np.ndarray, view: View, ranges: dict, rng: np.random.Generator) -> tuple[bytes, dict]:
    """Linear light to a JPEG file, and what was done to it."""
    camera = ranges["camera"]
    width, height = view.frame
    scale = max(view.frame) / BLUR_FRAME
    facts: dict = {"blur": round(float(rng.uniform(*camera["blur_sigma"]) * rng.choice([0.15, 1.0])), 3)}
    picture = gaussian_blur(picture, facts["blur"] * scale)
    facts["motion"] = 0.0
    if rng.random() < camera["motion_blur"]:
        facts["motion"] = round(float(rng.uniform(*camera["motion_length"])), 2)
        picture = convolve(picture, *_streak(facts["motion"] * scale, rng))
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    radius = np.hypot(x - width / 2, y - height / 2) / np.hypot(width / 2, height / 2)
    facts["vignetting"] = round(float(rng.uniform(*camera["vignetting"])), 3)
    picture = picture * (1 - facts["vignetting"] * radius**2)[..., None]
    gains = np.exp(rng.uniform(*np.log(camera["white_balance"]), 2))
    picture = picture * np.array([gains[0], 1, gains[1]], dtype=np.float32)
    # The camera's own metering, then so many stops beside it: mostly few, the whole range now and then.
    stops = np.clip(rng.normal(0, camera["exposure_spread"]), *camera["exposure_stops"])
    facts["stops"] = round(float(stops), 3)
    metered = picture * np.float32(_metering(picture, view, rng) * 2**stops)
    noise = rng.uniform(*camera["noise"])
    shot = rng.normal(0, 1, metered.shape).astype(np.float32) * np.sqrt(np.maximum(metered, 0) + 0.02) * np.float32(noise)
    values = np.clip(_tone_curve(np.maximum(metered + shot, 0)), 0, 1)
    facts["noise"] = round(float(noise), 4)
    facts["quality"] = int(rng.integers(camera["jpeg_quality"][0], camera["jpeg_quality"][1] + 1))
    file = io.BytesIO()
    Image.fromarray(np.uint8(values * 255 + 0.5)).save(file, "JPEG", quality=facts["quality"])
    return file.getvalue(), facts


def _streak(length: float, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    size = max(3, int(np.ceil(length)) | 1)
    return np.full(size, 1 / size), int(rng.integers(0, 2))


def _metering(picture: np.ndarray, view: View, rng: np.random.Generator) -> float:
    """Phones meter the whole frame, or the middle that was tapped on: bright parts come out just below white."""
    low, high = view.corners.min(axis=0), view.corners.max(axis=0)
    left, top = np.maximum(low, 0).astype(int)
    right, bottom = np.minimum(high, view.frame).astype(int)
    part = picture[top:bottom, left:right] if rng.random() < 0.7 else picture
    luma = part[::4, ::4] @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
    return float(min(0.85 / max(np.percentile(luma, 97), 1e-3), 0.3 / max(luma.mean(), 1e-3) * 2))


def _tone_curve(light: np.ndarray) -> np.ndarray:
    """sRGB with a soft shoulder, as phones have."""
    shoulder = np.where(light < 0.8, light, 0.8 + 0.2 * (1 - np.exp(-(light - 0.8) / 0.2)))
    return np.where(shoulder <= 0.0031308, 12.92 * shoulder, 1.055 * shoulder ** (1 / 2.4) - 0.055)
