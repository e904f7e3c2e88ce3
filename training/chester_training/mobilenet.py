"""MobileNetV2 1.0 (arXiv 1801.04381, Table 2) with one input channel and no batch norm: the norms of the starting
weights are folded. Strided convolutions are padded as TensorFlow's SAME, so that the app's kernels give the same answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

# expansion, channels, repeats, stride of the first
BLOCKS = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
STEM_CHANNELS = 32
FEATURES = 1280
KERNEL = 3
CEILING = 6
# A finding that is in no picture still has log-odds.
LEAST_RATE = 1e-3
# The range of the network's input for grey values of 0..1, as pack.json states it.
LOW, HIGH = -1.0, 1.0


class Relu6(torch.autograd.Function):
    """ReLU6 in place with a gradient in bfloat16, which PyTorch 1.13 lacks on the CPU."""

    @staticmethod
    def forward(context: Any, x: Tensor) -> Tensor:
        """Clamps to 0..6."""
        context.mark_dirty(x)
        x.clamp_(0, CEILING)
        context.save_for_backward(x)
        return x

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> Tensor:
        """Passes what came from inside 0..6."""
        (y,) = context.saved_tensors
        # Twice the same vectorised kernel takes a quarter of the time of a comparison and a masked fill.
        above_floor = torch.ops.aten.threshold_backward(gradient, y, 0)
        return torch.ops.aten.threshold_backward(above_floor, CEILING - y, 0)


class Convolution(nn.Conv2d):
    """A convolution with bias and, where asked for, ReLU6; an even-sized input of a strided one is padded below and right."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1, activate: bool = True) -> None:
        super().__init__(inputs, outputs, kernel, stride, padding=kernel // 2 if stride == 1 else 0, groups=groups)
        self.activate = activate

    def forward(self, x: Tensor) -> Tensor:
        """[n, inputs, h, w] to [n, outputs, h / stride, w / stride]."""
        return self.activated(self.convolve(x))

    def convolve(self, x: Tensor) -> Tensor:
        """Without the activation."""
        if self.stride[0] > 1:
            x = F.pad(x, (0, 1, 0, 1))
        return super().forward(x)

    def activated(self, x: Tensor) -> Tensor:
        """The activation alone, in place."""
        return Relu6.apply(x) if self.activate else x


class Block(nn.Module):
    """Inverted residual: expand, depthwise, project; adds its input where sizes agree."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.expand = Convolution(inputs, hidden, 1) if expansion > 1 else nn.Identity()
        self.dw = Convolution(hidden, hidden, KERNEL, stride, groups=hidden)
        self.project = Convolution(hidden, outputs, 1, activate=False)
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """[n, inputs, h, w] to [n, outputs, h / stride, w / stride]."""
        return self.behind(x, self.expand(x))

    def behind(self, x: Tensor, expanded: Tensor) -> Tensor:
        """The rest of the block, from its input and its expansion."""
        y = self.project(self.dw(expanded))
        return x + y if self.adds else y


class MobileNetV2(nn.Module):
    """Grey pictures in, pooled features out; the linear head is apart, in float32.

    The first ``frozen`` blocks and the stem keep their starting weights and cost no backward pass. A head that was refitted may also see
    ``earlier`` maps, the expansions of these blocks: a logit is the sum of what each map's mean says, so maps stay exact.
    """

    def __init__(self, outputs: int, frozen: int = 0, earlier: Sequence[int] = ()) -> None:
        super().__init__()
        self.stem = Convolution(1, STEM_CHANNELS, KERNEL, stride=2)
        blocks = []
        channels = STEM_CHANNELS
        for expansion, out_channels, repeats, first_stride in BLOCKS:
            for repeat in range(repeats):
                blocks.append(Block(channels, out_channels, first_stride if repeat == 0 else 1, expansion))
                channels = out_channels
        self.blocks = nn.ModuleList(blocks)
        self.last = Convolution(channels, FEATURES, 1)
        self.fc = nn.Linear(FEATURES, outputs)
        widths = {block: self.blocks[block].dw.in_channels for block in sorted(earlier)}
        self.earlier = nn.ModuleDict({str(block): nn.Linear(width, outputs, bias=False) for block, width in widths.items()})
        self.frozen = frozen
        for module in self.frozen_modules():
            module.requires_grad_(False)

    def frozen_modules(self) -> list[nn.Module]:
        """The stem and the first blocks, or nothing."""
        return [self.stem, *self.blocks[: self.frozen]] if self.frozen > 0 else []

    def stages(self) -> list[nn.Module]:
        """Parts in the order of the data, for rates that decay towards the input."""
        return [self.stem, *self.blocks, self.last, self.fc]

    def features(self, x: Tensor) -> Tensor:
        """[n, 1, h, w] of -1..1 to the mean of the last map, float32 [n, 1280]."""
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.frozen == 0):
            x = self.stem(x)
            for block in self.blocks[: self.frozen]:
                x = block(x)
        for block in self.blocks[self.frozen :]:
            x = block(x)
        return self.last(x).float().mean((2, 3))

    def maps(self, x: Tensor) -> Iterator[Tensor]:
        """[n, 1, h, w] of -1..1 to the earlier maps, then the last one, [n, channels, h, w] each; no gradients."""
        x = self.stem(x)
        for index, block in enumerate(self.blocks):
            expanded = block.expand(x)
            if str(index) in self.earlier:
                yield expanded
            x = block.behind(x, expanded)
        yield self.last(x)

    def all_features(self, x: Tensor) -> Tensor:
        """[n, 1, h, w] of -1..1 to the means of the last map and of the earlier ones, float32 [n, 1280 + …]; no gradients."""
        with torch.no_grad():
            *earlier, last = (part.float().mean((2, 3)) for part in self.maps(x))
        return torch.cat([last, *earlier], 1)

    def logits(self, features: Tensor) -> Tensor:
        """What ``all_features`` found, [n, 1280 + …], to logits [n, outputs]."""
        last, *earlier = features.split([FEATURES, *(head.in_features for head in self.earlier.values())], 1)
        return sum((head(part) for head, part in zip(self.earlier.values(), earlier, strict=True)), self.fc(last))

    def forward(self, x: Tensor) -> Tensor:
        """[n, 1, h, w] of -1..1 to logits [n, outputs]; gradients where there are no earlier maps."""
        features = self.features(x) if len(self.earlier) == 0 else self.all_features(x)
        with torch.autocast(features.device.type, enabled=False):
            return self.logits(features)

    def load_arrays(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        """Weights by name in PyTorch's order; the head keeps its own where the file has none.

        :raises RuntimeError: where any other tensor is missing, surplus or of another shape
        """
        state = {name: torch.from_numpy(array) for name, array in arrays.items()}
        own = {name: tensor for name, tensor in self.state_dict().items() if name.startswith(("fc.", "earlier."))}
        self.load_state_dict({**own, **state})

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Weights by name, for export."""
        return {name: tensor.detach().cpu().float().contiguous().numpy() for name, tensor in self.state_dict().items()}


def start_head(model: MobileNetV2, rates: NDArray[np.float32]) -> None:
    """Zero weights and the log-odds of the rates [k] as bias: the first step says nothing but how frequent each is."""
    rates = np.clip(rates, LEAST_RATE, 1 - LEAST_RATE)
    with torch.no_grad():
        model.fc.weight.zero_()
        model.fc.bias.copy_(torch.from_numpy(np.log(rates / (1 - rates))))
