"""Masks, measures and the network of lungs and heart; the gate's judgement."""

import unittest

import numpy as np
import torch
from torch.nn import functional as F

from chester_training.gate import judge
from chester_training.gate_network import OUTPUTS
from chester_training.lungs_data import lateral_part
from chester_training.lungs_network import LungsNetwork, folded
from chester_training.mask_measures import cardiothoracic_ratio, dice, largest_parts


def disc(x: float, y: float, radius: float, side: int = 80) -> np.ndarray:
    """Probabilities that fall from 1 inside to 0 outside."""
    rows, columns = np.mgrid[0:side, 0:side] + 0.5
    return 1 / (1 + np.exp(np.hypot(columns - x, rows - y) - radius))


class Masks(unittest.TestCase):
    def test_dice(self) -> None:
        a, b = np.array([1, 1, 0, 0], bool), np.array([1, 0, 1, 0], bool)
        self.assertEqual(dice(a, b), 0.5)
        self.assertEqual(dice(a & ~a, b & ~b), 1)

    def test_largest_parts_without_holes(self) -> None:
        ring = (disc(20, 20, 10) > 0.5) & ~(disc(20, 20, 3) > 0.5)
        both = ring | (disc(60, 60, 4) > 0.5)
        self.assertTrue((largest_parts(both, 1) == (disc(20, 20, 10) > 0.5)).all())

    def test_ratio_of_discs(self) -> None:
        lungs = np.maximum(disc(20, 40, 14), disc(60, 40, 14))
        self.assertAlmostEqual(cardiothoracic_ratio(lungs, disc(40, 50, 11), 0.5, 0.5), 22 / 68, places=2)
        self.assertTrue(np.isnan(cardiothoracic_ratio(lungs, lungs * 0, 0.5, 0.5)))

    def test_lateral_part_lies_next_to_the_ribs(self) -> None:
        lungs = np.zeros((1, 20), bool)
        lungs[0, [2, 3, 4, 5, 12, 13, 14, 15]] = True
        self.assertEqual(np.flatnonzero(lateral_part(lungs)[0]).tolist(), [2, 3, 14, 15])


class Networks(unittest.TestCase):
    def test_folded_weights_answer_as_the_network(self) -> None:
        torch.manual_seed(1)
        network = LungsNetwork([4, 6, 8])
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                torch.nn.init.normal_(module.running_mean)
                torch.nn.init.uniform_(module.running_var, 0.5, 2)
        network.eval()
        tensors = folded(network)
        x = torch.randn(1, 1, 32, 32)
        with torch.no_grad():
            stem = F.relu(F.conv2d(F.pad(x, (0, 1, 0, 1)), tensors["stem.weight"], tensors["stem.bias"], 2))
            self.assertTrue(torch.allclose(network.stem(x), stem, atol=1e-5))
            self.assertEqual(list(network(x).shape), [1, 2, 16, 16])


class Gate(unittest.TestCase):
    def verdict(self, **said: float) -> dict[str, bool]:
        chest = {"frontal": 6, "upright": 6, "inverted": -6, "mirrored": -6, "child": -6, **said}
        logits = np.array([[chest.get(output.replace("-", "_"), 0) for output in OUTPUTS]], dtype=np.float32)
        return {name: bool(values[0]) for name, values in judge(logits).items() if name != "turn"}

    def test_judgement(self) -> None:
        self.assertFalse(any(self.verdict().values()))
        self.assertTrue(self.verdict(slice=20)["refused"])
        self.assertEqual([self.verdict(lateral=7)[name] for name in ("refused", "questioned", "lateral")], [False, True, True])
        self.assertTrue(self.verdict(rotated_90=20)["turned"])
        self.assertFalse(self.verdict(rotated_90=20, mirrored=20)["mirrored"])


if __name__ == "__main__":
    unittest.main()
