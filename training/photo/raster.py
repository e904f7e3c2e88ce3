"""Drawing on float32 pictures [height, width, 3] of linear light, 1 = the white of a well exposed photograph."""

import numpy as np
from PIL import Image


def smoothstep(values: np.ndarray) -> np.ndarray:
    bounded = np.clip(values, 0, 1)
    return bounded * bounded * (3 - 2 * bounded)


def resize(values: np.ndarray, width: int, height: int, kind: int = Image.BILINEAR) -> np.ndarray:
    """One channel of float32 to another size; PIL's filters average when they reduce."""
    return np.asarray(Image.fromarray(values.astype(np.float32), mode="F").resize((width, height), kind))


def noise_field(rng: np.random.Generator, width: int, height: int, cells: int) -> np.ndarray:
    """Smooth noise 0..1 with about `cells` blobs along the longer side."""
    scale = cells / max(width, height)
    small = rng.random((max(2, round(height * scale)), max(2, round(width * scale))), dtype=np.float32)
    return resize(small, width, height, Image.BICUBIC).clip(0, 1)


def over(picture: np.ndarray, colour: np.ndarray, alpha: np.ndarray) -> None:
    """Paints `colour` ([3] or a picture) over `picture` where `alpha` [height, width] is, in place."""
    picture += alpha[..., None] * (np.asarray(colour, dtype=np.float32) - picture)


def box_alpha(
    u: np.ndarray, v: np.ndarray, box: tuple[float, float, float, float], softness: float, radius: float = 0
) -> np.ndarray:
    """Coverage of the box (left, top, right, bottom; in the unit of `u` and `v`) with corners of `radius`."""
    left, top, right, bottom = box
    x = np.abs(u - (left + right) / 2) - (right - left) / 2 + radius
    y = np.abs(v - (top + bottom) / 2) - (bottom - top) / 2 + radius
    outside = np.hypot(np.maximum(x, 0), np.maximum(y, 0)) + np.minimum(np.maximum(x, y), 0) - radius
    return np.clip(0.5 - outside / softness, 0, 1)


def capsule_alpha(
    x: np.ndarray, y: np.ndarray, start: np.ndarray, end: np.ndarray, radius: float, softness: float
) -> tuple[np.ndarray, np.ndarray]:
    """Coverage of a line with round ends, and how far to its rim a pixel lies (0 in the middle, 1 at the rim)."""
    axis = end - start
    along = ((x - start[0]) * axis[0] + (y - start[1]) * axis[1]) / max(float(axis @ axis), 1e-9)
    along = np.clip(along, 0, 1)
    away = np.hypot(x - start[0] - along * axis[0], y - start[1] - along * axis[1])
    return np.clip(0.5 + (radius - away) / softness, 0, 1), np.clip(away / radius, 0, 1)


def sample(picture: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """`picture` [h, w] between its pixels (centres at + 0.5), linear, the edge repeated."""
    height, width = picture.shape
    x = np.clip(x - 0.5, 0, width - 1)
    y = np.clip(y - 0.5, 0, height - 1)
    left, top = np.minimum(x.astype(np.int32), width - 2), np.minimum(y.astype(np.int32), height - 2)
    right_share, low_share = x - left, y - top
    flat = picture.ravel()
    at = top * width + left
    upper = flat[at] * (1 - right_share) + flat[at + 1] * right_share
    lower = flat[at + width] * (1 - right_share) + flat[at + width + 1] * right_share
    return upper * (1 - low_share) + lower * low_share


def convolve(picture: np.ndarray, kernel: np.ndarray, axis: int) -> np.ndarray:
    """One axis with an odd kernel, the edge repeated."""
    reach = len(kernel) // 2
    padding = [(0, 0)] * picture.ndim
    padding[axis] = (reach, reach)
    padded = np.pad(picture, padding, mode="edge")
    size = picture.shape[axis]
    total = np.zeros_like(picture)
    for index, weight in enumerate(kernel):
        part = [slice(None)] * picture.ndim
        part[axis] = slice(index, index + size)
        total += np.float32(weight) * padded[tuple(part)]
    return total


def gaussian_blur(picture: np.ndarray, sigma: float) -> np.ndarray:
    """`sigma` in pixels; below a quarter of a pixel nothing changes."""
    if sigma < 0.25:
        return picture
    reach = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    return convolve(convolve(picture, kernel, 0), kernel, 1)
