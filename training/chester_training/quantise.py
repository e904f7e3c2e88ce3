"""Weights that survive being stored in 8 bits: what tools/pack/encode-weights.ts stores with --dtype int8 is exactly what
is measured here.

The filters of 1×1 convolutions go onto the grid of int8 with one float16 scale an output channel. Each weight is rounded so
that the later weights of its channel can make up for the error on real activations (Frantar et al., arXiv 2210.17323,
eq. 2 and 3), then the bias takes what is left in the mean (Nagel et al., arXiv 1906.04721, § 4.2). The stem, the depthwise filters
and the head are 3 % of the weights and stay float16.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .mobilenet import Convolution, MobileNetV2

Floats = NDArray[np.float64]
LARGEST_INT8 = 127
# Share of the mean of the diagonal that is added to it, so that channels that hardly vary do not blow up.
DAMPING = 0.01
# Places of a map that are looked at, over all pictures.
MOST_PLACES = 40_000


def scales_of(weight: Floats) -> Floats:
    """One scale a row of [out, in], the smallest float16 that lets ±127 reach its largest value; 0 for a row of zeros."""
    exact = np.abs(weight).max(1) / LARGEST_INT8
    rounded = exact.astype(np.float16)
    too_small = rounded.astype(np.float64) < exact
    return np.where(too_small, np.nextafter(rounded, np.float16(np.inf)), rounded).astype(np.float64)


def round_with_compensation(weight: Floats, covariance: Floats) -> Floats:
    """[out, in] on its int8 grid, close to the original on inputs with that covariance [in, in].

    The largest weight of a row is always stored as ±127, so that whoever reads the scale off the values finds this one.
    """
    scales = scales_of(weight)
    safe = np.where(scales == 0, 1, scales)
    size = weight.shape[1]
    largest = np.abs(weight).argmax(1)
    order = np.argsort(-np.diag(covariance))
    damped = covariance[np.ix_(order, order)] + np.eye(size) * max(DAMPING * np.diag(covariance).mean(), 1e-12)
    # Upper factor of the inverse: row j says how an error in weight j is made up for by the weights after it.
    upper = np.linalg.cholesky(np.linalg.inv(damped)).T
    left = weight[:, order].copy()
    stored = np.zeros_like(left)
    for column in range(size):
        value = left[:, column]
        nearest = np.clip(np.rint(value / safe), -LARGEST_INT8, LARGEST_INT8)
        fixed = largest == order[column]
        nearest[fixed] = LARGEST_INT8 * np.sign(weight[fixed, order[column]])
        stored[:, column] = nearest
        error = (value - nearest * scales) / upper[column, column]
        left[:, column + 1 :] -= np.outer(error, upper[column, column + 1 :])
    result = np.empty_like(stored)
    result[:, order] = stored
    return result * scales[:, None]


def to_float16(tensor: Tensor) -> Tensor:
    """Rounded as it will be stored."""
    return tensor.half().float()


@dataclass
class Streams:
    """The same pictures on their way through the original network and through the shortened one, [n, c, h, w] each."""

    exact: Tensor
    close: Tensor

    def means(self) -> "Streams":
        """Of the maps, [n, c] each."""
        return Streams(self.exact.mean((2, 3)), self.close.mean((2, 3)))

    def through(self, source: Convolution, target: Convolution, random: np.random.Generator) -> "Streams":
        """Shortens the weights of ``target`` in place, corrects its bias, and :returns: what comes out of both."""
        if source.kernel_size == (1, 1):
            covariance = np.cov(places_of(self.close, random), rowvar=False, bias=True)
            rounded = round_with_compensation(source.weight.double().flatten(1).numpy(), covariance)
            target.weight.copy_(torch.from_numpy(rounded).view_as(target.weight))
        else:
            target.weight.copy_(to_float16(source.weight))
        # Means are compared before the activation: that is where the bias acts.
        exact, close = source.convolve(self.exact), target.convolve(self.close)
        bias = to_float16(target.bias + exact.mean((0, 2, 3)) - close.mean((0, 2, 3)))
        close = close + (bias - target.bias).view(1, -1, 1, 1)
        target.bias.copy_(bias)
        return Streams(source.activated(exact), target.activated(close))


@torch.no_grad()
def quantise(network: MobileNetV2, pictures: Tensor, seed: int) -> dict[str, NDArray[np.float32]]:
    """The network's weights as an int8 pack will hold them.

    :param pictures: [n, 1, h, w] of −1..1, training pictures whose activations the rounding is fitted to
    :returns: float32 arrays by name; the 1×1 filters lie on their int8 grids, all else is representable in float16
    """
    network.eval()
    shortened = MobileNetV2(network.fc.out_features, earlier=[int(block) for block in network.earlier])
    shortened.load_state_dict(network.state_dict())
    shortened.eval()
    random = np.random.default_rng(seed)
    streams = Streams(pictures, pictures).through(network.stem, shortened.stem, random)
    pooled: list[Streams] = []
    for index, (source, target) in enumerate(zip(network.blocks, shortened.blocks, strict=True)):
        before = streams
        for name in ("expand", "dw", "project"):
            layer = getattr(source, name)
            if isinstance(layer, Convolution):
                streams = streams.through(layer, getattr(target, name), random)
            if name == "expand" and str(index) in network.earlier:
                pooled.append(streams.means())
        if source.adds:
            streams = Streams(before.exact + streams.exact, before.close + streams.close)
    streams = streams.through(network.last, shortened.last, random)
    pooled.insert(0, streams.means())
    for source, target in zip((network.fc, *network.earlier.values()), (shortened.fc, *shortened.earlier.values()), strict=True):
        target.weight.copy_(to_float16(source.weight))
    exact = network.logits(torch.cat([part.exact for part in pooled], 1))
    close = shortened.logits(torch.cat([part.close for part in pooled], 1))
    shortened.fc.bias.copy_(to_float16(shortened.fc.bias + (exact - close).mean(0)))
    return shortened.arrays()


def places_of(activations: Tensor, random: np.random.Generator) -> Floats:
    """[n, c, h, w] as rows of channels [places, c], a random choice where there are many."""
    count, channels, height, width = activations.shape
    total = count * height * width
    flat = activations.permute(0, 2, 3, 1).reshape(total, channels)
    if total > MOST_PLACES:
        flat = flat[torch.from_numpy(random.choice(total, MOST_PLACES, replace=False))]
    return flat.double().numpy()
