"""Trains and refits the findings network for each fold and measures it on the patients of that fold:
``python3 -m chester_training crossvalidate --folds 0 1 2 3``; ``--folds all`` makes the network that ships.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import safetensors
from .compute import device
from .config import cache_folder, data_folder
from .findings import Settings, run_folder, settings_of, shipped_variant, train
from .findings_data import load_findings
from .images import CachedImages
from .labels import FINDINGS, FOLDS
from .logs import JsonLines
from .mobilenet import FEATURES, MobileNetV2
from .photographs import CachedPhotographs
from .refit import Head, fit_balanced, pooled_features, with_head
from .statistics import aucs, macro_auc

# With the head that was refitted, on the last map and on earlier ones.
REFITTED = "with-head.safetensors"
POOLED = "pooled.npz"
PENALTIES = "head-penalties.json"


def features_of(variant: str, fold: int | None) -> Path:
    """Trains where that is not done and keeps the pooled features; :returns: the run's ``pooled.npz``.

    ``train`` [n, f]: means over the copies of each training picture; ``photographed`` [n, f]: the same of its photograph, where the
    network was trained with photographs, else [0, f]; ``test`` [m, f]: the left-out pictures as they are; ``widths``: channels of
    each map, together f.
    """
    folder = train(variant, fold)
    path = folder / POOLED
    if path.exists():
        return path
    settings = settings_of(variant)
    place = device()
    data = load_findings(data_folder(), fold)
    network = MobileNetV2(len(FINDINGS), earlier=settings["refit"]["earlier"])
    network.load_arrays(safetensors.read(folder / "weights.safetensors"))
    network.to(place)
    paths, size, zooms = [record.path for record in data.records], settings["stages"][-1][0], settings["refit"]["zooms"]
    pictures = CachedImages(paths, size)
    features = pooled_features(network, pictures, data.train, zooms, place)
    photographed = features[:0]
    if settings["photographs"] > 0:
        photographs = CachedPhotographs(paths, size, "training", settings["photograph_seed"])
        photographed = pooled_features(network, photographs, data.train, zooms, place)
    plain = pooled_features(network, pictures, data.test, [], place) if len(data.test) > 0 else features[:0]
    beside = path.with_suffix(".new.npz")
    np.savez(
        beside, train=features, photographed=photographed, train_indices=data.train, test=plain, test_indices=data.test,
        widths=[FEATURES, *(head.in_features for head in network.earlier.values())],
        weight=network.fc.weight.detach().cpu().numpy(), bias=network.fc.bias.detach().cpu().numpy(),
    )
    beside.replace(path)
    return path


def fit_on(kept: Mapping[str, NDArray], labels: NDArray[np.float32], penalty: float, settings: Settings) -> Head:
    """The head on what ``features_of`` keeps: each training picture once, and once more as its photograph where there is one.

    :param labels: [all pictures, 14]
    """
    known = labels[kept["train_indices"]]
    rows = np.concatenate([kept["train"], kept["photographed"]])
    repeated = np.concatenate([known] * (len(rows) // len(known)))
    return fit_balanced(rows, repeated, penalty, kept["widths"].tolist(), settings["refit"]["earlier_weight"])


def penalties_on(variant: str, fold: int) -> dict[float, float]:
    """Macro AUC of a fold's refitted network on the patients that it never saw, by penalty; kept beside its features."""
    path = features_of(variant, fold)
    cached = path.with_name(PENALTIES)
    settings = settings_of(variant)
    penalties = settings["refit"]["penalties"]
    known = json.loads(cached.read_text()) if cached.exists() else {}
    labels = load_findings(data_folder(), fold).targets
    kept = np.load(path)
    for penalty in penalties:
        if str(penalty) not in known:
            head = fit_on(kept, labels, penalty, settings)
            known[str(penalty)] = macro_auc(head.logits(kept["test"]), labels[kept["test_indices"]])
            cached.write_text(json.dumps(known))
    return {penalty: known[str(penalty)] for penalty in penalties}


def choose_penalty(variant: str, fold: int | None) -> tuple[float, dict[float, float]]:
    """The penalty that does best on the left-out patients of the *other* folds; of all folds where none is left out.

    Left-out patients within a run's own training folds would choose a far weaker one: the network has seen their labels, so that
    its features tell them apart. (Their macro AUC was 0.83 where patients that it had not seen had 0.72.)

    :returns: it, and the mean macro AUC of each
    """
    tried = [penalties_on(variant, other) for other in range(FOLDS) if other != fold]
    means = {penalty: float(np.mean([found[penalty] for found in tried])) for penalty in tried[0]}
    return max(means, key=means.__getitem__), means


def finish(variant: str, fold: int | None) -> Path:
    """Refits the head of a trained network; :returns: the run's folder."""
    folder = run_folder(variant, fold)
    if (folder / REFITTED).exists():
        return folder
    kept = np.load(features_of(variant, fold))
    penalty, means = choose_penalty(variant, fold)
    data = load_findings(data_folder(), fold)
    settings = settings_of(variant)
    head = fit_on(kept, data.targets, penalty, settings)
    arrays = with_head(safetensors.read(folder / "weights.safetensors"), head, settings["refit"]["earlier"])
    log = JsonLines(folder / "log.jsonl")
    log.write(event="refit", penalty=penalty, macro_auc_of_other_folds={str(key): round(value, 4) for key, value in means.items()})
    safetensors.write(folder / REFITTED, arrays, {"variant": variant, "fold": str(fold), "penalty": str(penalty)})
    return folder


def out_of_fold(variant: str, folds: list[int]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float32], list[float], list[float]]:
    """Pooled logits before and after the refit, their labels, and the macro AUC of each fold before and after."""
    before, after, labels = [], [], []
    for fold in folds:
        folder = finish(variant, fold)
        kept = np.load(folder / POOLED)
        data = load_findings(data_folder(), fold)
        arrays = safetensors.read(folder / REFITTED)
        before.append(kept["test"][:, :FEATURES] @ kept["weight"].T + kept["bias"])
        after.append(Head.of(arrays).logits(kept["test"]))
        labels.append(data.targets[data.test])
    each_before = [macro_auc(*pair) for pair in zip(before, labels, strict=True)]
    each_after = [macro_auc(*pair) for pair in zip(after, labels, strict=True)]
    return np.concatenate(before), np.concatenate(after), np.concatenate(labels), each_before, each_after


def main(argv: list[str]) -> None:
    """``crossvalidate --folds 0 1 2 3 | all [--variant NAME]``"""
    parser = argparse.ArgumentParser(prog="chester_training crossvalidate", description=__doc__)
    parser.add_argument("--folds", nargs="+", required=True, choices=["0", "1", "2", "3", "all"])
    parser.add_argument("--variant", default=shipped_variant(), help="a variant that config.toml names")
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
