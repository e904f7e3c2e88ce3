"""Settings and places. Every number of the recipe stands in ../config.toml, every path is decided here."""

import os
import tomllib
from pathlib import Path
from typing import Any

TRAINING_FOLDER = Path(__file__).resolve().parent.parent
CONFIG_PATH = TRAINING_FOLDER / "config.toml"


def load(section: str) -> dict[str, Any]:
    """One section of the configuration file, for instance ``findings``."""
    with CONFIG_PATH.open("rb") as file:
        return tomllib.load(file)[section]


def data_folder() -> Path:
    """The folder of public X-rays: CHESTER_DATA, or a neighbour of the repository (see tools/data-folder.ts).

    :raises SystemExit: where there is none
    """
    folder = Path(os.environ.get("CHESTER_DATA", TRAINING_FOLDER.parent.parent / "shared" / "data"))
    if not folder.is_dir():
        raise SystemExit("The data folder is missing: set CHESTER_DATA.")
    return folder


def start_weights(name: str) -> Path:
    """A file of starting weights: in CHESTER_START_WEIGHTS, or beside the data folder.

    :raises SystemExit: where it is not there
    """
    default = TRAINING_FOLDER.parent.parent / "shared" / "pilot" / "imagenet"
    path = Path(os.environ.get("CHESTER_START_WEIGHTS", default)) / name
    if not path.is_file():
        raise SystemExit(f"The starting weights {name} are missing: set CHESTER_START_WEIGHTS to their folder.")
    return path


def cache_folder(name: str) -> Path:
    """A folder for what can be made again (resized images, checkpoints, logs); made where it is missing.

    CHESTER_CACHE, by default ``~/.cache/chester``: never inside the repository.
    """
    folder = Path(os.environ.get("CHESTER_CACHE", Path.home() / ".cache" / "chester")) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
