"""The network, its shortening and its head."""

import unittest

import numpy as np
import torch

from chester_training.mobilenet import MobileNetV2, Relu6
from chester_training.quantise import quantise, round_with_compensation, scales_of
from chester_training.refit import Head, fit_head, patient_groups
from chester_training.statistics import auc, macro_auc, patient_bootstraps


class Network(unittest.TestCase):
    def test_strided_convolutions_pad_below_and_right_as_tensorflow(self) -> None:
        network = MobileNetV2(2)
        x = torch.randn(1, 1, 8, 8)
        with torch.no_grad():
            found = network.stem.convolve(x)
            padded = torch.nn.functional.pad(x, (0, 1, 0, 1))
            corner = (padded[0, 0, 6:9, 6:9] * network.stem.weight[5, 0]).sum() + network.stem.bias[5]
        self.assertEqual(tuple(found.shape[2:]), (4, 4))
        self.assertAlmostEqual(float(found[0, 5, 3, 3]), float(corner), places=5)

    def test_the_gradient_of_relu6_passes_only_between_its_ends(self) -> None:
        x = torch.tensor([-1.0, 0.5, 5.5, 7.0], requires_grad=True)
        Relu6.apply(x * 1).sum().backward()
        self.assertEqual(x.grad.tolist(), [0, 1, 1, 0])

    def test_frozen_parts_get_no_gradient_and_the_rest_does(self) -> None:
        network = MobileNetV2(2, frozen=2)
        network(torch.randn(2, 1, 64, 64)).sum().backward()
        self.assertIsNone(network.blocks[1].project.weight.grad)
        self.assertIsNotNone(network.blocks[2].expand.weight.grad)


class Quantise(unittest.TestCase):
    def test_compensation_beats_plain_rounding_on_correlated_inputs(self) -> None:
        random = np.random.default_rng(3)
        inputs = random.normal(size=(2000, 24)) @ random.normal(size=(24, 24))
        weight = random.normal(size=(16, 24))
        weight[4] = 0
        rounded = round_with_compensation(weight, np.cov(inputs, rowvar=False))
        scales = scales_of(weight)[:, None]
        plain = np.rint(np.divide(weight, scales, out=np.zeros_like(weight), where=scales > 0)) * scales
        error = [float(((inputs @ (weight - other).T) ** 2).mean()) for other in (rounded, plain)]
        self.assertLess(error[0], 0.5 * error[1])
        self.assertTrue((rounded[4] == 0).all())

    def test_every_filter_lies_on_a_grid_whose_scale_can_be_read_off(self) -> None:
        torch.manual_seed(1)
        network = MobileNetV2(3).eval()
        arrays = quantise(network, torch.rand(2, 1, 64, 64) * 2 - 1, seed=1)
        for name, array in arrays.items():
            if array.ndim == 4 and array.shape[2:] == (1, 1):
                rows = array.reshape(len(array), -1).astype(np.float64)
                scale = np.abs(rows).max(1, keepdims=True) / 127
                np.testing.assert_array_equal(scale, scale.astype(np.float16))
                steps = rows / scale
                np.testing.assert_allclose(steps, np.rint(steps), atol=1e-9)
            else:
                np.testing.assert_array_equal(array, array.astype(np.float16).astype(np.float32))


class Refit(unittest.TestCase):
    def test_a_head_separates_what_can_be_separated_and_shrinks_with_the_penalty(self) -> None:
        random = np.random.default_rng(5)
        features = random.normal(3, 2, size=(400, 12))
        labels = (features[:, [0]] + random.normal(size=(400, 1)) > 3).astype(np.float32)
        heads = [fit_head(features, labels, penalty) for penalty in (0.001, 10.0)]
        self.assertGreater(macro_auc(heads[0].logits(features), labels), 0.9)
        self.assertLess(np.abs(heads[1].weight).max(), 0.2 * np.abs(heads[0].weight).max())
        # However strong the penalty, the bias keeps the mean where it was.
        self.assertAlmostEqual(float((1 / (1 + np.exp(-heads[1].logits(features)))).mean()), float(labels.mean()), places=3)

    def test_an_anchor_is_what_a_strong_penalty_ends_at(self) -> None:
        random = np.random.default_rng(6)
        features = random.normal(size=(100, 4))
        labels = (random.random((100, 1)) < 0.3).astype(np.float32)
        anchor = Head(np.array([[1.0, -2.0, 0.5, 0.0]]), np.zeros(1))
        np.testing.assert_allclose(fit_head(features, labels, 1e4, anchor).weight, anchor.weight, atol=1e-3)

    def test_no_patient_lies_in_two_groups(self) -> None:
        patients = [str(index // 3) for index in range(90)]
        groups = patient_groups(patients, 4, 1).reshape(30, 3)
        self.assertTrue((groups == groups[:, :1]).all())


class Statistics(unittest.TestCase):
    def test_ties_count_half(self) -> None:
        self.assertEqual(auc(np.array([1.0, 2.0, 2.0, 3.0]), np.array([0, 0, 1, 1])), 0.875)

    def test_a_bootstrap_keeps_a_patients_pictures_together(self) -> None:
        for indices in patient_bootstraps(["a", "a", "b", "c", "c", "c"], 20, 1):
            counts = np.bincount(indices, minlength=6)
            self.assertEqual(len(set(counts[:2])), 1)
            self.assertEqual(len(set(counts[3:])), 1)


if __name__ == "__main__":
    unittest.main()
