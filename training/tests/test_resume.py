"""A run that was stopped and goes on ends with the very weights of one that was not; a variant goes on from another's."""

import contextlib
import io
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
from PIL import Image

from chester_training import checkpoints, findings, safetensors
from chester_training.mobilenet import MobileNetV2
from chester_training.photograph_cost import KeptPictures

SETTINGS = {
    "stages": [[32, 3], [64, 3]],
    "batch": 4,
    "auxiliary_batch": 0,
    "checkpoint_every": 2,
    "log_every": 2,
}


class Stopped(Exception):
    """The run was cut off."""


class Resume(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        random = np.random.default_rng(2)
        (self.folder / "nih").mkdir()
        lines = ["file,patient,fold,findings,view,age,sex"]
        for index in range(16):
            Image.fromarray(random.integers(0, 255, (70, 64), dtype=np.uint8)).save(self.folder / "nih" / f"{index}.png")
            lines.append(f"nih/{index}.png,{index},{index % 4},{'Mass' if index % 3 else 'No Finding'},PA,40,F")
        (self.folder / "nih" / "labels.csv").write_text("\n".join(lines) + "\n")
        safetensors.write(
            self.folder / "start.safetensors", {name: array for name, array in MobileNetV2(1).arrays().items() if not name.startswith("fc")}
        )
        base = findings.settings_of("base")
        self.settings = {"base": {**base, **SETTINGS, "start": "start.safetensors"}}

    def run_once(self, cache: str, stop_at: int | None = None, variant: str = "base") -> dict[str, np.ndarray]:
        """Trains with its own cache; a run is cut off right after the checkpoint of a step."""
        save = checkpoints.save

        def save_and_stop(path: Path, state: dict[str, object]) -> None:
            save(path, state)
            if state["step"] == stop_at:
                raise Stopped

        places = {"CHESTER_CACHE": str(self.folder / cache), "CHESTER_DATA": str(self.folder), "CHESTER_START_WEIGHTS": str(self.folder)}
        with (
            mock.patch.dict(os.environ, places),
            mock.patch.object(findings, "settings_of", self.settings.__getitem__),
            mock.patch.object(checkpoints, "save", save_and_stop),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            return safetensors.read(findings.train(variant, 0) / "weights.safetensors")

    def test_goes_on_exactly(self) -> None:
        whole = self.run_once("whole")
        with self.assertRaises(Stopped):
            self.run_once("cut", stop_at=4)
        continued = self.run_once("cut")
        self.assertTrue(np.isfinite(whole["fc.weight"]).all())
        for name, array in whole.items():
            np.testing.assert_array_equal(array, continued[name], err_msg=name)

    def test_a_variant_goes_on_from_the_average_of_another(self) -> None:
        base = self.settings["base"]
        self.settings["still"] = {**base, "after": "base", "stages": [[32, 2]], "rate": 0.0, "weight_decay": 0.0}
        self.settings["further"] = {**self.settings["still"], "rate": 1e-3}
        ended, still, further = (self.run_once("one", variant=variant) for variant in ("base", "still", "further"))
        np.testing.assert_array_equal(ended["last.weight"], still["last.weight"])
        self.assertTrue((ended["last.weight"] != further["last.weight"]).any())


class Photographed(unittest.TestCase):
    def test_a_share_of_what_is_drawn_is_photographed(self) -> None:
        pixels, photographs = (np.full((40, 8, 8), grey, dtype=np.uint8) for grey in (10, 200))
        chosen = np.arange(40)
        shares = []
        for share in (0.0, 0.4, 1.0):
            feed = findings.Feed({"photographs": share}, None, KeptPictures(pixels), KeptPictures(photographs), None, None, None)  # type: ignore[arg-type]
            taken = feed.take(chosen, np.random.default_rng(3))
            shares.append(float((taken[:, 0, 0] == 200).mean()))
        self.assertEqual((shares[0], shares[2]), (0, 1))
        self.assertTrue(0.2 < shares[1] < 0.6, shares)


if __name__ == "__main__":
    unittest.main()
