"""A trained network as the folder that ``npm run pack -- trained --from FOLDER`` makes a pack of:
``python3 -m chester_training export --fold all``.

- ``weights.safetensors``: the weights as the pack will hold them (with ``--dtype int8``: on their grids, see quantise.py)
- ``network.json``: input, blocks, findings, and what it was trained on
- ``golden.json``: logits of the float32 network, before anything was shortened, on the known-answer pictures
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from . import safetensors
from .compute import to_batch
from .config import TRAINING_FOLDER, cache_folder, data_folder
from .crossvalidate import REFITTED, finish
from .distances import describe_space
from .findings import settings_of, shipped_variant
from .findings_data import FindingsData, load_findings
from .images import LARGEST_BYTE, CachedImages, Grey, to_square
from .labels import FINDINGS
from .mobilenet import BLOCKS, FEATURES, HIGH, LOW, MobileNetV2
from .quantise import quantise
from .refit import earlier_blocks, pooled_features
from .statistics import macro_auc

SYNTHETIC = TRAINING_FOLDER.parent / "static" / "examples" / "synthetic-effusion.png"
# The size in whose pixels the formulas of src/imaging/test-patterns.ts are written.
FORMULA_SIZE = 224
CALIBRATION_PICTURES = 128
DECIMALS = 6


def pattern(name: str, size: int) -> Grey:
    """The formula pictures of src/imaging/test-patterns.ts: [size, size] of 0..1."""
    place = (np.arange(size) + 0.5) * FORMULA_SIZE / size - 0.5
    x, y = np.meshgrid(place, place)
    last = FORMULA_SIZE - 1
    if name == "ramp":
        values = (x + y) / (2 * last)
    elif name == "rings":
        values = 0.5 + 0.5 * np.cos(np.hypot(x - last / 2, y - last / 2) / 6)
    else:
        lungs = sum((((x - centre) / 38) ** 2 + ((y - 112) / 74) ** 2 < 1).astype(float) for centre in (72, 152))
        values = 0.75 - 0.55 * lungs + 0.1 * np.sin(y / 5)
    return np.clip(values, 0, 1).astype(np.float32)


def all_stages(variant: str) -> list[list[float]]:
    """[side in pixels, steps, share of photographs] from the ImageNet weights on, also of the variants that this one went on from."""
    settings = settings_of(variant)
    before = all_stages(settings["after"]) if settings["after"] else []
    return [*before, *([side, steps, settings["photographs"]] for side, steps in settings["stages"])]


def known_answer_pictures(size: int) -> dict[str, Grey]:
    """The inputs of ``golden.json`` by name; the synthetic X-ray in steps of a byte, as the pack keeps it."""
    patterns = {name: pattern(name, size) for name in ("ramp", "rings", "ellipses")}
    synthetic = np.rint(to_square(SYNTHETIC, size) * LARGEST_BYTE).astype(np.float32) / LARGEST_BYTE
    return {**patterns, "synthetic-xray": synthetic}


@torch.no_grad()
def answers(network: MobileNetV2, pictures: dict[str, Grey]) -> list[dict[str, object]]:
    """Logits on each picture."""
    network.eval()
    batch = to_batch(torch.from_numpy(np.stack(list(pictures.values()))), torch.device("cpu"))
    logits = network(batch).numpy().astype(float)
    return [{"image": name, "logits": np.round(row, DECIMALS).tolist()} for name, row in zip(pictures, logits, strict=True)]


def network_of(arrays: dict[str, NDArray[np.float32]]) -> MobileNetV2:
    """A network with these weights."""
    network = MobileNetV2(len(FINDINGS), earlier=earlier_blocks(arrays))
    network.load_arrays(arrays)
    return network.eval()


@torch.no_grad()
def logits_of(network: MobileNetV2, pictures: CachedImages, indices: NDArray[np.int64]) -> NDArray[np.float32]:
    """[n, 14] in float32."""
    parts = [
        network(to_batch(torch.from_numpy(pictures.take([index])).float().div(LARGEST_BYTE), torch.device("cpu"))) for index in indices
    ]
    return torch.cat(parts).numpy()


def cost_of_shortening(
    exact: MobileNetV2, short: MobileNetV2, pictures: CachedImages, data: FindingsData
) -> dict[str, float]:
    """What shortening changes on the left-out pictures: macro AUC, largest and root-mean-square differences."""
    before, after = (logits_of(network, pictures, data.test) for network in (exact, short))
    labels = data.targets[data.test]
    probabilities = np.abs(1 / (1 + np.exp(-before)) - 1 / (1 + np.exp(-after)))
    return {
        "macro_auc": macro_auc(before, labels),
        "macro_auc_int8": macro_auc(after, labels),
        "logit_rms": float(np.sqrt(((before - after) ** 2).mean())),
        "logit_max": float(np.abs(before - after).max()),
        "probability_max": float(probabilities.max()),
    }


def export(variant: str, fold: int | None, dtype: str, folder: Path) -> dict[str, object]:
    """Writes the folder; :returns: what ``network.json`` holds."""
    settings = settings_of(variant)
    arrays = safetensors.read(finish(variant, fold) / REFITTED)
    exact = network_of(arrays)
    data = load_findings(data_folder(), fold)
    size = settings["stages"][-1][0]
    pictures = CachedImages([record.path for record in data.records], size)
    cost = None
    if dtype == "int8":
        random = np.random.default_rng(settings["seed"])
        some = np.sort(random.choice(data.train, min(CALIBRATION_PICTURES, len(data.train)), replace=False))
        grey = torch.from_numpy(pictures.take(some)).float().div_(LARGEST_BYTE)
        arrays = quantise(exact, to_batch(grey, torch.device("cpu")), settings["seed"])
        cost = cost_of_shortening(exact, network_of(arrays), pictures, data) if len(data.test) > 0 else None
    folder.mkdir(parents=True, exist_ok=True)
    safetensors.write(folder / "weights.safetensors", arrays)
    golden = {"origin": f"PyTorch {torch.__version__}, float32, before shortening", "answers": answers(exact, known_answer_pictures(size))}
    (folder / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")
    facts: dict[str, object] = {
        "input": {"size": size, "range": [LOW, HIGH]},
        "blocks": {"columns": ["expansion", "channels", "repeats", "stride"], "rows": [list(row) for row in BLOCKS]},
        "earlier": earlier_blocks(arrays),
        "findings": list(FINDINGS),
        "dtype": dtype,
        "training": {
            "pictures": len(data.train),
            "patients": len({data.records[index].patient for index in data.train}),
            "leftOutFold": fold,
            "stages": all_stages(variant),
            "variant": variant,
        },
        "shortening": cost,
    }
    # The packs of single folds are for measuring findings; the first one measures the gate, too.
    if fold in (None, 0):
        features = pooled_features(network_of(arrays), pictures, data.train, [], torch.device("cpu"))
        distance = describe_space(folder / "feature-space.bin", features[:, :FEATURES])
        if distance is not None:
            facts["featureDistance"] = distance
    (folder / "network.json").write_text(json.dumps(facts, indent=1) + "\n")
    return facts


def main(argv: list[str]) -> None:
    """``export --fold 0|1|2|3|all [--variant NAME] [--dtype int8|float32] [--out FOLDER]``"""
    parser = argparse.ArgumentParser(prog="chester_training export", description=__doc__)
    parser.add_argument("--fold", required=True, choices=["0", "1", "2", "3", "all"])
    parser.add_argument("--variant", default=shipped_variant())
    parser.add_argument("--dtype", default="int8", choices=["int8", "float32"])
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(argv)
    fold = None if given.fold == "all" else int(given.fold)
    folder = given.out or cache_folder(f"export/{given.variant}-{given.fold}")
    print(json.dumps(export(given.variant, fold, given.dtype, folder)["shortening"]))
    print(folder)
