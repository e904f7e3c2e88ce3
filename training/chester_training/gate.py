"""Trains and measures the gate.

    python3 -m chester_training gate features      the frozen network over every picture and its changes (kept in the cache)
    python3 -m chester_training gate measure       cross-validated and leave-one-kind-out figures: figures/gate.json
    python3 -m chester_training gate export [--out FOLDER]    what ``npm run pack -- gate --from FOLDER`` makes a pack of
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from . import checkpoints, safetensors
from .config import TRAINING_FOLDER, cache_folder, data_folder, load, start_weights
from .export import DECIMALS, SYNTHETIC, pattern
from .gate_data import FAMILIES, FRONTAL, KINDS, SMALL, Item, load_items
from .gate_network import CHILD, GRID, INVERTED, KIND, MIRRORED, OUTPUTS, TURN, GateFeatures, channels_after
from .images import LARGEST_BYTE, Grey, read_grey, resize_area
from .lungs_augment import random_grid, random_sharpness, random_tones
from .mobilenet import BLOCKS, MobileNetV2

SETTINGS = load("gate")
SIDE = SETTINGS["side"]
FIGURES = TRAINING_FOLDER / "figures" / "gate.json"
REPORT_EVERY = 500
UNKNOWN = -1


# How a picture was changed: (name, what is done, turn, inverted, mirrored). Turns are clockwise quarters.
Change = tuple[str, bool, int, bool, bool]
CLEAN: Change = ("clean", False, 0, False, False)


def changes_of(item: Item, random: np.random.Generator) -> list[Change]:
    """The picture itself, a degraded copy, and where a chest should be upright a turned, a negative and a mirrored one."""
    if item.kind != FRONTAL:
        return [CLEAN, ("degraded", True, int(random.integers(4)), bool(random.integers(2)), bool(random.integers(2)))]
    return [
        CLEAN,
        ("degraded", True, 0, False, bool(random.integers(2))),
        ("turned", bool(random.integers(2)), int(random.integers(1, 4)), False, False),
        ("inverted", bool(random.integers(2)), 0, True, bool(random.integers(2))),
        ("mirrored", False, 0, False, True),
    ]


def changed(picture: Tensor, change: Change, random: torch.Generator) -> Tensor:
    """[1, 1, side, side] of 0..1."""
    _, degrades, turn, inverted, mirrored = change
    if mirrored:
        picture = picture.flip(-1)
    if degrades:
        grid = random_grid(1, picture.shape[-1], random, **SETTINGS["geometry"])
        picture = F.grid_sample(picture, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
        picture = random_sharpness(random_tones(picture, random), random, probability=0.7)
    if turn:
        # torch turns against the clock.
        picture = torch.rot90(picture, -turn, (-2, -1))
    return 1 - picture if inverted else picture


def extract_features() -> None:
    """All pictures and their changes through the frozen network, once."""
    target = cache_folder("gate") / "features.pt"
    trunk = MobileNetV2(1)
    trunk.load_arrays(safetensors.read(start_weights(SETTINGS["start"])))
    network = GateFeatures(trunk, SETTINGS["blocks"]).eval()
    items = load_items(data_folder(), SETTINGS["paediatric"])
    features, rows, begun = [], [], time.monotonic()
    for index, item in enumerate(items):
        numbers, random = checkpoints.step_generators(SETTINGS["seed"], index)
        grey = torch.from_numpy(resize_area(read_grey(item.path), SIDE, SIDE).astype(np.float32))[None, None]
        changes = changes_of(item, numbers)
        batch = torch.cat([changed(grey, change, random) for change in changes])
        features.append(network(batch * 2 - 1).half())
        rows += [(index, change) for change in changes]
        if (index + 1) % REPORT_EVERY == 0:
            print(f"{index + 1} of {len(items)}, {time.monotonic() - begun:.0f} s", flush=True)
    checkpoints.save(target, {"features": torch.cat(features), "rows": rows})


def targets_of(items: list[Item], rows: list[tuple[int, Change]]) -> NDArray[np.int64]:
    """[n, 5]: kind, turn, inverted, mirrored, child; UNKNOWN where a question makes no sense or nobody knows."""
    table = np.full((len(rows), 5), UNKNOWN)
    for place, (index, (name, _, turn, inverted, mirrored)) in enumerate(rows):
        item = items[index]
        table[place, 0] = item.kind
        if item.kind == FRONTAL:
            child = UNKNOWN if item.is_child is None else int(item.is_child)
            table[place, 1:] = (turn, inverted, mirrored if turn == 0 else UNKNOWN, child)
    return table


class Head:
    """A linear layer with what the features are divided by; penalised multi-task logistic regression."""

    def __init__(self, features: Tensor, targets: NDArray[np.int64], weights: NDArray[np.float32]) -> None:
        self.mean = features.mean(0)
        self.scale = features.std(0) + 1e-3
        x = (features - self.mean) / self.scale
        y, w = torch.from_numpy(targets), torch.from_numpy(weights)
        matrix = torch.zeros(x.shape[1], len(OUTPUTS), requires_grad=True)
        bias = torch.zeros(len(OUTPUTS), requires_grad=True)
        optimizer = torch.optim.LBFGS([matrix, bias], max_iter=SETTINGS["iterations"], history_size=10, line_search_fn="strong_wolfe")

        def loss() -> Tensor:
            optimizer.zero_grad()
            logits = x @ matrix + bias
            total = masked(logits[:, KIND], y[:, 0], w, F.cross_entropy) + masked(logits[:, TURN], y[:, 1], w, F.cross_entropy)
            for output, column in ((INVERTED, 2), (MIRRORED, 3), (CHILD, 4)):
                total = total + masked(logits[:, output], y[:, column], w, binary)
            total = total + SETTINGS["penalty"] * (matrix**2).sum() / 2
            total.backward()
            return total

        optimizer.step(loss)
        self.matrix, self.bias = matrix.detach(), bias.detach()

    def logits(self, features: Tensor) -> NDArray[np.float32]:
        """[n, 12]"""
        return ((features - self.mean) / self.scale @ self.matrix + self.bias).numpy()

    def folded(self) -> tuple[Tensor, Tensor]:
        """Weights [features, 12] and bias [12] for features as they come."""
        matrix = self.matrix / self.scale[:, None]
        return matrix, self.bias - self.mean @ matrix


def binary(logits: Tensor, wanted: Tensor, reduction: str) -> Tensor:
    """Binary cross entropy with whole numbers as targets."""
    return F.binary_cross_entropy_with_logits(logits, wanted.float(), reduction=reduction)


def masked(logits: Tensor, wanted: Tensor, weights: Tensor, entropy: Callable[..., Tensor]) -> Tensor:
    """Weighted mean over the rows whose answer is known."""
    known = wanted != UNKNOWN
    return (entropy(logits[known], wanted[known], reduction="none") * weights[known]).sum() / weights[known].sum()


def weights_of(items: list[Item], rows: list[tuple[int, Change]]) -> NDArray[np.float32]:
    """Each kind counts alike, and within it each group by the root of its size."""
    sizes: dict[str, int] = {}
    for item in items:
        sizes[item.group] = sizes.get(item.group, 0) + 1
    raw = np.array([sizes[items[index].group] ** -0.5 for index, _ in rows], dtype=np.float32)
    kinds = np.array([items[index].kind for index, _ in rows])
    return (raw / np.array([raw[kinds == kind].sum() for kind in range(len(KINDS))])[kinds] * len(rows) / len(KINDS)).astype(np.float32)


def load_features() -> tuple[list[Item], list[tuple[int, Change]], Tensor]:
    """What ``extract_features`` left."""
    saved = checkpoints.load(cache_folder("gate") / "features.pt")
    if saved is None:
        raise SystemExit("Run `python3 -m chester_training gate features` first.")
    return load_items(data_folder(), SETTINGS["paediatric"]), saved["rows"], saved["features"].float()


def fit(features: Tensor, targets: NDArray[np.int64], weights: NDArray[np.float32], chosen: NDArray[np.bool_]) -> Head:
    """A head of the rows that are chosen."""
    return Head(features[torch.from_numpy(chosen)], targets[chosen], weights[chosen])


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Along the last axis."""
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True)


