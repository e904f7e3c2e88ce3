"""Fine-tunes the findings network on three folds, or on all: ``python3 -m chester_training findings --fold 0``."""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from . import checkpoints, safetensors
from .augment import Augmentation, augment
from .compute import autocast, device, to_batch
from .config import cache_folder, data_folder, load, start_weights
from .findings_data import FACTS, PAEDIATRIC_CLASSES, AuxiliaryData, FindingsData, load_auxiliary, load_findings, sampling_weights
from .images import LARGEST_BYTE, CachedImages, Pictures
from .labels import FINDINGS
from .logs import JsonLines
from .mobilenet import FEATURES, MobileNetV2, start_head
from .photographs import CachedPhotographs
from .statistics import aucs, macro_auc

Settings = dict[str, Any]
EVALUATION_BATCH = 64
# The average follows closely while it is young.
AVERAGE_WARM_UP = 10


def shipped_variant() -> str:
    """The variant that ships, which all commands take where none is named."""
    return load("findings")["ships"]


def settings_of(variant: str) -> Settings:
    """The section ``findings`` with a variant's changes; ``base`` has none.

    :raises SystemExit: for a variant that the configuration does not name
    """
    settings = load("findings")
    del settings["ships"]
    variants = settings.pop("variants", {})
    if variant != "base" and variant not in variants:
        raise SystemExit(f"config.toml has no variant {variant}; it has base, {', '.join(variants)}.")
    for name, value in variants.get(variant, {}).items():
        settings[name] = {**settings[name], **value} if isinstance(value, dict) else value
    return settings


def run_folder(variant: str, fold: int | None) -> Path:
    """Where a run keeps its checkpoint, log and weights."""
    return cache_folder(f"findings/{variant}-{'all' if fold is None else f'fold{fold}'}")


