"""Starting weights that already attend backwards: a plain Qwen3 model whose first layer sees the two previous tokens and whose
second and fourth find an earlier place with the same context and write what followed it (an induction head).

Trained from ordinary random weights, a model this small stays at chance on copying for millions of tokens, because two layers have to
find each other by luck. Nothing here is outside the architecture: only the values that random numbers would have had are chosen.

The residual stream (hidden 256) is divided by an orthonormal basis: one constant direction, a 127-dimensional home of the token
embeddings (of which 64 dimensions, `code`, serve as the token's address), and two 64-dimensional shelves that layer 0 fills with the
addresses of the previous token and of the one before it.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from model import Pocket

EMBEDDING_STD = 0.04
CONSTANT = 4 * EMBEDDING_STD
INDUCTION_LAYERS = (1, 3)


def ordinary(model: Pocket, seed: int) -> None:
    """Truncation-free GPT-style random weights; projections back into the residual stream start small."""
    generator = torch.Generator().manual_seed(seed)
    depth = math.sqrt(2 * model.shape.layers)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim < 2:
                weight.fill_(1)
            elif "embed" in name:
                weight.normal_(0, EMBEDDING_STD, generator=generator)
            else:
                scale = 1 / math.sqrt(weight.shape[1])
                back = "o_proj" in name or "down_proj" in name
                weight.normal_(0, scale / depth * 0.5 if back else scale, generator=generator)


def with_circuits(model: Pocket, seed: int) -> None:
    shape = model.shape
    assert (shape.hidden, shape.head_size, shape.heads, shape.key_value_heads) == (256, 64, 4, 2)
    ordinary(model, seed)
    generator = torch.Generator().manual_seed(seed + 1)
    basis = torch.linalg.qr(torch.randn(256, 256, generator=generator, dtype=torch.float64))[0].float()
    constant, code, rest = basis[0], basis[1:65], basis[65:128]
    previous, before = basis[128:192], basis[192:256]
    home = torch.cat([code, rest])
    with torch.no_grad():
        words = torch.randn(shape.vocabulary, len(home), generator=generator) * EMBEDDING_STD * math.sqrt(256 / len(home))
        model.model.embed_tokens.weight.copy_(words @ home + CONSTANT * constant)
        _look_back(model, constant, code, previous, before)
        for index in INDUCTION_LAYERS:
            _induction(model, index, code, rest, previous, before)
        model.model.norm.weight.fill_(1.5)


def _frequencies(shape) -> Tensor:
    return shape.rope_base ** (-torch.arange(0, shape.head_size, 2, dtype=torch.float64) / shape.head_size)


def _look_back(model: Pocket, constant: Tensor, code: Tensor, previous: Tensor, before: Tensor) -> None:
    """Layer 0, key-value head 0: query heads 0 and 1 attend to distances 1 and 2 by the phase of the fast rope frequencies."""
    attention = model.model.layers[0].self_attn
    fast = 7
    theta = _frequencies(model.shape)[:fast]
    attention.k_proj.weight[:64] *= 0.02
    attention.k_proj.weight[:fast] += constant
    attention.v_proj.weight[:64] = code
    for head, (distance, shelf) in enumerate([(1, previous), (2, before)]):
        rows = attention.q_proj.weight[64 * head : 64 * head + 64]
        rows *= 0.02
        rows[:fast] += torch.outer((distance * theta).cos().float(), constant)
        rows[32 : 32 + fast] -= torch.outer((distance * theta).sin().float(), constant)
        attention.o_proj.weight[:, 64 * head : 64 * head + 64] = shelf.T * EMBEDDING_STD * 1.5
    attention.q_norm.weight.fill_(1.8)
    attention.k_norm.weight.fill_(1.8)


def _induction(model: Pocket, index: int, code: Tensor, rest: Tensor, previous: Tensor, before: Tensor) -> None:
    """(this token, the previous) is compared with (previous, the one before) of every earlier place, on the slow rope frequencies."""
    attention = model.model.layers[index].self_attn
    slow = torch.cat([torch.arange(16, 32), torch.arange(48, 64)])
    near, far = slow[torch.arange(32) % 2 == 0], slow[torch.arange(32) % 2 == 1]
    for kv in range(2):
        keys = attention.k_proj.weight[64 * kv : 64 * kv + 64]
        keys *= 0.05
        chosen = slice(16 * kv, 16 * kv + 16)
        keys[near] += previous[chosen]
        keys[far] += 0.7 * before[chosen]
        attention.v_proj.weight[64 * kv : 64 * kv + 64] = code if kv == 0 else torch.cat([rest, rest[:1] * 0])
        head = 2 * kv
        rows = attention.q_proj.weight[64 * head : 64 * head + 64]
        rows *= 0.05
        rows[near] += code[chosen]
        rows[far] += 0.7 * previous[chosen]
        attention.o_proj.weight[:, 64 * head : 64 * head + 64] = attention.v_proj.weight[64 * kv : 64 * kv + 64].T * EMBEDDING_STD * 2
    attention.q_norm.weight.fill_(1.6)
    attention.k_norm.weight.fill_(1.6)
