"""What the app makes of a photograph whose corners are known: a twin of src/imaging/photo/rectify-photo.ts, so that a network
is trained on the pixels that it will meet. Held to the app's own by tests/test_rectify.py.
"""

import numpy as np
from numpy.typing import NDArray

from .geometry import homography_between, project

Grey = NDArray[np.float32]
Corners = NDArray[np.float64]

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
WHITE = 255
# photo-grey.ts: points a side at which the cast is looked at, ends of a channel that tell no colour, and bounds of the gains.
GRID_SIDE = 96
CLIPPED_BYTE, NEARLY_BLACK = 250, 8
LEAST_SHARE_OF_POINTS = 1 / 50
GAIN_BOUNDS = (0.6, 1.7)
# film-pose.ts, rectify.ts
FOCAL_SHARE = 0.83
MOST_CORRECTION = 1.6
MOST_SIDE = 2048
ENOUGH_PIXELS = 1.3
# crop-border.ts
WIDEST_RIM, EVEN_LINE, RIM_STEP, STEP_REACH = 0.06, 0.035, 0.06, 0.012
# stretch-tones.ts
BLACK_END, WHITE_END, BINS = 0.005, 0.99, 1024
CLIPPED_GREY, FEW_CLIPPED, LEAST_RANGE = 0.985, 0.15, 0.1


def rectify_photo(rgb: NDArray[np.uint8], corners: Corners) -> Grey:
    """The film alone as the app hands it to its networks, [h, w] of 0..1.

    :param rgb: [h, w, 3]
    :param corners: [4, 2] in pixels, clockwise from the film's own top left
    """
    grey = balanced_grey(rgb, corners)
    height, width = grey.shape
    flat = rectify(grey, corners, rectified_size(corners, (width, height)))
    return stretch_tones(without_border(flat))


def balanced_grey(rgb: NDArray[np.uint8], corners: Corners) -> Grey:
    """White balance on what lies inside the corners, then luma."""
    height, width, _ = rgb.shape
    share = (np.arange(GRID_SIDE) + 0.5) / GRID_SIDE
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float)
    points = project(homography_between(unit, corners), np.array([(x, y) for y in share for x in share]))
    inside = (points >= 0).all(1) & (points < [width, height]).all(1)
    x, y = np.floor(points[inside]).astype(int).T
    colours = rgb[y, x].astype(np.float64)
    brightest = colours.max(1)
    telling = colours[(brightest <= CLIPPED_BYTE) & (brightest >= NEARLY_BLACK)]
    gains = np.ones(3)
    if len(telling) > 0 and len(telling) >= len(colours) * LEAST_SHARE_OF_POINTS:
        means = telling.mean(0)
        gains = np.clip(means @ LUMA.astype(np.float64) / np.maximum(1, means), *GAIN_BOUNDS)
    return np.minimum(rgb.astype(np.float32) @ (LUMA * gains / WHITE).astype(np.float32), 1)


def rectified_size(corners: Corners, frame: tuple[int, int]) -> tuple[int, int]:
    """Width and height that lose nothing where the film is seen largest, in the film's own shape."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    across, down = max(sides[0], sides[2]), max(sides[1], sides[3])
    correction = np.clip(film_aspect(corners, frame) / (across / down), 1 / MOST_CORRECTION, MOST_CORRECTION)
    width = max(1.0, np.floor((across * correction if correction > 1 else across) + 0.5))
    height = max(1.0, np.floor((down if correction > 1 else down / correction) + 0.5))
    scale = min(1.0, MOST_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def film_aspect(corners: Corners, frame: tuple[int, int]) -> float:
    """Width over height of the film itself: lengths of a homography's first columns (Hartley & Zisserman 2004, §8.1.1)."""
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float)
    columns = homography_between(unit, corners)[:, :2]
    middle = np.array(frame) / 2
    seen = np.vstack([(columns[:2] - np.outer(middle, columns[2])) / (FOCAL_SHARE * max(frame)), columns[2]])
    across, down = np.linalg.norm(seen, axis=0)
    return float(across / down)


