"""Lists of X-rays: the project's own and NIH's."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from chester_training.labels import FINDINGS, fold_of, nih_records, parse_age, parse_findings, targets


class NihRecords(unittest.TestCase):
    def test_a_full_download_is_read_with_its_folders_and_split_by_patient(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "images_001" / "images").mkdir(parents=True)
            for file in ("00000001_000.png", "00000001_001.png"):
                Image.new("L", (8, 8)).save(folder / "images_001" / "images" / file)
            (folder / "Data_Entry_2017.csv").write_text(
                "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position\n"
                "00000001_000.png,Cardiomegaly|Effusion,0,1,058Y,M,PA\n"
                "00000001_001.png,No Finding,1,1,59,M,AP\n"
                "00000002_000.png,Hernia,0,2,60,F,PA\n"
            )
            records = nih_records(folder)
        self.assertEqual([record.path.name for record in records], ["00000001_000.png", "00000001_001.png"])
        self.assertEqual({record.fold for record in records}, {fold_of("1")})
        self.assertEqual([record.age for record in records], [58, 59])
        found = targets(records)
        self.assertEqual(found.shape, (2, 14))
        self.assertEqual({FINDINGS[column] for column in np.flatnonzero(found[0])}, {"Cardiomegaly", "Effusion"})
        self.assertEqual(found[1].sum(), 0)

    def test_an_unknown_finding_is_told(self) -> None:
        with self.assertRaisesRegex(ValueError, "Infiltrate"):
            parse_findings("Infiltrate|Mass")

    def test_ages_in_months_days_and_nonsense(self) -> None:
        self.assertEqual([parse_age(text) for text in ("006M", "412", "", "030Y")], [0.5, None, None, 30])

    def test_every_fold_gets_its_share_of_patients(self) -> None:
        counts = np.bincount([fold_of(str(patient)) for patient in range(4000)])
        self.assertEqual(len(counts), 4)
        self.assertTrue((np.abs(counts - 1000) < 120).all(), counts)


if __name__ == "__main__":
    unittest.main()