def judge(logits: NDArray[np.float32]) -> dict[str, NDArray[np.bool_]]:
    """What src/inference/gate/picture-gate.ts makes of logits; the limits are those of ../config.toml, which the pack carries."""
    limits = SETTINGS["limits"]
    kinds, turns = softmax(logits[:, KIND]), softmax(logits[:, TURN])
    sigmoid = 1 / (1 + np.exp(-logits))
    foreign = 1 - kinds[:, FRONTAL]
    other = kinds[:, 1:].argmax(1) + 1
    is_chest = foreign <= limits["refuse_kind"]
    is_turned = is_chest & (1 - turns[:, 0] > limits["turned"])
    return {
        "refused": (foreign > limits["refuse_kind"]),
        "questioned": foreign > limits["warn_kind"],
        "lateral": (foreign > limits["warn_kind"]) & (other == 1),
        "turned": is_turned,
        "turn": turns.argmax(1),
        "inverted": is_chest & (sigmoid[:, INVERTED] > limits["inverted"]),
        # Which side is which cannot be told of a turned chest.
        "mirrored": is_chest & ~is_turned & (sigmoid[:, MIRRORED] > limits["mirrored"]),
        "child": is_chest & (sigmoid[:, CHILD] > limits["child"]),
    }


def wilson(hits: int, count: int) -> list[float]:
    """95 % interval of a share (Wilson 1927)."""
    if count == 0:
        return [0.0, 1.0]
    z, share = 1.96, hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count**2)) / (1 + z * z / count)
    return [round(float(middle - half), 4), round(float(middle + half), 4)]


