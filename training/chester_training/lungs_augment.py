"""X-rays as devices, phones and people change them, together with their masks. On whole batches."""

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional as F


def random_between(count: int, low: float, high: float, random: Generator) -> Tensor:
    """[count] of low..high."""
    return low + (high - low) * torch.rand(count, generator=random)


def random_grid(
    count: int,
    side: int,
    random: Generator,
    *,
    rotation: float,
    scale: tuple[float, float],
    aspect: float,
    shift: float,
    flip: float,
) -> Tensor:
    """Where to sample, [count, side, side, 2] of -1..1 inside the picture; the settings are told in ../config.toml."""
    angle = random_between(count, -rotation, rotation, random) * math.pi / 180
    size = torch.exp(random_between(count, math.log(scale[0]), math.log(scale[1]), random))
    stretch = torch.exp(random_between(count, -aspect, aspect, random) / 2)
    mirror = torch.where(torch.rand(count, generator=random) < flip, -1.0, 1.0)
    x, y = (random_between(count, -2 * shift, 2 * shift, random) for _ in range(2))
    cosine, sine = torch.cos(angle), torch.sin(angle)
    rows = [
        torch.stack([size * stretch * cosine * mirror, -size * stretch * sine, x], 1),
        torch.stack([size / stretch * sine * mirror, size / stretch * cosine, y], 1),
    ]
    return F.affine_grid(torch.stack(rows, 1), [count, 1, side, side], align_corners=False)


def random_tones(pictures: Tensor, random: Generator) -> Tensor:
    """Gamma, contrast, brightness and a slow slope of light; [n, 1, h, w] of 0..1, so is the answer."""
    count, _, height, width = pictures.shape

    def column(low: float, high: float) -> Tensor:
        return random_between(count, low, high, random)[:, None, None, None]

    pictures = pictures.clamp(0, 1) ** torch.exp(column(-0.6, 0.6))
    pictures = (pictures - 0.5) * torch.exp(column(-0.5, 0.25)) + 0.5 + column(-0.12, 0.12)
    across = torch.linspace(-1, 1, width)[None, None, None, :]
    down = torch.linspace(-1, 1, height)[None, None, :, None]
    return (pictures + column(-0.12, 0.12) * across + column(-0.12, 0.12) * down).clamp(0, 1)


def random_sharpness(pictures: Tensor, random: Generator, probability: float = 0.5) -> Tensor:
    """Some are made of fewer pixels, down to a quarter of the side; some are noisy."""
    changed = []
    for picture in pictures.split(1):
        chance, amount, noise = torch.rand(3, generator=random).tolist()
        if chance < probability:
            side = picture.shape[-1]
            fewer = max(8, int(side * (0.25 + 0.7 * amount)))
            picture = F.interpolate(picture, size=(fewer, fewer), mode="area")
            picture = F.interpolate(picture, size=(side, side), mode="bilinear", align_corners=False)
        if noise > 1 - probability / 2:
            picture = picture + torch.randn(picture.shape, generator=random) * (0.06 * amount)
        changed.append(picture)
    return torch.cat(changed).clamp(0, 1)
