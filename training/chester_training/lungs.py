"""Trains and measures the network of lungs and heart.

    python3 -m chester_training lungs train [--leave-out JSRT|Montgomery|Shenzhen]
    python3 -m chester_training lungs measure
    python3 -m chester_training lungs export [--out FOLDER]

A stopped training goes on from its last checkpoint when it is started again. ``measure`` writes figures/lungs.json.
``export`` writes what ``npm run pack -- lungs --from FOLDER`` makes a pack of:

- ``weights.safetensors``: float32, batch norm folded in
- ``network.json``: size, channels, and what it was trained on
- ``golden.json``: its logits on the known-answer pictures, at ANSWER_GRID x ANSWER_GRID places, lungs and heart in turn
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from . import checkpoints, safetensors
from .config import TRAINING_FOLDER, cache_folder, data_folder, load
from .export import DECIMALS, SYNTHETIC, pattern
from .images import LARGEST_BYTE, Grey, read_grey, resize_area
from .logs import JsonLines
from .lungs_augment import random_grid, random_sharpness, random_tones
from .lungs_data import Case, load_cases
from .lungs_network import LungsNetwork, folded
from .mask_measures import cardiothoracic_ratio, dice, largest_parts

SETTINGS = load("lungs")
SIDE = SETTINGS["side"]
SAVE_EVERY = 100
BATCH_OF_ANSWERS = 16
# src/shared/pack.ts, lungsAnswerGrid
ANSWER_GRID = 8
FIGURES = TRAINING_FOLDER / "figures" / "lungs.json"


def is_test(case: Case, left_out: str | None) -> bool:
    """Whether the network that was trained without ``left_out`` has never seen this patient."""
    return case.source == left_out if left_out else case.fold == SETTINGS["test_fold"]


class Batches:
    """Random, changed batches; sources are drawn so that the heart, drawn in one of them, is met often."""

    def __init__(self, cases: list[Case]) -> None:
        shares = SETTINGS["shares"]
        counts = {source: sum(case.source == source for case in cases) for source in shares}
        self.weights = torch.tensor([shares[case.source] / counts[case.source] for case in cases])
        self.stacks = torch.stack([torch.cat([case.image[None], case.target, case.known]) for case in cases])

    def draw(self, size: int, random: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Pictures [n, 1, side, side] of -1..1, targets and what is known of them [n, 2, side, side] of 0 and 1."""
        chosen = self.stacks[torch.multinomial(self.weights, size, replacement=True, generator=random)].float()
        chosen[:, :1] /= 255
        grid = random_grid(size, SIDE, random, **SETTINGS["geometry"])
        moved = F.grid_sample(chosen, grid, mode="bilinear", align_corners=False)
        # Beyond the picture lie neither lungs nor heart: that is known where anything is.
        outside = (grid.abs() > 1).any(-1)[:, None]
        has_any = (chosen[:, 3:].amax((2, 3)) > 0)[:, :, None, None]
        target = (moved[:, 1:3] > 0.5).float()
        known = (moved[:, 3:] > 0.99) | (outside & has_any)
        pictures = random_sharpness(random_tones(moved[:, :1], random), random)
        is_black = torch.rand(size, generator=random) < 0.5
        border = torch.where(is_black, torch.zeros(size), torch.rand(size, generator=random))
        pictures = torch.where(outside, border[:, None, None, None], pictures)
        return pictures * 2 - 1, target, known.float()


def loss_of(logits: Tensor, target: Tensor, known: Tensor) -> Tensor:
    """Cross entropy and soft Dice (arXiv 1606.04797, eq. 1, without squares) where the target is known."""
    logits = F.interpolate(logits, size=target.shape[-2:], mode="bilinear", align_corners=False)
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    entropy = (entropy * known).sum((0, 2, 3)) / known.sum((0, 2, 3)).clamp(min=1)
    probability, target = torch.sigmoid(logits) * known, target * known
    soft_dice = (2 * (probability * target).sum((2, 3)) + 1) / (probability.sum((2, 3)) + target.sum((2, 3)) + 1)
    is_known = (known.amax((2, 3)) > 0).float()
    dice_loss = ((1 - soft_dice) * is_known).sum(0) / is_known.sum(0).clamp(min=1)
    return (entropy + SETTINGS["dice_weight"] * dice_loss).sum()