class Trainee(nn.Module):
    """The network with the auxiliary heads that are dropped when it is done."""

    def __init__(self, frozen: int) -> None:
        super().__init__()
        self.network = MobileNetV2(len(FINDINGS), frozen)
        self.facts = nn.Linear(FEATURES, FACTS)
        self.auxiliary = nn.Linear(FEATURES, len(PAEDIATRIC_CLASSES) + 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """[n, 1, h, w] to logits of findings, facts and auxiliary classes, all float32."""
        features = self.network.features(x)
        with torch.autocast(features.device.type, enabled=False):
            return self.network.fc(features), self.facts(features), self.auxiliary(features)


def parameter_groups(model: Trainee, settings: Settings) -> list[dict[str, Any]]:
    """Rates that decay towards the input, and no weight decay on biases."""
    stages: list[nn.Module] = [*model.network.stages()[:-1], nn.ModuleList([model.network.fc, model.facts, model.auxiliary])]
    groups = []
    for depth, stage in enumerate(reversed(stages)):
        trained = [parameter for parameter in stage.parameters() if parameter.requires_grad]
        for parameters, decay in (
            ([p for p in trained if p.ndim > 1], settings["weight_decay"]),
            ([p for p in trained if p.ndim == 1], 0.0),
        ):
            if parameters:
                scale = settings["rate_decay"] ** depth
                groups.append({"params": parameters, "weight_decay": decay, "scale": scale, "lr": settings["rate"] * scale})
    return groups


def rate_at(step: int, total: int, warm_up: float) -> float:
    """Share of the peak rate: linear warm-up, then half a cosine to 0."""
    rising = max(1, round(total * warm_up))
    if step < rising:
        return (step + 1) / rising
    return 0.5 * (1 + np.cos(np.pi * (step - rising) / max(1, total - rising)))


def masked_loss(logits: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    """Binary cross-entropy, smoothed, over the labels that are known (not NaN)."""
    known = ~labels.isnan()
    smoothed = torch.where(known, labels, torch.zeros_like(labels)) * (1 - smoothing) + smoothing / 2
    losses = F.binary_cross_entropy_with_logits(logits, smoothed, reduction="none")
    return (losses * known).sum() / known.sum().clamp(min=1)


def facts_loss(outputs: Tensor, facts: Tensor) -> Tensor:
    """View and sex by cross-entropy, age by squared error, where known."""
    age, known_age = outputs[:, 2], ~facts[:, 2].isnan()
    squares = (age - facts[:, 2].nan_to_num()) ** 2 * known_age
    return masked_loss(outputs[:, :2], facts[:, :2], 0.0) + squares.sum() / known_age.sum().clamp(min=1)


@dataclass
class Feed:
    """Batches of one stage; all randomness is the step's own."""

    settings: Settings
    data: FindingsData
    pictures: Pictures
    photographs: Pictures | None
    auxiliary_pictures: CachedImages | None
    auxiliary_targets: NDArray[np.float32]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, settings: Settings, data: FindingsData, auxiliary: AuxiliaryData, size: int) -> "Feed":
        """All that a stage at ``size`` pixels draws from."""
        paths = [record.path for record in data.records]
        return cls(
            settings,
            data,
            CachedImages(paths, size),
            CachedPhotographs(paths, size, "training", settings["photograph_seed"]) if settings["photographs"] > 0 else None,
            CachedImages(auxiliary.paths, size) if auxiliary.paths and settings["auxiliary_batch"] > 0 else None,
            auxiliary.targets,
            sampling_weights(data.targets[data.train], settings["sampling_power"]),
        )

    def batch(self, step: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Pictures [n + a, h, w] of 0..1 (the NIH ones first), targets [n, 14], facts [n, 3], auxiliary targets [a, 4]."""
        random, torch_random = checkpoints.step_generators(self.settings["seed"], step)
        chosen = random.choice(self.data.train, self.settings["batch"], p=self.weights)
        pixels = [self.take(chosen, random)]
        others = np.zeros(0, dtype=np.int64)
        if self.auxiliary_pictures is not None:
            others = random.integers(len(self.auxiliary_pictures), size=self.settings["auxiliary_batch"])
            pixels.append(self.auxiliary_pictures.take(others))
        grey = torch.from_numpy(np.concatenate(pixels)).float().div_(LARGEST_BYTE)
        how = Augmentation(**self.settings["augmentation"])
        return (
            augment(grey, how, random, torch_random),
            torch.from_numpy(self.data.targets[chosen]),
            torch.from_numpy(self.data.facts[chosen]),
            torch.from_numpy(self.auxiliary_targets[others]),
        )

    def take(self, chosen: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.uint8]:
        """[n, size, size], some of them as photographs of what is asked for."""
        pixels = self.pictures.take(chosen)
        if self.photographs is not None:
            shot = random.random(len(chosen)) < self.settings["photographs"]
            pixels[shot] = self.photographs.take(chosen[shot])
        return pixels


def stage_at(stages: list[list[int]], step: int) -> int:
    """The index of the stage that a step belongs to."""
    ends = np.cumsum([steps for _, steps in stages])
    return int(np.searchsorted(ends, step, side="right"))


def train(variant: str, fold: int | None) -> Path:
    """Trains one network, or goes on where it stopped.

    :returns: its folder: ``weights.safetensors`` (the average), ``log.jsonl``
    """
    settings = settings_of(variant)
    folder = run_folder(variant, fold)
    done = folder / "weights.safetensors"
    if done.exists():
        return folder
    torch.manual_seed(settings["seed"])
    place = device()
    log = JsonLines(folder / "log.jsonl")
    data = load_findings(data_folder(), fold)
    auxiliary = load_auxiliary(data_folder())
    model = Trainee(settings["frozen"])
    start(model, settings, data, fold)
    model.to(place, memory_format=torch.channels_last)
    average = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    optimizer = torch.optim.AdamW(parameter_groups(model, settings))
    total = sum(steps for _, steps in settings["stages"])

    state = checkpoints.load(folder / "checkpoint.pt")
    first = 0
    if state is not None:
        model.load_state_dict(state["model"])
        average = {name: tensor.to(place) for name, tensor in state["average"].items()}
        optimizer.load_state_dict(state["optimizer"])
        first = state["step"]
    log.write(event="start", variant=variant, fold=fold, step=first, of=total, pictures=len(data.train), settings=settings)

    feed: Feed | None = None
    stage = -1
    losses: list[float] = []
    began = time.perf_counter()
    for step in range(first, total):
        if stage_at(settings["stages"], step) != stage:
            stage = stage_at(settings["stages"], step)
            feed = Feed.of(settings, data, auxiliary, settings["stages"][stage][0])
        assert feed is not None
        losses.append(train_step(model, optimizer, feed, step, total, settings, place))
        follow(average, model, settings["average"], step)
        if (step + 1) % settings["log_every"] == 0:
            seconds = (time.perf_counter() - began) / settings["log_every"]
            log.write(event="step", step=step + 1, loss=round(float(np.mean(losses)), 4), seconds_a_step=round(seconds, 3))
            losses, began = [], time.perf_counter()
        if (step + 1) % settings["checkpoint_every"] == 0 or step + 1 == total:
            checkpoints.save(
                folder / "checkpoint.pt",
                {"step": step + 1, "model": model.state_dict(), "average": average, "optimizer": optimizer.state_dict()},
            )
    model.load_state_dict(average)
    safetensors.write(done, model.network.arrays(), {"variant": variant, "fold": str(fold), "steps": str(total)})
    if len(data.test) > 0:
        assert feed is not None
        logits = predict(model.network, feed.pictures, data.test, place)
        found = dict(zip(FINDINGS, np.round(aucs(logits, data.targets[data.test]), 4).tolist(), strict=True))
        log.write(event="end", macro_auc=round(macro_auc(logits, data.targets[data.test]), 4), auc=found)
    return folder


def start(model: Trainee, settings: Settings, data: FindingsData, fold: int | None) -> None:
    """The weights before the first step: ImageNet's, or the average at which another variant ended on the same fold."""
    if settings["after"] == "":
        model.network.load_arrays(safetensors.read(start_weights(settings["start"])))
        start_head(model.network, data.targets[data.train].mean(0))
        return
    ended = checkpoints.load(train(settings["after"], fold) / "checkpoint.pt")
    assert ended is not None
    model.load_state_dict(ended["average"])


def train_step(
    model: Trainee, optimizer: torch.optim.Optimizer, feed: Feed, step: int, total: int, settings: Settings, place: torch.device
) -> float:
    """One step of the optimizer; :returns: the loss of the findings."""
    share = rate_at(step, total, settings["warm_up"])
    for group in optimizer.param_groups:
        group["lr"] = settings["rate"] * group["scale"] * share
    pictures, labels, facts, others = (tensor.to(place) for tensor in feed.batch(step))
    count = len(labels)
    with autocast(place):
        outputs, fact_outputs, other_outputs = model(to_batch(pictures, place).contiguous(memory_format=torch.channels_last))
    main = masked_loss(outputs[:count], labels, settings["smoothing"])
    loss = main + settings["facts_weight"] * facts_loss(fact_outputs[:count], facts)
    if len(others) > 0:
        loss = loss + settings["auxiliary_weight"] * masked_loss(other_outputs[count:], others, settings["smoothing"])
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), settings["maximum_gradient"])
    optimizer.step()
    return float(main)


