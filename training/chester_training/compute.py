"""Where the arithmetic happens: an accelerator where there is one, else the CPU's cores, in bfloat16 where it is safe."""

import torch
from torch import Tensor


def device() -> torch.device:
    """CUDA where it is there."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def autocast(place: torch.device, enabled: bool = True) -> torch.autocast:
    """bfloat16 for convolutions; about twice as fast on CPUs that have it, and on any recent accelerator."""
    return torch.autocast(place.type, dtype=torch.bfloat16, enabled=enabled)


def to_batch(pictures: Tensor, place: torch.device) -> Tensor:
    """[n, h, w] of 0..1 to the network's [n, 1, h, w] of -1..1."""
    return (pictures.to(place) * 2 - 1).unsqueeze(1)
