"""Random changes of a batch of X-rays, cheap enough for a CPU: geometry in one resampling, then tones, then damage.

All random numbers come from the generator given, so that a step can be repeated. Pictures are [n, h, w] of 0..1.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Augmentation:
    """How far a picture may be changed; see ../config.toml."""

    # degrees to each side
    rotation: float
    # share to each side: 0.1 is 0.9 to 1.1
    zoom: float
    # share of the side
    shift: float
    # probability of a mirrored picture
    flip: float
    # standard deviation of log(gamma)
    gamma: float
    # share to each side
    contrast: float
    brightness: float
    # probability, and the smallest share of the side
    blur: float
    blur_least: float
    # standard deviation, drawn between 0 and this
    noise: float
    # probability, and the largest share of the side
    erase: float
    erase_most: float


def affine_matrices(how: Augmentation, count: int, random: np.random.Generator) -> Tensor:
    """[n, 2, 3]: from places of the output to places of the source, both -1..1 (F.affine_grid)."""
    angle = np.deg2rad(random.uniform(-how.rotation, how.rotation, count))
    scale = np.exp(random.uniform(-how.zoom, how.zoom, (2, count)).mean(0))
    mirror = np.where(random.random(count) < how.flip, -1, 1)
    shift = random.uniform(-2 * how.shift, 2 * how.shift, (2, count))
    cosine, sine = np.cos(angle) * scale, np.sin(angle) * scale
    rows = np.array([[cosine * mirror, -sine, shift[0]], [sine * mirror, cosine, shift[1]]])
    return torch.from_numpy(rows.transpose(2, 0, 1).astype(np.float32))


def augment(pictures: Tensor, how: Augmentation, random: np.random.Generator, torch_random: torch.Generator) -> Tensor:
    """Changed copies, [n, h, w] of 0..1."""
    count, height, width = pictures.shape
    grid = F.affine_grid(affine_matrices(how, count, random), [count, 1, height, width], align_corners=False)
    # What lies outside is black, as the borders of real X-rays are.
    x = F.grid_sample(pictures.unsqueeze(1), grid, mode="bilinear", padding_mode="zeros", align_corners=False)

    def column(values: np.ndarray) -> Tensor:
        return torch.from_numpy(values.astype(np.float32)).view(count, 1, 1, 1)

    x = x.clamp_(1e-4, 1).pow_(column(np.exp(random.normal(0, how.gamma, count))))
    contrast = column(random.uniform(1 - how.contrast, 1 + how.contrast, count))
    brightness = column(random.uniform(-how.brightness, how.brightness, count))
    x = x.sub_(0.5).mul_(contrast).add_(0.5 + brightness)
    for index in np.flatnonzero(random.random(count) < how.blur):
        share = random.uniform(how.blur_least, 1)
        small = [max(8, round(height * share)), max(8, round(width * share))]
        reduced = F.interpolate(x[index : index + 1], small, mode="area")
        x[index] = F.interpolate(reduced, (height, width), mode="bilinear", align_corners=False)[0]
    if how.noise > 0:
        grain = torch.randn(x.shape, generator=torch_random)
        x = x.add_(grain.mul_(column(random.uniform(0, how.noise, count))))
    for index in np.flatnonzero(random.random(count) < how.erase):
        erase_box(x[index, 0], how.erase_most, random)
    return x.clamp_(0, 1).squeeze(1)


def erase_box(picture: Tensor, most: float, random: np.random.Generator) -> None:
    """Overwrites a random rectangle of [h, w] with one random grey (arXiv 1708.04896)."""
    height, width = picture.shape
    box_height, box_width = (max(1, int(side * random.uniform(most / 4, most))) for side in (height, width))
    top, left = random.integers(height - box_height + 1), random.integers(width - box_width + 1)
    picture[top : top + box_height, left : left + box_width] = random.random()