@torch.no_grad()
def follow(average: dict[str, Tensor], model: nn.Module, decay: float, step: int) -> None:
    """Moves the average of the weights a little towards the weights."""
    share = 1 - min(decay, (1 + step) / (AVERAGE_WARM_UP + step))
    for name, tensor in model.state_dict().items():
        average[name].lerp_(tensor, share)


@torch.no_grad()
def predict(network: MobileNetV2, pictures: Pictures, indices: NDArray[np.int64], place: torch.device) -> NDArray[np.float32]:
    """Logits [n, 14] in float32, of pictures as they are."""
    network.eval()
    parts = []
    for begin in range(0, len(indices), EVALUATION_BATCH):
        grey = torch.from_numpy(pictures.take(indices[begin : begin + EVALUATION_BATCH])).float().div_(LARGEST_BYTE)
        parts.append(network(to_batch(grey, place).contiguous(memory_format=torch.channels_last)).cpu())
    return torch.cat(parts).numpy()


def main(argv: list[str]) -> None:
    """``findings --fold 0|1|2|3|all [--variant NAME]``"""
    parser = argparse.ArgumentParser(prog="chester_training findings", description=__doc__)
    parser.add_argument("--fold", required=True, choices=["0", "1", "2", "3", "all"], help="the fold that is left out")
    parser.add_argument("--variant", default=shipped_variant(), help="a variant that config.toml names")
    given = parser.parse_args(argv)
    train(given.variant, None if given.fold == "all" else int(given.fold))
