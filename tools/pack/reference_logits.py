"""Logits of the pilot's float32 weights in PyTorch: what `golden.json` calls the source.

usage: python3 reference_logits.py PILOT_FOLDER PIXELS.bin   (224 x 224 bytes of grey)
Prints a JSON list. Independent of our own code: only torch, numpy and the two files.
"""
import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

folder, pixels = sys.argv[1:3]
config = json.load(open(f"{folder}/config.json"))
with open(f"{folder}/weights.safetensors", "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    header = json.loads(file.read(length))
    data = file.read()
weights = {
    name: torch.from_numpy(
        np.frombuffer(data[entry["data_offsets"][0] : entry["data_offsets"][1]], dtype="<f4").reshape(entry["shape"]).copy()
    )
    for name, entry in header.items()
    if name != "__metadata__"
}


def convolve(x, name, stride=1, groups=1, activate=True):
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    kernel = weight.shape[-1]
    if kernel == 3:  # TensorFlow's SAME: a strided 3x3 pads one row and column at the bottom and right only
        x = F.pad(x, (1, 1, 1, 1) if stride == 1 else (0, 1, 0, 1))
    x = F.conv2d(x, weight, bias, stride=stride, groups=groups)
    return F.relu6(x) if activate else x


def run(image):
    x = convolve(image, "stem", 2)
    channels, index = x.shape[1], 0
    for expansion, out, repeats, first in config["blocks"]["rows"]:
        for repeat in range(repeats):
            stride, before = (first if repeat == 0 else 1), x
            if expansion > 1:
                x = convolve(x, f"blocks.{index}.expand")
            x = convolve(x, f"blocks.{index}.dw", stride, groups=x.shape[1])
            x = convolve(x, f"blocks.{index}.project", activate=False)
            if stride == 1 and channels == out:
                x = x + before
            channels, index = out, index + 1
    x = convolve(x, "last").mean((2, 3))
    return F.linear(x, weights["fc.weight"], weights["fc.bias"])[0]


size = config["input"]["size"]
grey = np.fromfile(pixels, dtype=np.uint8).reshape(1, 1, size, size).astype(np.float32) / 255
with torch.no_grad():
    print(json.dumps([round(value, 5) for value in run(torch.from_numpy(grey) * 2 - 1).tolist()]))
