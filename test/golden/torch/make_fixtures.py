"""Makes the files beside it, once: what PyTorch itself writes and answers, for torch-*.node.ts.

usage: /usr/bin/python3 make_fixtures.py        (Debian's python3-torch 1.13 and python3-numpy)

A DenseNet-121 takes 28 MB, so its numbers are not kept: they come from a seeded integer generator, written here and in
seeded-densenet.ts alike, and the test puts them back. Kept are the pickles, the safetensors header and the logits.
"""

import collections
import gzip
import io
import json
import math
import os
import pickle
import pickletools
import sys
import tempfile
import types
import zipfile
from collections import OrderedDict

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

FOLDER = os.path.dirname(os.path.abspath(__file__))
LABELS = [
    "Atelectasis", "Consolidation", "Infiltration", "Pneumothorax", "Edema", "Emphysema", "Fibrosis", "Effusion", "Pneumonia",
    "Pleural_Thickening", "Cardiomegaly", "Nodule", "Mass", "Hernia", "", "Fracture", "", "",
]  # fmt: skip
INPUTS, SIZE, CELL = 16, 224, 32
GRID_SEED, NOISE_SEED = 10_000, 20_000
LOGIT_DEVIATION = 2.0

torch.set_num_threads(1)
torch.set_grad_enabled(False)


# The generator. Values are multiples of 2^-23 in -1..1, so every step below is the same in any language with IEEE doubles.


def seeded(seed, count):
    x = (np.arange(count, dtype=np.uint64) + np.uint64(seed * 0x9E3779B9)).astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return (x >> np.uint32(8)).astype(np.float64) / 2**23 - 1


def tensor_values(seed, name, shape, classifier):
    """Variance-preserving: the activations of the whole network stay near 1."""
    count = math.prod(shape)
    if name == "classifier.bias":
        return np.array(classifier["bias"])
    values = seeded(seed, count)
    if name == "classifier.weight":
        return (values.reshape(shape) * np.array(classifier["scales"])[:, None]).ravel()
    if len(shape) == 4:
        scale = math.sqrt(6 / (shape[1] * shape[2] * shape[3]))
        # Inputs are -1024..1024.
        return values * (scale / 600 if name == "features.conv0.weight" else scale)
    if name.endswith(".weight") or name.endswith(".running_var"):
        return 1 + 0.5 * values
    return 0.25 * values


