"""The pixels that a network is trained on are the app's: src/imaging/resize.ts, network-input.ts."""

import unittest

import numpy as np

from chester_training.images import centre_square, resize_area


class ResizeArea(unittest.TestCase):
    def test_reducing_averages_what_a_pixel_covers(self) -> None:
        row = np.arange(5, dtype=np.float32)[None]
        # Five pixels to two: the third is shared by halves. (0 + 1 + 2/2) / 2.5 and (2/2 + 3 + 4) / 2.5
        np.testing.assert_allclose(resize_area(row, 1, 2), [[0.8, 3.2]], rtol=1e-6)

    def test_enlarging_is_linear_between_centres_and_constant_beyond(self) -> None:
        row = np.array([[0, 1]], dtype=np.float32)
        np.testing.assert_allclose(resize_area(row, 1, 4), [[0, 0.25, 0.75, 1]], rtol=1e-6)

    def test_a_constant_stays_what_it_is_and_the_same_size_is_untouched(self) -> None:
        picture = np.full((37, 53), 0.3, dtype=np.float32)
        np.testing.assert_allclose(resize_area(picture, 11, 100), 0.3, rtol=1e-6)
        self.assertIs(resize_area(picture, 37, 53), picture)

    def test_the_square_is_the_centre_with_offsets_rounded_down(self) -> None:
        picture = np.arange(3 * 6, dtype=np.float32).reshape(3, 6)
        np.testing.assert_array_equal(centre_square(picture), picture[:, 1:4])


if __name__ == "__main__":
    unittest.main()
