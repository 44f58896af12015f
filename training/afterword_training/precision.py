"""What numbers a network is computed in."""

from contextlib import AbstractContextManager, nullcontext

import torch


def computes_bf16() -> bool:
    """Return whether the processor computes bf16 natively; asked of x86 processors only."""
    return bool(torch.cpu._is_avx512_bf16_supported())


def autocast() -> AbstractContextManager[object]:
    """Return a bf16 autocast context where the processor computes bf16 natively, else one that does nothing."""
    return torch.autocast("cpu", dtype=torch.bfloat16) if computes_bf16() else nullcontext()