def network_input(index):
    """Coarse cells and fine noise, from faint to strong."""
    cells = seeded(GRID_SEED + index, (SIZE // CELL) ** 2).reshape(SIZE // CELL, SIZE // CELL)
    noise = seeded(NOISE_SEED + index, SIZE * SIZE).reshape(SIZE, SIZE)
    coarse = cells.repeat(CELL, axis=0).repeat(CELL, axis=1)
    return (0.75 * coarse + 0.25 * noise) * (1024 * (index + 1) / INPUTS)


# The network, with torchvision's names, under the class path of the published files.


def published_module(name):
    module = types.ModuleType(name)
    sys.modules[name] = module
    return module


def published_class(module, name):
    def decorate(cls):
        cls.__module__, cls.__qualname__, cls.__name__ = module.__name__, name, name
        setattr(module, name, cls)
        return cls

    return decorate


published_module("torchxrayvision")
models = published_module("torchxrayvision.models")


@published_class(models, "_DenseLayer")
class DenseLayer(nn.Sequential):
    def __init__(self, channels):
        super().__init__()
        self.add_module("norm1", nn.BatchNorm2d(channels))
        self.add_module("relu1", nn.ReLU(inplace=True))
        self.add_module("conv1", nn.Conv2d(channels, 128, 1, bias=False))
        self.add_module("norm2", nn.BatchNorm2d(128))
        self.add_module("relu2", nn.ReLU(inplace=True))
        self.add_module("conv2", nn.Conv2d(128, 32, 3, padding=1, bias=False))
        self.drop_rate = 0

    def forward(self, x):
        return torch.cat([x, super().forward(x)], 1)


@published_class(models, "_DenseBlock")
class DenseBlock(nn.Sequential):
    def __init__(self, layers, channels):
        super().__init__()
        for index in range(layers):
            self.add_module(f"denselayer{index + 1}", DenseLayer(channels + 32 * index))


@published_class(models, "_Transition")
class Transition(nn.Sequential):
    def __init__(self, channels):
        super().__init__()
        self.add_module("norm", nn.BatchNorm2d(channels))
        self.add_module("relu", nn.ReLU(inplace=True))
        self.add_module("conv", nn.Conv2d(channels, channels // 2, 1, bias=False))
        self.add_module("pool", nn.AvgPool2d(2, 2))


@published_class(models, "DenseNet")
class DenseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv0", nn.Conv2d(1, 64, 7, stride=2, padding=3, bias=False))
        self.features.add_module("norm0", nn.BatchNorm2d(64))
        self.features.add_module("relu0", nn.ReLU(inplace=True))
        self.features.add_module("pool0", nn.MaxPool2d(3, stride=2, padding=1))
        channels = 64
        for index, layers in enumerate((6, 12, 24, 16)):
            self.features.add_module(f"denseblock{index + 1}", DenseBlock(layers, channels))
            channels += 32 * layers
            if index < 3:
                self.features.add_module(f"transition{index + 1}", Transition(channels))
                channels //= 2
        self.features.add_module("norm5", nn.BatchNorm2d(channels))
        self.classifier = nn.Linear(channels, len(LABELS))

    def forward(self, x):
        x = F.relu(self.features(x))
        return self.classifier(F.adaptive_avg_pool2d(x, (1, 1)).flatten(1))


# What modules saved before PyTorch 1.5 held besides: torch/nn/backends/thnn.py.
thnn = published_module("torch.nn.backends.thnn")


class FunctionBackend:
    def __reduce__(self):
        return (thnn._get_thnn_function_backend, ())


def _get_thnn_function_backend():
    raise AssertionError("nobody calls this")


_get_thnn_function_backend.__module__ = thnn.__name__
thnn._get_thnn_function_backend = _get_thnn_function_backend

# The legacy layout keeps the source text of each class; its place is filled, PyTorch's own text is not put here.
torch.serialization.get_source_lines_and_file = lambda cls, *_: ([f"class {cls.__name__}:\n", "    ...\n"], 1, f"{cls.__name__}.py")


def fill(model, classifier):
    for seed, (name, tensor) in enumerate(model.state_dict().items()):
        if name.endswith("num_batches_tracked"):
            tensor.fill_(7)
        else:
            values = tensor_values(seed, name, tuple(tensor.shape), classifier).astype(np.float32)
            tensor.copy_(torch.from_numpy(values.reshape(tensor.shape)))


def write(name, content):
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(content)


def write_gzip(name, content):
    write(name, gzip.compress(content, 9, mtime=0))


def as_json(value):
    return (json.dumps(value) + "\n").encode()


def save(value, legacy):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "saved.pt")
        torch.save(value, path, _use_new_zipfile_serialization=not legacy)
        with open(path, "rb") as file:
            return file.read()


def legacy_head(saved):
    """The five pickles, and the keys of the storages in the order in which these follow."""
    stream = io.BytesIO(saved)
    for _ in range(4):
        # Walks over the operations of one pickle and runs none of them.
        collections.deque(pickletools.genops(stream), maxlen=0)
    keys = pickle.load(stream)
    return saved[: stream.tell()], keys


def densenet():
    model = DenseNet().eval()
    classifier = {"scales": [1.0] * len(LABELS), "bias": [0.0] * len(LABELS)}
    fill(model, classifier)
    inputs = torch.from_numpy(np.stack([network_input(index)[None] for index in range(INPUTS)]).astype(np.float32))

    def run():
        return np.concatenate([model(one[None]).numpy() for one in inputs]).astype(np.float64)

    first = run()
    # Powers of two keep the products exact; the bias takes the mean away, so that nothing saturates.
    scales = 2.0 ** np.round(np.log2(LOGIT_DEVIATION / first.std(axis=0)))
    classifier = {"scales": scales.tolist(), "bias": (-np.round(first.mean(axis=0) * scales * 1024) / 1024).tolist()}
    fill(model, classifier)
    logits = run()
    double = model.double()
    exact = np.concatenate([double(one[None].double()).numpy() for one in inputs])
    print("logits", logits.std(axis=0).round(2), "float32 against float64", abs(logits - exact).max())
    model.float()
    fill(model, classifier)

    model.pathologies = LABELS
    model.op_threshs = [0.5 if label else math.nan for label in LABELS]
    for part in model.modules():
        part._backend = FunctionBackend()

    # A storage's address is its key in the legacy layout.
    state = model.state_dict()
    addresses = [str(tensor.storage()._storage._cdata) for tensor in state.values()]
    storages = {}
    for kind, value in (("module", model), ("state", state)):
        head, keys = legacy_head(save(value, legacy=True))
        write_gzip(f"densenet-legacy-{kind}.pickle.gz", head)
        storages[kind] = [addresses.index(key) for key in keys]

    saved = zipfile.ZipFile(io.BytesIO(save(state, legacy=False)))
    root = saved.namelist()[0].split("/")[0]
    write_gzip("densenet-zip-state.pickle.gz", saved.read(f"{root}/data.pkl"))

    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, tensor in state.items():
        length = tensor.numel() * tensor.element_size()
        dtype = "I64" if tensor.dtype == torch.int64 else "F32"
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [offset, offset + length]}
        offset += length
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    write_gzip("densenet-state.safetensors-header.gz", len(text).to_bytes(8, "little") + text)

    return {
        "origin": f"make_fixtures.py, PyTorch {torch.__version__}, float32, one thread",
        "labels": LABELS,
        "classifier": classifier,
        "tensors": [[name, list(tensor.shape)] for name, tensor in state.items()],
        # Numbers of tensors, in the order of their storages.
        "legacyStorages": storages,
        "logits": logits.astype(np.float32).tolist(),
    }


def small_tensors():
    """Each number format and each way in which a tensor may lie in its storage."""
    base = torch.from_numpy(seeded(1, 60).astype(np.float32)).reshape(3, 4, 5)
    long_row = torch.from_numpy(seeded(2, 24).astype(np.float32))
    tensors = OrderedDict(
        float32=base.clone(),
        transposed=base.permute(2, 0, 1),
        part=base[1:, 1:3, ::2],
        channels_last=base.clone().reshape(1, 3, 4, 5).to(memory_format=torch.channels_last),
        first_of_shared=long_row[:12],
        last_of_shared=long_row[12:].reshape(3, 4),
        repeated=torch.tensor([[1.0], [2.0]]).expand(2, 3),
        scalar=torch.tensor(0.25),
        empty=torch.zeros(2, 0, 3),
        parameter=nn.Parameter(torch.tensor([1.5, -2.5]), requires_grad=True),
        float64=torch.tensor([1 / 3, -1e-300, 1e39], dtype=torch.float64),
        float16=torch.tensor([0.1, -65504.0, 6e-8], dtype=torch.float16),
        bfloat16=torch.tensor([0.1, -3e38, 1e-40], dtype=torch.bfloat16),
        int64=torch.tensor([2**40, -1], dtype=torch.int64),
        int32=torch.tensor([2**20, -(2**31)], dtype=torch.int32),
        int16=torch.tensor([-(2**15), 2**15 - 1], dtype=torch.int16),
        int8=torch.tensor([-128, 127], dtype=torch.int8),
        uint8=torch.tensor([0, 255], dtype=torch.uint8),
        bool=torch.tensor([True, False]),
    )
    for layout in ("legacy", "zip"):
        write(f"small-{layout}.pt", save({"epoch": 3, "state_dict": tensors}, legacy=layout == "legacy"))
    values = {
        name: {"shape": list(tensor.shape), "values": [str(value) for value in tensor.detach().contiguous().float().flatten().tolist()]}
        for name, tensor in tensors.items()
    }
    write("small.json", as_json(values))


if __name__ == "__main__":
    small_tensors()
    write("densenet.json", as_json(densenet()))
