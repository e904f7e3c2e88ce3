"""Trains and refits the findings network for each fold and measures it on the patients of that fold:
``python3 -m chester_training crossvalidate --folds 0 1 2 3``; ``--folds all`` makes the network that ships.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import safetensors
from .compute import device
from .config import cache_folder, data_folder
from .findings import settings_of, train
from .findings_data import load_findings
from .images import CachedImages
from .labels import FINDINGS
from .logs import JsonLines
from .mobilenet import MobileNetV2
from .refit import choose_penalty, fit_head, pooled_features, save_features, with_head
from .statistics import aucs, macro_auc

REFITTED = "refitted.safetensors"


def finish(variant: str, fold: int | None) -> Path:
    """Refits the head of a trained network and keeps features and logits; :returns: the run's folder."""
    folder = train(variant, fold)
    if (folder / REFITTED).exists():
        return folder
    settings = settings_of(variant)
    how = settings["refit"]
    place = device()
    data = load_findings(data_folder(), fold)
    network = MobileNetV2(len(FINDINGS))
    network.load_arrays(safetensors.read(folder / "weights.safetensors"))
    network.to(place)
    pictures = CachedImages([record.path for record in data.records], settings["stages"][-1][0])
    features = pooled_features(network, pictures, data.train, how["zooms"], place)
    labels = data.targets[data.train]
    patients = [data.records[index].patient for index in data.train]
    penalty, tried = choose_penalty(features, labels, patients, how["penalties"], how["inner_folds"], settings["seed"])
    head = fit_head(features, labels, penalty)
    arrays = with_head(network.arrays(), head)
    plain = pooled_features(network, pictures, data.test, [], place) if len(data.test) > 0 else np.zeros((0, features.shape[1]), np.float32)
    save_features(
        folder / "features.npz", train=features, train_indices=data.train, test=plain, test_indices=data.test,
        weight=network.fc.weight.detach().numpy(), bias=network.fc.bias.detach().numpy(),
    )
    log = JsonLines(folder / "log.jsonl")
    log.write(event="refit", penalty=penalty, inner_macro_auc={str(key): round(value, 4) for key, value in tried.items()})
    if len(data.test) > 0:
        found = head.logits(plain)
        log.write(event="refit end", macro_auc=round(macro_auc(found, data.targets[data.test]), 4))
    safetensors.write(folder / REFITTED, arrays, {"variant": variant, "fold": str(fold), "penalty": str(penalty)})
    return folder


def out_of_fold(variant: str, folds: list[int]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float32], list[float], list[float]]:
    """Pooled logits before and after the refit, their labels, and the macro AUC of each fold before and after."""
    before, after, labels = [], [], []
    for fold in folds:
        folder = finish(variant, fold)
        kept = np.load(folder / "features.npz")
        data = load_findings(data_folder(), fold)
        arrays = safetensors.read(folder / REFITTED)
        before.append(kept["test"] @ kept["weight"].T + kept["bias"])
        after.append(kept["test"] @ arrays["fc.weight"].T + arrays["fc.bias"])
        labels.append(data.targets[data.test])
    each_before = [macro_auc(*pair) for pair in zip(before, labels, strict=True)]
    each_after = [macro_auc(*pair) for pair in zip(after, labels, strict=True)]
    return np.concatenate(before), np.concatenate(after), np.concatenate(labels), each_before, each_after


def main(argv: list[str]) -> None:
    """``crossvalidate --folds 0 1 2 3 | all [--variant NAME]``"""
    parser = argparse.ArgumentParser(prog="chester_training crossvalidate", description=__doc__)
    parser.add_argument("--folds", nargs="+", required=True, choices=["0", "1", "2", "3", "all"])
    parser.add_argument("--variant", default="base", help="a variant that config.toml names")
    given = parser.parse_args(argv)
    if given.folds == ["all"]:
        print(finish(given.variant, None))
        return
    folds = [int(fold) for fold in given.folds if fold != "all"]
    before, after, labels, each_before, each_after = out_of_fold(given.variant, folds)
    report = {
        "variant": given.variant,
        "folds": folds,
        "pictures": len(labels),
        "macro_auc_before_refit": {"folds": each_before, "mean": float(np.mean(each_before)), "pooled": macro_auc(before, labels)},
        "macro_auc": {"folds": each_after, "mean": float(np.mean(each_after)), "pooled": macro_auc(after, labels)},
        "auc_pooled": dict(zip(FINDINGS, aucs(after, labels).tolist(), strict=True)),
    }
    path = cache_folder("findings") / f"{given.variant}-crossvalidated.json"
    path.write_text(json.dumps(report, indent=1))
    print(json.dumps(report, indent=1))
