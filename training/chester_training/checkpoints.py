"""States of a run on disk, and randomness that needs none.

Every random number of a step comes from a generator that is seeded with the run's seed and the step's number. So a run
that goes on from a checkpoint sees exactly what it would have seen, without any generator's state being kept.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np
import torch


def save(path: Path, state: dict[str, Any]) -> None:
    """Whole or not at all: written beside, then renamed."""
    beside = path.with_suffix(".new")
    torch.save(state, beside)
    os.replace(beside, path)


def load(path: Path) -> dict[str, Any] | None:
    """The state on the CPU, or None where there is none. Reads only files that this program wrote."""
    return torch.load(path, map_location="cpu") if path.exists() else None


def step_generators(seed: int, step: int) -> tuple[np.random.Generator, torch.Generator]:
    """NumPy's and PyTorch's generators of one step."""
    sequence = np.random.SeedSequence([seed, step])
    numpy_generator = np.random.default_rng(sequence)
    torch_generator = torch.Generator().manual_seed(int(sequence.generate_state(1)[0]))
    return numpy_generator, torch_generator
