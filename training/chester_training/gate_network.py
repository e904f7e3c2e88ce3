"""The gate's network: the first blocks of an ImageNet MobileNetV2, frozen, and one linear layer over a coarse map of its features.

The map stays a map (GRID x GRID means), for where things are tells which way up a chest is.
"""

import torch
from torch import Tensor, nn

from .mobilenet import BLOCKS, MobileNetV2

# What the linear layer answers, in this order; src/shared/pack.ts, gateOutputs.
OUTPUTS = (
    "frontal",
    "lateral",
    "other-radiograph",
    "slice",
    "picture",
    "upright",
    "rotated-90",
    "rotated-180",
    "rotated-270",
    "inverted",
    "mirrored",
    "child",
)
KIND = slice(0, 5)
TURN = slice(5, 9)
INVERTED, MIRRORED, CHILD = 9, 10, 11
GRID = 4


class GateFeatures(nn.Module):
    """[n, 1, side, side] of -1..1 to [n, channels * GRID * GRID], channels first."""

    def __init__(self, trunk: MobileNetV2, blocks: int) -> None:
        super().__init__()
        self.stem = trunk.stem
        self.blocks = trunk.blocks[:blocks]
        self.pool = nn.AdaptiveAvgPool2d(GRID)

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return self.pool(x.float()).flatten(1)


def channels_after(blocks: int) -> int:
    """Channels of the map behind the first so many blocks."""
    return [channels for _, channels, repeats, _ in BLOCKS for _ in range(repeats)][blocks - 1]
