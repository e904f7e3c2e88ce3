"""A small U-Net (arXiv 1505.04597) for both lungs and the heart.

Everything is a 3x3 or 1x1 convolution, an addition or a bilinear enlargement by two, so that a browser runs it fast. It
answers at half of the input's side: contours are drawn between the pixels of its logits, so nothing is gained by more.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

OUTPUTS = ("lungs", "heart")


class SameConvolution(nn.Conv2d):
    """Pads as TensorFlow's SAME: of an odd number of rows the larger half lies at the bottom and right."""

    def forward(self, x: Tensor) -> Tensor:
        size, stride = self.kernel_size[0], self.stride[0]
        total = max(0, (-(-x.shape[-1] // stride) - 1) * stride + size - x.shape[-1])
        before, after = total // 2, total - total // 2
        if before == after:
            return F.conv2d(x, self.weight, self.bias, self.stride, before)
        return F.conv2d(F.pad(x, (before, after, before, after)), self.weight, self.bias, self.stride)


def convolution(into: int, out: int, size: int, stride: int = 1) -> nn.Sequential:
    """Convolution, batch norm, ReLU."""
    return nn.Sequential(
        SameConvolution(into, out, size, stride, bias=False),
        nn.BatchNorm2d(out, momentum=0.03),
        nn.ReLU(inplace=True),
    )


class LungsNetwork(nn.Module):
    """[n, 1, side, side] of -1..1 to logits [n, 2, side / 2, side / 2]; side is a multiple of 2 ** len(channels)."""

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        first = channels[0]
        self.stem = convolution(1, first, 3, 2)
        self.refine = convolution(first, first, 3)
        pairs = list(zip(channels, channels[1:]))
        self.down = nn.ModuleList(convolution(above, here, 3, 2) for above, here in pairs)
        self.encode = nn.ModuleList(convolution(here, here, 3) for _, here in pairs)
        self.reduce = nn.ModuleList(convolution(here, above, 1) for above, here in pairs)
        self.decode = nn.ModuleList(convolution(above, above, 3) for above, _ in pairs)
        self.head = nn.Conv2d(first, len(OUTPUTS), 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.refine(self.stem(x))
        skips = []
        for down, encode in zip(self.down, self.encode):
            skips.append(x)
            x = down(x)
            x = x + encode(x)
        for reduce, decode, skip in zip(reversed(self.reduce), reversed(self.decode), reversed(skips)):
            # Half-pixel centres, as the pack's ResizeBilinear.
            x = F.interpolate(reduce(x), scale_factor=2, mode="bilinear", align_corners=False) + skip
            x = decode(x)
        return self.head(x)


def folded(network: LungsNetwork) -> dict[str, Tensor]:
    """The weights with batch norm folded in: ``NAME.weight`` (out, in, height, width) and ``NAME.bias`` a convolution."""
    tensors = {}
    for name, module in network.named_modules():
        if isinstance(module, nn.Sequential):
            convolved, norm = module[0], module[1]
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            tensors[f"{name}.weight"] = convolved.weight * scale[:, None, None, None]
            tensors[f"{name}.bias"] = norm.bias - norm.running_mean * scale
    tensors["head.weight"], tensors["head.bias"] = network.head.weight, network.head.bias
    return {name: tensor.detach().float().contiguous() for name, tensor in tensors.items()}