def rectify(grey: Grey, corners: Corners, size: tuple[int, int]) -> Grey:
    """The quadrilateral as a rectangle of ``size`` (width, height): bilinear, with as many points a pixel as it needs."""
    width, height = size
    rectangle = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=float)
    matrix = homography_between(rectangle, corners)
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1) / [width, height, width, height]
    points = max(1, int(np.ceil(sides.max() / ENOUGH_PIXELS)))
    total = np.zeros((height, width), dtype=np.float32)
    for row in range(points):
        v = np.arange(height)[:, None] + (row + 0.5) / points
        for column in range(points):
            u = np.arange(width)[None] + (column + 0.5) / points
            lift = matrix[2, 0] * u + matrix[2, 1] * v + matrix[2, 2]
            x = (matrix[0, 0] * u + matrix[0, 1] * v + matrix[0, 2]) / lift - 0.5
            y = (matrix[1, 0] * u + matrix[1, 1] * v + matrix[1, 2]) / lift - 0.5
            total += between(grey, x, y)
    return total / points**2


def between(grey: Grey, x: NDArray[np.float64], y: NDArray[np.float64]) -> Grey:
    """Linear between pixels whose centres lie at whole numbers, the edge repeated."""
    height, width = grey.shape
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, below = np.minimum(width - 1, left + 1), np.minimum(height - 1, top + 1)
    share_x, share_y = (x - left).astype(np.float32), (y - top).astype(np.float32)
    upper = grey[top, left] * (1 - share_x) + grey[top, right] * share_x
    lower = grey[below, left] * (1 - share_x) + grey[below, right] * share_x
    return upper * (1 - share_y) + lower * share_y


def without_border(grey: Grey) -> Grey:
    """Without the even rim that corners a hair too wide leave."""
    height, width = grey.shape
    top, bottom = rims(line_statistics(grey), height)
    left, right = rims(line_statistics(grey.T), width)
    return grey[top : height - bottom, left : width - right]


def line_statistics(grey: Grey) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and spread of each row, without its ends."""
    length = grey.shape[1]
    start = int(np.floor(length * WIDEST_RIM))
    end = max(start + 1, int(np.ceil(length * (1 - WIDEST_RIM))))
    part = grey[:, start : end : 4 if length > 4 / WIDEST_RIM else 1].astype(np.float64)
    return part.mean(1), part.std(1)


def rims(lines: tuple[NDArray[np.float64], NDArray[np.float64]], length: int) -> tuple[int, int]:
    """Lines of rim at the beginning and at the end."""
    means, spreads = lines
    return rim_of(means, spreads, length), rim_of(means[::-1], spreads[::-1], length)


def rim_of(means: NDArray[np.float64], spreads: NDArray[np.float64], length: int) -> int:
    """Lines from the first on that are rim: even, and followed by a step."""
    reach = max(1, int(np.floor(STEP_REACH * length + 0.5)))
    rim = 0
    for line in range(int(np.floor(WIDEST_RIM * length))):
        if spreads[line] > EVEN_LINE:
            break
        if line + reach < length and abs(means[line + reach] - means[line]) > RIM_STEP:
            rim = line + reach
    return rim


def stretch_tones(grey: Grey) -> Grey:
    """Spread linearly between two percentiles, mirrored lamps not counted."""
    counts = np.bincount(np.minimum(BINS - 1, np.floor(grey * BINS).astype(int)).ravel(), minlength=BINS)
    below = np.cumsum(counts)
    bright = int((grey >= CLIPPED_GREY).sum())
    ignored = bright if bright / grey.size < FEW_CLIPPED else 0

    def percentile(count: float) -> float:
        return min(BINS - 1, int(np.searchsorted(below, count, side="left"))) / BINS

    low, high = percentile(BLACK_END * grey.size), percentile(WHITE_END * (grey.size - ignored))
    return np.clip((grey - np.float32(low)) / np.float32(max(LEAST_RANGE, high - low)), 0, 1)
