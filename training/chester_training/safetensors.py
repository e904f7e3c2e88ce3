"""The safetensors format (huggingface/safetensors, README, "Format"): length, JSON header, raw little-endian tensors."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LENGTH_BYTES = 8
ALIGNMENT = 8


def read(path: Path) -> dict[str, NDArray[np.float32]]:
    """float32 tensors by name.

    :raises ValueError: for another element type
    """
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[LENGTH_BYTES : LENGTH_BYTES + length])
    start = LENGTH_BYTES + length
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            raise ValueError(f"{name} is {entry['dtype']}, not F32")
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[start + begin : start + end], "<f4").reshape(entry["shape"]).copy()
    return tensors


def write(path: Path, tensors: Mapping[str, NDArray[np.float32]], metadata: Mapping[str, str] | None = None) -> None:
    """Writes float32 tensors in the order given, without holes; metadata is text by text."""
    header: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    place = 0
    for name, tensor in tensors.items():
        size = tensor.size * 4
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [place, place + size]}
        place += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for tensor in tensors.values():
            file.write(np.ascontiguousarray(tensor, "<f4").tobytes())