def share(hits: NDArray[np.bool_]) -> dict[str, object]:
    """A share with its interval."""
    return {"count": len(hits), "share": round(float(hits.mean()), 4), "interval95": wilson(int(hits.sum()), len(hits))}


def out_of_fold(items: list[Item], rows: list[tuple[int, Change]], features: Tensor) -> NDArray[np.float32]:
    """Logits of each row by the head that has seen nothing of its patient."""
    targets, weights = targets_of(items, rows), weights_of(items, rows)
    folds = np.array([items[index].fold for index, _ in rows])
    logits = np.zeros((len(rows), len(OUTPUTS)), dtype=np.float32)
    for fold in range(folds.max() + 1):
        held = folds == fold
        logits[held] = fit(features, targets, weights, ~held).logits(features[torch.from_numpy(held)])
    return logits


def kept(name: str, make: Callable[[], NDArray[np.float32]]) -> NDArray[np.float32]:
    """Logits that do not depend on the limits: made once for these features, so that limits can be tried in seconds."""
    folder = cache_folder("gate")
    path = folder / f"{name}.npy"
    if not path.exists() or path.stat().st_mtime < (folder / "features.pt").stat().st_mtime:
        np.save(path, make())
    return np.load(path)


def measure() -> None:
    """Cross-validated figures of every group, and of each kind that training has never seen."""
    items, rows, features = load_features()
    targets, weights = targets_of(items, rows), weights_of(items, rows)
    names = np.array([change[0] for _, change in rows])
    groups = np.array([items[index].group for index, _ in rows])
    kinds = np.array([items[index].kind for index, _ in rows])
    verdict = judge(kept("out-of-fold", lambda: out_of_fold(items, rows, features)))
    report: dict[str, dict[str, object]] = {"groups": {}, "changes": {}, "leftOut": {}}
    for group in sorted(set(groups)):
        for name in ("clean", "degraded"):
            here = (groups == group) & (names == name)
            report["groups"][f"{group}, {name}"] = {
                "kind": KINDS[kinds[here][0]],
                "refusedAtAll": share((verdict["refused"] | verdict["turned"] | verdict["inverted"])[here]),
                **{key: share(verdict[key][here]) for key in ("refused", "questioned", "lateral", "turned", "inverted", "mirrored", "child")},
            }
    frontal = kinds == FRONTAL
    turned = frontal & (names == "turned")
    right = verdict["turned"] & (verdict["turn"] == targets[:, 1])
    report["changes"]["turned, named rightly"] = share(right[turned])
    for name in ("inverted", "mirrored"):
        report["changes"][name] = share(verdict[name][frontal & (names == name)])
    kin = np.array([group.removesuffix(SMALL) for group in groups])
    for family, members in FAMILIES.items():
        own = np.isin(kin, members)
        here = own & (names == "clean")
        seen = features[torch.from_numpy(here)]
        judged = judge(kept(f"without-{family}", lambda: fit(features, targets, weights, ~own).logits(seen)))
        report["leftOut"][family] = {"refused": share(judged["refused"]), "questioned": share(judged["questioned"])}
    text = json.dumps(report, indent=1)
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(f"{text}\n")
    for part, table in report.items():
        for name, figures in table.items():
            told = figures if "share" in figures else {k: v["share"] for k, v in figures.items() if isinstance(v, dict)}
            print(part, name, told)


