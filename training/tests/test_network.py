"""The network, its shortening and its head."""

import unittest

import numpy as np
import torch

from chester_training.mobilenet import FEATURES, MobileNetV2, Relu6
from chester_training.quantise import quantise, round_with_compensation, scales_of
from chester_training.refit import Head, earlier_blocks, fit_balanced, fit_head, with_head
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


class EarlierMaps(unittest.TestCase):
    def test_a_head_on_earlier_maps_adds_what_their_means_say_to_what_the_last_map_says(self) -> None:
        torch.manual_seed(2)
        plain = MobileNetV2(3).eval()
        widths = [FEATURES, 384, 576]
        random = np.random.default_rng(4)
        head = Head(random.normal(size=(3, sum(widths))), random.normal(size=3))
        arrays = with_head(plain.arrays(), head, [13, 7])
        self.assertEqual(earlier_blocks(arrays), [7, 13])
        np.testing.assert_allclose(Head.of(arrays).weight, head.weight, rtol=1e-6)
        network = MobileNetV2(3, earlier=[13, 7]).eval()
        network.load_arrays(arrays)
        x = torch.rand(2, 1, 64, 64) * 2 - 1
        expansions = {}
        for block in (7, 13):
            network.blocks[block].expand.register_forward_hook(lambda _module, _inputs, made, block=block: expansions.update({block: made}))
        with torch.no_grad():
            found = network(x).numpy()
            means = torch.cat([plain.features(x), expansions[7].mean((2, 3)), expansions[13].mean((2, 3))], 1).numpy()
        np.testing.assert_allclose(network.all_features(x).numpy(), means, atol=1e-6)
        np.testing.assert_allclose(found, head.logits(means), atol=1e-3)
        # A network that had another head takes this one, and none of the former stays.
        self.assertEqual(with_head(arrays, Head(head.weight[:, :FEATURES], head.bias), []).keys(), plain.arrays().keys())

    def test_the_penalty_is_weaker_on_earlier_maps_and_the_same_for_any_unit(self) -> None:
        random = np.random.default_rng(8)
        # The same signal in both maps, in units that are worlds apart.
        signal = random.normal(size=(500, 1))
        features = np.concatenate([signal, signal * 1e3], 1)
        labels = (signal + random.normal(size=(500, 1)) > 0).astype(np.float32)
        head = fit_balanced(features, labels, 1.0, [1, 1], 2.0)
        last, earlier = head.weight[0] * features.std(0)
        self.assertAlmostEqual(earlier / last, 4.0, places=1)


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
        network = MobileNetV2(3, earlier=[7, 13]).eval()
        pictures = torch.rand(2, 1, 64, 64) * 2 - 1
        arrays = quantise(network, pictures, seed=1)
        short = MobileNetV2(3, earlier=[7, 13]).eval()
        short.load_arrays(arrays)
        # The head's bias takes what is left in the mean, up to its own float16.
        left = (short(pictures) - network(pictures)).mean(0).abs().max()
        self.assertLess(float(left), 1e-3)
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