def train(name: str, left_out: str | None) -> None:
    """One network, into the cache folder: NAME.safetensors for the pack, NAME.pt for measuring."""
    folder = cache_folder("lungs")
    cases = load_cases(data_folder(), SETTINGS["source_side"], SETTINGS["paediatric"])
    batches = Batches([case for case in cases if not is_test(case, left_out)])
    steps = SETTINGS["steps_leaving_out" if left_out else "steps"]
    torch.manual_seed(SETTINGS["seed"])
    network = LungsNetwork(SETTINGS["channels"]).to(memory_format=torch.channels_last)
    average = LungsNetwork(SETTINGS["channels"]).requires_grad_(False)
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(network.parameters(), SETTINGS["rate"], weight_decay=SETTINGS["weight_decay"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, SETTINGS["rate"], total_steps=steps, pct_start=0.1)
    parts = {"network": network, "average": average, "optimizer": optimizer, "schedule": schedule}
    checkpoint = folder / f"{name}.checkpoint"
    saved = checkpoints.load(checkpoint)
    for key, part in parts.items() if saved else ():
        part.load_state_dict(saved[key])
    log, begun, losses = JsonLines(folder / f"{name}.jsonl"), time.monotonic(), []
    network.train()
    for step in range(saved["step"] if saved else 0, steps):
        _, random = checkpoints.step_generators(SETTINGS["seed"], step)
        pictures, target, known = batches.draw(SETTINGS["batch"], random)
        loss = loss_of(network(pictures.contiguous(memory_format=torch.channels_last)), target, known)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        update_average(average, network, min(SETTINGS["average"], (step + 1) / (step + 10)))
        losses.append(loss.item())
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == steps:
            log.write(step=step + 1, of=steps, loss=round(float(np.mean(losses)), 4), seconds=round(time.monotonic() - begun))
            losses.clear()
            checkpoints.save(checkpoint, {**{key: part.state_dict() for key, part in parts.items()}, "step": step + 1})
    average.eval()
    safetensors.write(folder / f"{name}.safetensors", {key: tensor.numpy() for key, tensor in folded(average).items()})
    checkpoints.save(folder / f"{name}.pt", average.state_dict())


@torch.no_grad()
def update_average(average: LungsNetwork, network: LungsNetwork, keep: float) -> None:
    """Exponential average of the weights; of the counts in batch norms the latest."""
    for mean, value in zip(average.state_dict().values(), network.state_dict().values()):
        if mean.is_floating_point():
            mean.lerp_(value, 1 - keep)
        else:
            mean.copy_(value)


@torch.no_grad()
def probabilities(network: LungsNetwork, cases: list[Case], side: int) -> NDArray[np.float32]:
    """[n, 2, side, side]: lungs, heart."""
    answers = []
    for start in range(0, len(cases), BATCH_OF_ANSWERS):
        pictures = torch.stack([case.image for case in cases[start : start + BATCH_OF_ANSWERS]]).float()[:, None] / 255
        logits = network(F.interpolate(pictures, size=(SIDE, SIDE), mode="area") * 2 - 1)
        answers.append(torch.sigmoid(F.interpolate(logits, size=(side, side), mode="bilinear", align_corners=False)))
    return torch.cat(answers).numpy()


def interval95(values: list[float]) -> list[float]:
    """Of the mean, by 1,000 bootstraps over patients (one picture each)."""
    random = np.random.default_rng(1)
    means = [np.mean(random.choice(values, len(values))) for _ in range(1000)]
    return [round(float(end), 4) for end in np.percentile(means, [2.5, 97.5])]


def summary(values: list[float]) -> dict[str, object]:
    """Mean, its interval, and how bad the worst twentieth is."""
    return {
        "images": len(values),
        "mean": round(float(np.mean(values)), 4),
        "interval95": interval95(values),
        "percentile5": round(float(np.percentile(values, 5)), 4),
    }


def measure(network: LungsNetwork, cases: list[Case], side: int, with_heart: bool) -> dict[str, object]:
    """Dice a source on masks of their own size, and errors of the cardiothoracic ratio."""
    overlaps: dict[str, dict[str, list[float]]] = {}
    ratios: list[list[float]] = []
    for case, (lungs, heart) in zip(cases, probabilities(network, cases, side)):
        figures = overlaps.setdefault(case.source, {"lungs": [], "heart": []})
        target = case.target.numpy() > 0
        if case.known[0].min() == 1:
            figures["lungs"].append(dice(largest_parts(lungs >= 0.5, 2), target[0]))
        if with_heart and case.known[1].min() == 1:
            figures["heart"].append(dice(largest_parts(heart >= 0.5, 1), target[1]))
            truth = cardiothoracic_ratio(target[0].astype(float), target[1].astype(float), 0.5, 0.5)
            levels = ((0.5, 0.5), (0.3, 0.7), (0.7, 0.3))
            ratios.append([truth, *(cardiothoracic_ratio(lungs, heart, *pair) for pair in levels)])
    report: dict[str, object] = {
        source: {key: summary(values) for key, values in figures.items() if values}
        for source, figures in overlaps.items()
    }
    if ratios:
        truth, middle, low, high = np.array(ratios).T
        errors = np.abs(middle - truth)
        report["cardiothoracicRatio"] = {
            "images": len(errors),
            "notMeasured": int(np.isnan(errors).sum()),
            "meanAbsoluteError": round(float(np.nanmean(errors)), 4),
            "interval95": interval95(list(errors[~np.isnan(errors)])),
            "percentile90": round(float(np.nanpercentile(errors, 90)), 4),
            "bias": round(float(np.nanmean(middle - truth)), 4),
            "insideLevels": round(float(np.mean((low <= truth) & (truth <= high))), 3),
        }
    return report


def measure_all() -> None:
    """Every network of the cache folder on the patients that it has never seen."""
    side = SETTINGS["mask_side"]
    cases = load_cases(data_folder(), side, SETTINGS["paediatric"])
    report = {}
    for path in sorted(cache_folder("lungs").glob("*.pt")):
        network = LungsNetwork(SETTINGS["channels"]).eval()
        network.load_state_dict(torch.load(path))
        left_out = path.stem.removeprefix("without-") if path.stem.startswith("without-") else None
        # Nobody has drawn a heart outside of JSRT: a network without it has never seen one.
        report[path.stem] = measure(network, [case for case in cases if is_test(case, left_out)], side, left_out != "JSRT")
    text = json.dumps(report, indent=1)
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(f"{text}\n")
    print(text)


def known_answer_pictures() -> dict[str, Grey]:
    """The inputs of ``golden.json``, [side, side] of 0..1: the whole picture is squashed, whatever its shape."""
    synthetic = np.rint(resize_area(read_grey(SYNTHETIC), SIDE, SIDE) * LARGEST_BYTE).astype(np.float32) / LARGEST_BYTE
    return {**{name: pattern(name, SIDE) for name in ("ramp", "rings", "ellipses")}, "synthetic-xray": synthetic}


@torch.no_grad()
def export(folder: Path) -> None:
    """The network that was trained without the test fold, as a folder for the packer."""
    source = cache_folder("lungs")
    network = LungsNetwork(SETTINGS["channels"]).eval()
    network.load_state_dict(torch.load(source / "lungs.pt"))
    folder.mkdir(parents=True, exist_ok=True)
    safetensors.write(folder / "weights.safetensors", safetensors.read(source / "lungs.safetensors"))
    pictures = known_answer_pictures()
    logits = network(torch.from_numpy(np.stack(list(pictures.values())))[:, None] * 2 - 1)
    size = logits.shape[-1]
    places = torch.tensor([int((cell + 0.5) * size / ANSWER_GRID) for cell in range(ANSWER_GRID)])
    rows = logits[:, :, places][:, :, :, places].permute(0, 2, 3, 1).flatten(1).double().numpy()
    answers = [{"image": name, "logits": np.round(row, DECIMALS).tolist()} for name, row in zip(pictures, rows, strict=True)]
    golden = {"origin": f"PyTorch {torch.__version__}, float32", "answers": answers}
    (folder / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")
    cases = load_cases(data_folder(), SETTINGS["source_side"], SETTINGS["paediatric"])
    counts: dict[str, int] = {}
    for case in cases:
        if not is_test(case, None):
            counts[case.source] = counts.get(case.source, 0) + 1
    facts = {"side": SIDE, "range": [-1, 1], "channels": SETTINGS["channels"], "pictures": counts, "steps": SETTINGS["steps"]}
    (folder / "network.json").write_text(json.dumps(facts, indent=1) + "\n")
    print(folder)


def main(argv: list[str]) -> None:
    """The command line, see above."""
    parser = argparse.ArgumentParser(prog="chester_training lungs", description=__doc__)
    parser.add_argument("command", choices=["train", "measure", "export"])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--leave-out", choices=["JSRT", "Montgomery", "Shenzhen"])
    options = parser.parse_args(argv)
    torch.set_num_threads(SETTINGS["threads"])
    if options.command == "measure":
        measure_all()
    elif options.command == "export":
        export(options.out or cache_folder("export/lungs"))
    else:
        train(f"without-{options.leave_out}" if options.leave_out else "lungs", options.leave_out)
