"""Muon (Keller Jordan, 2024: momentum, then Newton–Schulz to the nearest orthogonal matrix) for the matrices inside the layers, AdamW for the rest."""

from __future__ import annotations

import torch
from torch import Tensor


def orthogonalise(batch: Tensor, steps: int = 5) -> Tensor:
    """[n, rows, columns] → the same with singular values near 1; coefficients of the published quintic iteration."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = batch.bfloat16()
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return (x.mT if tall else x).to(batch.dtype)


class Muon(torch.optim.Optimizer):
    """Matrices of one shape are orthogonalised together. The update's root mean square is that of AdamW's (0.2), so both share one rate."""

    def __init__(self, parameters, lr: float = 1e-3, momentum: float = 0.95, weight_decay: float = 0.0):
        super().__init__(parameters, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None) -> None:
        for group in self.param_groups:
            shapes: dict[tuple, list] = {}
            for p in group["params"]:
                if p.grad is not None:
                    shapes.setdefault(tuple(p.shape), []).append(p)
            for shape, members in shapes.items():
                updates = []
                for p in members:
                    state = self.state[p]
                    if "momentum" not in state:
                        state["momentum"] = torch.zeros_like(p)
                    buffer = state["momentum"].mul_(group["momentum"]).add_(p.grad)
                    updates.append(p.grad + group["momentum"] * buffer)
                scale = 0.2 * max(shape) ** 0.5
                for p, update in zip(members, orthogonalise(torch.stack(updates)), strict=True):
                    p.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-group["lr"] * scale)


def build(model, rate: float, embedding_rate: float, weight_decay: float, muon: bool = True) -> list[torch.optim.Optimizer]:
    layers = [p for n, p in model.named_parameters() if ".layers." in n and p.ndim == 2]
    rest = [p for n, p in model.named_parameters() if not (".layers." in n and p.ndim == 2)]
    inner = Muon(layers, lr=rate, weight_decay=weight_decay) if muon else torch.optim.AdamW(layers, lr=rate, betas=(0.9, 0.98), weight_decay=weight_decay)
    outer = torch.optim.AdamW(rest, lr=embedding_rate, betas=(0.9, 0.98), eps=1e-10, weight_decay=0.0)
    return [inner, outer]
