"""What is known of each X-ray: from the data folder's own lists or from a full download of NIH ChestX-ray14."""

import csv
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# The order of the logits of every pack of ours; src/shared/finding-ids.ts.
FINDINGS = (
    "Atelectasis",
    "Consolidation",
    "Infiltration",
    "Pneumothorax",
    "Edema",
    "Emphysema",
    "Fibrosis",
    "Effusion",
    "Pneumonia",
    "Pleural_Thickening",
    "Cardiomegaly",
    "Nodule",
    "Mass",
    "Hernia",
)
NO_FINDING = "No Finding"
FOLDS = 4


@dataclass(frozen=True)
class Record:
    """One X-ray. ``fold`` is the patient's: no patient lies in two."""

    path: Path
    patient: str
    fold: int
    findings: frozenset[str]
    view: str = ""
    age: float | None = None
    sex: str = ""


def nih_records(folder: Path) -> list[Record]:
    """The X-rays with the 14 findings: a full NIH download where ``Data_Entry_2017.csv`` lies in the folder, else ``nih/labels.csv``."""
    full = folder / "Data_Entry_2017.csv"
    return full_nih_records(full) if full.exists() else list_records(folder / "nih" / "labels.csv")


def list_records(path: Path) -> list[Record]:
    """A list with the header ``file,patient,findings[,fold,view,age,sex,…]``; files lie relative to the data folder.

    Without a fold column the patient's hash decides.
    """
    root = path.parent.parent if path.parent.name == "nih" else path.parent
    with path.open(newline="") as file:
        return [
            Record(
                path=root / row["file"],
                patient=row["patient"],
                fold=int(row["fold"]) if row.get("fold") else fold_of(row["patient"]),
                findings=parse_findings(row["findings"]),
                view=row.get("view", ""),
                age=parse_age(row.get("age", "")),
                sex=row.get("sex", ""),
            )
            for row in csv.DictReader(file)
        ]


def full_nih_records(path: Path) -> list[Record]:
    """NIH's own ``Data_Entry_2017.csv`` with the pictures in ``images_*/images/*.png`` (or ``images/``) beside it."""
    places = {picture.name: picture for pattern in ("images_*/images", "images_*", "images") for picture in path.parent.glob(f"{pattern}/*.png")}
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Image Index"] in places]
    if not rows:
        raise SystemExit(f"No picture of {path.name} lies in images_*/images beside it.")
    return [
        Record(
            path=places[row["Image Index"]],
            patient=row["Patient ID"],
            fold=fold_of(row["Patient ID"]),
            findings=parse_findings(row["Finding Labels"]),
            view=row["View Position"],
            age=parse_age(row["Patient Age"]),
            sex=row.get("Patient Gender", row.get("Patient Sex", "")),
        )
        for row in rows
    ]


def fold_of(patient: str) -> int:
    """A fold that depends on the patient alone, so that every machine makes the same split."""
    return int(hashlib.sha256(f"fold {patient}".encode()).hexdigest(), 16) % FOLDS


def parse_findings(text: str) -> frozenset[str]:
    """``A|B`` to a set; ``No Finding`` to the empty one.

    :raises ValueError: for a name that is none of the 14
    """
    names = frozenset(text.split("|")) - {NO_FINDING}
    unknown = names - set(FINDINGS)
    if unknown:
        raise ValueError(f"unknown finding {', '.join(sorted(unknown))}")
    return names


def parse_age(text: str) -> float | None:
    """Years; NIH's older list writes ``058Y``, and a few ages beyond 120 are mistakes."""
    match = re.fullmatch(r"0*(\d+)([YMD]?)", text.strip())
    if match is None:
        return None
    years = float(match[1]) / {"": 1, "Y": 1, "M": 12, "D": 365}[match[2]]
    return years if years <= 120 else None


def targets(records: list[Record]) -> NDArray[np.float32]:
    """[n, 14] of 0 and 1, columns as ``FINDINGS``."""
    return np.array([[name in record.findings for name in FINDINGS] for record in records], dtype=np.float32)
