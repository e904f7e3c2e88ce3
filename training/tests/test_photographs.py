"""Photographs are rectified as the app does it, and drawn the same each time."""

import json
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from chester_training.images import resize_area, to_square
from chester_training.photographs import draw_photograph, place_corners, rectified_square
from photo.rectify import rectify_photo, rim_of, stretch_tones

REPOSITORY = Path(__file__).resolve().parent.parent.parent
FIXTURES = REPOSITORY / "test" / "fixtures" / "photographs"
XRAY = REPOSITORY / "static" / "examples" / "synthetic-effusion.png"
# Of film.jpg; known-corners.ts.
CORNERS = np.array([[0, 239.41], [687.1, 54.887], [809.562, 717.235], [199.845, 844.404]])


class Rectify(unittest.TestCase):
    def test_gives_the_pixels_of_the_app(self) -> None:
        expected = json.loads((FIXTURES / "rectified.json").read_text())
        with Image.open(FIXTURES / "film.jpg") as picture:
            found = rectify_photo(np.asarray(picture.convert("RGB")), CORNERS)
        side = expected["side"]
        self.assertEqual(found.shape, (expected["height"], expected["width"]))
        # Decoders of JPEG differ by a grey level here and there.
        np.testing.assert_allclose(resize_area(found, side, side).ravel(), expected["grey"], atol=0.001)

    def test_a_rim_is_even_and_ends_with_a_step(self) -> None:
        means, even = np.array([0.9] * 3 + [0.3] * 97), np.zeros(100)
        self.assertEqual(rim_of(means, even, 100), 3)
        self.assertEqual(rim_of(means, even + 0.1, 100), 0)
        self.assertEqual(rim_of(np.full(100, 0.3), even, 100), 0)

    def test_tones_are_stretched_between_their_ends(self) -> None:
        grey = np.linspace(0.2, 0.6, 1000, dtype=np.float32).reshape(20, 50)
        stretched = stretch_tones(grey)
        self.assertEqual((stretched.min(), stretched.max()), (0, 1))
        self.assertAlmostEqual(float(np.median(stretched)), 0.5, delta=0.01)


class Photographs(unittest.TestCase):
    def test_show_the_xray_and_are_the_same_each_time_but_never_the_original(self) -> None:
        original = to_square(XRAY, 64)
        for rooms in ("training", "measuring"):
            found = []
            for _ in range(2):
                made = draw_photograph(XRAY, rooms, 5, 3)
                found.append(rectified_square(made.jpeg, place_corners(made.conditions, np.random.default_rng(1)), 64))
            np.testing.assert_array_equal(*found)
            likeness = np.corrcoef(found[0].ravel(), original.ravel())[0, 1]
            self.assertTrue(0.6 < likeness < 0.999, f"{rooms}: {likeness}")


if __name__ == "__main__":
    unittest.main()
