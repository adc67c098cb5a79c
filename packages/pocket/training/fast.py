"""The loss of `Pocket` on a CPU with AVX-512 BF16, by the fused operations of fast.cpp. Documents are laid end to end without padding or mask.

`loss` equals `Pocket.plain_loss` up to rounding (`test_fast.py`); without g++ or such a CPU, `operations` is None and the plain path is taken."""

from __future__ import annotations

import functools
import hashlib
import os
import pathlib
import shutil
import subprocess

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd import Function
from torch.utils import cpp_extension

FOLDER = pathlib.Path(__file__).parent
SOURCES = [FOLDER / "fast.cpp", FOLDER / "fast_attention.h"]
CPU = pathlib.Path("/proc/cpuinfo")
ROWS = 1024
"""Rows of logits made at once."""


@functools.cache
def operations():
    """Compiled at first use (half a minute), then kept in .cache. None where they cannot run; POCKET_PLAIN=1 forbids them."""
    if os.environ.get("POCKET_PLAIN") or not shutil.which("g++") or not CPU.exists() or "avx512_bf16" not in CPU.read_text():
        return None
    key = hashlib.sha256(b"".join(s.read_bytes() for s in SOURCES) + torch.__version__.encode()).hexdigest()[:16]
    built = FOLDER / ".cache" / f"fast-{key}.so"
    if not built.exists():
        built.parent.mkdir(exist_ok=True)
        beside = built.with_suffix(f".{os.getpid()}")
        flags = "-O3 -march=native -fno-strict-aliasing -fopenmp -fPIC -shared -std=c++20".split()
        flags += [f"-D_GLIBCXX_USE_CXX11_ABI={int(torch.compiled_with_cxx11_abi())}", *(f"-I{path}" for path in cpp_extension.include_paths())]
        libraries = [*(f"-L{path}" for path in cpp_extension.library_paths()), "-lc10", "-ltorch_cpu"]
        done = subprocess.run(["g++", *flags, str(SOURCES[0]), "-o", str(beside), *libraries], capture_output=True, text=True)
        if done.returncode:
            print(f"no fast operations: {done.stderr[-2000:]}", flush=True)
            return None
        os.replace(beside, built)
    torch.ops.load_library(str(built))
    return torch.ops.pocket


class AddNorm(Function):
    """x, y [n, hidden] → x + y, rms_norm(x + y)."""

    @staticmethod
    def forward(ctx, x: Tensor, y: Tensor, weight: Tensor, epsilon: float):
        ctx.set_materialize_grads(False)
        total, out, scale = operations().add_norm(x, y, weight, epsilon)
        ctx.save_for_backward(total, scale, weight)
        return total, out

    @staticmethod
    def backward(ctx, d_total: Tensor | None, d_out: Tensor):
        d_total = d_out.new_empty(0) if d_total is None else d_total.contiguous()
        dx, dw = operations().add_norm_backward(d_total, d_out.contiguous(), *ctx.saved_tensors)
        return dx, dx, dw, None


class Attend(Function):
    """qkv [n, (heads + 2 kv) · 64] → [n, heads · 64]: norms, rope, causal attention inside each document."""

    @staticmethod
    def forward(ctx, qkv: Tensor, qw: Tensor, kw: Tensor, *rest):
        out, rotated, lse = operations().attend(qkv, qw, kw, *rest)
        ctx.save_for_backward(out, qkv, rotated, lse, qw, kw)
        ctx.rest = rest
        return out

    @staticmethod
    def backward(ctx, d: Tensor):
        return *operations().attend_backward(d.contiguous(), *ctx.saved_tensors, *ctx.rest), *[None] * len(ctx.rest)


class Gated(Function):
    """gate and up side by side [n, 2 f] → silu(gate) · up [n, f]."""

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return operations().gated(x)

    @staticmethod
    def backward(ctx, d: Tensor) -> Tensor:
        return operations().gated_backward(d.contiguous(), *ctx.saved_tensors)


class Pick(Function):
    """x [n, hidden] → its rows `at` [m], each at most once."""

    @staticmethod
    def forward(ctx, x: Tensor, at: Tensor) -> Tensor:
        ctx.save_for_backward(at)
        ctx.shape = x.shape
        return x.index_select(0, at)

    @staticmethod
    def backward(ctx, d: Tensor):
        return d.new_zeros(ctx.shape).index_copy_(0, ctx.saved_tensors[0], d), None


