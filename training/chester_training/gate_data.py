"""Pictures of every kind that a clinic may open, with what is known of each; and the changes that the gate must see through or see."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

KINDS = ("frontal", "lateral", "other-radiograph", "slice", "picture")
FRONTAL = 0
FOLDS = 4
ADULT = 18
# Kinds of the data folder's ``other/`` -> KINDS; MedNIST's are pictures of 64 pixels.
KIND_OF = {
    "lateral chest X-ray": 1,
    "hand radiograph": 2,
    "arm or leg radiograph": 2,
    "leg radiograph": 2,
    "knee radiograph (some photographed)": 2,
    "skull radiograph, lateral": 2,
    "mammogram": 2,
    "Hand": 2,
    "CT slice": 3,
    "chest CT slice": 3,
    "MR slice": 3,
    "ChestCT": 3,
    "AbdomenCT": 3,
    "BreastMRI": 3,
    "HeadCT": 3,
    "photograph": 4,
    "document or screenshot": 4,
    "ECG print": 4,
}
# What is left out together: kinds that look alike, whatever their size and source.
FAMILIES = {
    "laterals": ("lateral chest X-ray",),
    "hands": ("hand radiograph", "Hand"),
    "arms and legs": ("arm or leg radiograph", "leg radiograph"),
    "knees": ("knee radiograph (some photographed)",),
    "skulls": ("skull radiograph, lateral",),
    "mammograms": ("mammogram",),
    "CT": ("CT slice", "chest CT slice", "ChestCT", "AbdomenCT", "HeadCT"),
    "MR": ("MR slice", "BreastMRI"),
    "photographs": ("photograph",),
    "documents": ("document or screenshot",),
    "ECG": ("ECG print",),
}
SMALL = ", 64 px"


@dataclass(frozen=True)
class Item:
    """One picture. ``kind`` is an index into KINDS; ``group`` what is measured, or left out, together."""

    path: Path
    kind: int
    group: str
    # The patient's, so that nobody is in two.
    fold: int
    # None: nobody knows.
    is_child: bool | None


def fold_of(key: str) -> int:
    """A fold that depends on the patient, or the file, alone."""
    return int(hashlib.sha256(f"gate {key}".encode()).hexdigest(), 16) % FOLDS


def rows_of(data: Path, folder: str) -> list[dict[str, str]]:
    """The rows of a folder's list."""
    with (data / folder / "labels.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def load_items(data: Path, paediatric: int) -> list[Item]:
    """All pictures; of the children's hospital every n-th, so that ``paediatric`` are left."""
    items = []
    for row in rows_of(data, "nih"):
        child = float(row["age"]) < ADULT
        items.append(Item(data / row["file"], FRONTAL, "NIH under 18" if child else "NIH adults", int(row["fold"]), child))
    for row in rows_of(data, "lungs"):
        if not row["source"].startswith("v7labs"):
            items.append(Item(data / row["file"], FRONTAL, row["source"], fold_of(row["file"]), None))
    for row in rows_of(data, "frontal_other"):
        age = row["age"].strip()
        child = float(age) < ADULT if age.replace(".", "").isdigit() else None
        items.append(Item(data / row["file"], FRONTAL, "frontal, teaching collections", fold_of(row["patient"]), child))
    for row in rows_of(data, "film_photos"):
        items.append(Item(data / row["file"], FRONTAL, "photographs of films", fold_of(row["file"]), None))
    children = rows_of(data, "paediatric")
    for row in children[:: max(1, len(children) // paediatric)]:
        items.append(Item(data / row["file"], FRONTAL, "children's hospital", fold_of(row["person"]), True))
    for row in rows_of(data, "other"):
        small = row["source"].startswith("MedNIST")
        group = f"{row['kind']}{SMALL}" if small else row["kind"]
        items.append(Item(data / row["file"], KIND_OF[row["kind"]], group, fold_of(row["file"]), None))
    return items
