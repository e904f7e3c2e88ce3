"""Refits the head on the trained features: logistic regressions with an L2 penalty, folded back into the network.

The penalty is chosen on patients that no part of the network has seen (crossvalidate.py). The features of the training pictures
are means over copies of each (mirrored, zoomed), so that they are less over-fitted than a single look. Earlier maps than the last take
part: they were fitted less to the training labels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.optimize import minimize

from .compute import autocast, to_batch
from .images import LARGEST_BYTE, Pictures
from .mobilenet import FEATURES, MobileNetV2

Floats = NDArray[np.float64]
FEATURE_BATCH = 32
MOST_ITERATIONS = 300


@dataclass(frozen=True)
class Head:
    """A linear layer on ``MobileNetV2.all_features``: ``weight`` [k, features], ``bias`` [k]."""

    weight: NDArray[np.float64]
    bias: NDArray[np.float64]

    def logits(self, features: NDArray[np.floating]) -> Floats:
        """[n, features] to [n, k]."""
        return features @ self.weight.T + self.bias

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.float32]]) -> "Head":
        """The head of a network's weights."""
        parts = [arrays["fc.weight"], *(arrays[f"earlier.{block}.weight"] for block in earlier_blocks(arrays))]
        return cls(np.concatenate(parts, 1), arrays["fc.bias"])


def earlier_blocks(arrays: Mapping[str, NDArray[np.float32]]) -> list[int]:
    """The blocks whose expansions the head of these weights sees besides the last map, ascending."""
    return sorted(int(name.split(".")[1]) for name in arrays if name.startswith("earlier."))


@torch.no_grad()
def pooled_features(network: MobileNetV2, pictures: Pictures, indices: NDArray[np.int64], zooms: list[float], place: torch.device) -> NDArray[np.float32]:
    """Mean over mirrored and zoomed copies of ``all_features``, [n, f]; zooms [] is the plain picture in float32."""
    network.eval()
    parts = []
    for begin in range(0, len(indices), FEATURE_BATCH):
        grey = torch.from_numpy(pictures.take(indices[begin : begin + FEATURE_BATCH])).float().div_(LARGEST_BYTE)
        if not zooms:
            parts.append(network.all_features(channels_last(to_batch(grey, place))).cpu())
            continue
        copies = []
        for zoom in zooms:
            for mirror in (1, -1):
                copy = look(grey, zoom, mirror)
                with autocast(place):
                    copies.append(network.all_features(channels_last(to_batch(copy, place))).cpu())
        parts.append(torch.stack(copies).mean(0))
    return torch.cat(parts).numpy()


def channels_last(x: torch.Tensor) -> torch.Tensor:
    """The layout in which convolutions are fast."""
    return x.contiguous(memory_format=torch.channels_last)


def look(grey: torch.Tensor, zoom: float, mirror: int) -> torch.Tensor:
    """Another look at pictures [n, h, w]: mirrored and magnified about the centre."""
    matrix = torch.tensor([[mirror / zoom, 0, 0], [0, 1 / zoom, 0]]).expand(len(grey), 2, 3)
    grid = F.affine_grid(matrix, [len(grey), 1, *grey.shape[1:]], align_corners=False)
    return F.grid_sample(grey.unsqueeze(1), grid, mode="bilinear", padding_mode="zeros", align_corners=False).squeeze(1)


def balance(features: NDArray[np.floating], widths: Sequence[int], earlier_weight: float) -> Floats:
    """A factor for each feature [f]: the maps, the last one and then the earlier ones, each divided by its own deviation, earlier
    ones times ``earlier_weight``. A larger factor is a weaker penalty.

    :param widths: channels of each map, together f
    """
    deviations = [float(np.sqrt(part.var(0).mean())) for part in np.split(features, np.cumsum(widths)[:-1], axis=1)]
    factors = [(1.0 if index == 0 else earlier_weight) / deviation for index, deviation in enumerate(deviations)]
    return np.repeat(factors, widths)


def fit_balanced(features: NDArray[np.floating], labels: NDArray[np.floating], penalty: float, widths: Sequence[int], earlier_weight: float) -> Head:
    """``fit_head`` on several maps' features; see ``balance``."""
    factors = balance(features, widths, earlier_weight)
    head = fit_head((features * factors).astype(np.float32), labels, penalty)
    return Head(head.weight * factors, head.bias)


def fit_head(features: NDArray[np.floating], labels: NDArray[np.floating], penalty: float, anchor: Head | None = None) -> Head:
    """Minimises mean cross-entropy + penalty / 2 · |w − anchor|², with features divided by their common deviation.

    :param features: [n, f]
    :param labels: [n, k] of 0..1
    :param anchor: weights that are pulled towards; 0 where there are none
    """
    centre = features.mean(0)
    scale = float(np.sqrt(features.var(0).mean()))
    x = ((features - centre) / scale).astype(np.float32)
    y = labels.astype(np.float32)
    count, size = x.shape
    outputs = y.shape[1]
    pulled = np.zeros((outputs, size), np.float32) if anchor is None else (anchor.weight * scale).astype(np.float32)
    rates = np.clip(y.mean(0), 1 / (2 * count), 1 - 1 / (2 * count))

    def objective(flat: Floats) -> tuple[float, Floats]:
        packed = flat.astype(np.float32).reshape(outputs, size + 1)
        weight, bias = packed[:, :size], packed[:, size]
        logits = x @ weight.T + bias
        loss = float((np.logaddexp(0, logits) - y * logits).sum()) / count
        slope = (1 / (1 + np.exp(-logits)) - y) / count
        away = weight - pulled
        gradient = np.concatenate([slope.T @ x + penalty * away, slope.sum(0)[:, None]], axis=1)
        return loss + penalty / 2 * float((away**2).sum()), gradient.ravel().astype(np.float64)

    start = np.concatenate([pulled, np.log(rates / (1 - rates))[:, None]], axis=1).ravel()
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": MOST_ITERATIONS})
    packed = found.x.reshape(outputs, size + 1)
    weight = packed[:, :size] / scale
    return Head(weight, packed[:, size] - weight @ centre)


def with_head(arrays: dict[str, NDArray[np.float32]], head: Head, earlier: Sequence[int]) -> dict[str, NDArray[np.float32]]:
    """The network's weights with another head, on the last map and on the expansions of the blocks ``earlier``."""
    weight = head.weight.astype(np.float32)
    kept = {name: array for name, array in arrays.items() if not name.startswith("earlier.")}
    kept |= {"fc.weight": np.ascontiguousarray(weight[:, :FEATURES]), "fc.bias": head.bias.astype(np.float32)}
    begin = FEATURES
    for block in sorted(earlier):
        width = len(arrays[f"blocks.{block}.expand.bias"])
        kept[f"earlier.{block}.weight"] = np.ascontiguousarray(weight[:, begin : begin + width])
        begin += width
    return kept