def known_answer_pictures() -> dict[str, Grey]:
    """The inputs of ``golden.json``, [side, side] of 0..1."""
    synthetic = np.rint(resize_area(read_grey(SYNTHETIC), SIDE, SIDE) * LARGEST_BYTE).astype(np.float32) / LARGEST_BYTE
    return {**{name: pattern(name, SIDE) for name in ("ramp", "rings", "ellipses")}, "synthetic-xray": synthetic}


def export(folder: Path) -> None:
    """The head of all pictures on its frozen network, as a folder for the packer."""
    items, rows, features = load_features()
    targets, weights = targets_of(items, rows), weights_of(items, rows)
    head = fit(features, targets, weights, np.ones(len(rows), dtype=bool))
    matrix, bias = head.folded()
    trunk = MobileNetV2(1)
    trunk.load_arrays(safetensors.read(start_weights(SETTINGS["start"])))
    network = GateFeatures(trunk, SETTINGS["blocks"]).eval()
    channels = channels_after(SETTINGS["blocks"])
    kept = {name: array for name, array in trunk.arrays().items() if name.startswith("stem.")}
    for block in range(SETTINGS["blocks"]):
        kept.update({name: array for name, array in trunk.arrays().items() if name.startswith(f"blocks.{block}.")})
    # [outputs, channels, GRID, GRID]: one convolution over the whole coarse map.
    kept["head.weight"] = matrix.T.reshape(len(OUTPUTS), channels, GRID, GRID).contiguous().numpy()
    kept["head.bias"] = bias.numpy()
    folder.mkdir(parents=True, exist_ok=True)
    safetensors.write(folder / "weights.safetensors", kept)
    pictures = known_answer_pictures()
    batch = torch.from_numpy(np.stack(list(pictures.values())))[:, None] * 2 - 1
    logits = (network(batch) @ matrix + bias).double().numpy()
    answers = [{"image": name, "logits": np.round(row, DECIMALS).tolist()} for name, row in zip(pictures, logits, strict=True)]
    golden = {"origin": f"PyTorch {torch.__version__}, float32", "answers": answers}
    (folder / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")
    groups: dict[str, int] = {}
    for item in items:
        groups[item.group] = groups.get(item.group, 0) + 1
    facts = {
        "side": SIDE,
        "range": [-1, 1],
        "rows": [list(row) for row in BLOCKS],
        "blocks": SETTINGS["blocks"],
        "grid": GRID,
        "outputs": list(OUTPUTS),
        "limits": SETTINGS["limits"],
        "pictures": groups,
    }
    (folder / "network.json").write_text(json.dumps(facts, indent=1) + "\n")
    print(folder)


def main(argv: list[str]) -> None:
    """The command line, see above."""
    parser = argparse.ArgumentParser(prog="chester_training gate", description=__doc__)
    parser.add_argument("command", choices=["features", "measure", "export"])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(argv)
    torch.set_num_threads(SETTINGS["threads"])
    if options.command == "features":
        extract_features()
    elif options.command == "measure":
        measure()
    else:
        export(options.out or cache_folder("export/gate"))