class CrossEntropy(Function):
    """hidden [m, hidden], embeddings [vocabulary, hidden], wanted [m] → mean loss. Gradients are made on the way: logits live for `ROWS` rows only."""

    @staticmethod
    def forward(ctx, hidden: Tensor, table: Tensor, wanted: Tensor) -> Tensor:
        low, m = table.to(hidden.dtype), len(wanted)
        d_hidden, d_table, losses = torch.empty_like(hidden), torch.zeros_like(table), []
        for first in range(0, m, ROWS):
            part = slice(first, first + ROWS)
            logits = hidden[part] @ low.T
            losses.append(operations().cross_entropy_(logits, wanted[part], 1 / m))
            torch.mm(logits, low, out=d_hidden[part])
            d_table += logits.T @ hidden[part]
        ctx.save_for_backward(d_hidden, d_table)
        return torch.cat(losses).mean()

    @staticmethod
    def backward(ctx, d: Tensor):
        d_hidden, d_table = ctx.saved_tensors
        return d_hidden * d.to(d_hidden.dtype), d_table * d, None


def lay(ids: Tensor, learn: Tensor, documents: Tensor | None) -> tuple[Tensor, ...]:
    """Rows [batch, time] → ids [n], places in their rows [n], starts of documents [documents + 1], places to predict from [m], what follows there [m].

    A document ends before its last learned token; what comes after never reaches the loss."""
    rows, time = ids.shape
    learn = learn.numpy().copy()
    learn[:, 0] = False
    owner = np.zeros((rows, time), np.int32) if documents is None else documents.numpy()
    fresh = np.ones((rows, time), bool)
    fresh[:, 1:] = owner[:, 1:] != owner[:, :-1]
    flat, number, index = learn.ravel(), np.cumsum(fresh.ravel()) - 1, np.arange(rows * time)
    last = np.maximum.reduceat(np.where(flat, index, -1), np.flatnonzero(fresh.ravel()))
    keep = index < last[number]
    place = np.cumsum(keep) - 1
    sizes = np.bincount(number[keep])
    starts = np.concatenate([[0], np.cumsum(sizes[sizes > 0])]).astype(np.int32)
    learned = np.flatnonzero(flat)
    text = ids.reshape(-1)
    return text[keep], torch.from_numpy((index % time)[keep].astype(np.int32)), torch.from_numpy(starts), torch.from_numpy(place[learned - 1]), text[learned]


def loss(model, ids: Tensor, learn: Tensor, documents: Tensor | None, cos: Tensor, sin: Tensor) -> Tensor:
    """Rows [batch, time] and rope's tables [time, 64] → mean loss over the learned tokens."""
    s, table = model.shape, model.model.embed_tokens.weight
    ids, positions, starts, places, wanted = lay(ids, learn, documents)
    heads = (cos, sin, starts, positions, s.heads, s.key_value_heads, s.epsilon)

    def joint(*modules) -> Tensor:
        return torch.cat([m.weight.to(model.dtype) for m in modules])

    x = F.embedding(ids, table).to(model.dtype)
    y = torch.zeros_like(x)
    for layer in model.model.layers:
        a, f = layer.self_attn, layer.mlp
        x, h = AddNorm.apply(x, y, layer.input_layernorm.weight, s.epsilon)
        y = Attend.apply(F.linear(h, joint(a.q_proj, a.k_proj, a.v_proj)), a.q_norm.weight, a.k_norm.weight, *heads)
        if layer is model.model.layers[-1]:
            x, y = Pick.apply(x, places), Pick.apply(y, places)
        x, h = AddNorm.apply(x, F.linear(y, joint(a.o_proj)), layer.post_attention_layernorm.weight, s.epsilon)
        y = F.linear(Gated.apply(F.linear(h, joint(f.gate_proj, f.up_proj))), joint(f.down_proj))
    return CrossEntropy.apply(AddNorm.apply(x, y, model.model.norm.weight, s.epsilon)[1], table, wanted)
