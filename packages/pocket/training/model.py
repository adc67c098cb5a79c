"""A plain Qwen3 decoder in PyTorch, small and fast on a CPU; parameter names and arithmetic are those of Hugging Face's `Qwen3ForCausalLM`."""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import fast


@dataclass(frozen=True)
class Shape:
    vocabulary: int = 6144
    hidden: int = 256
    layers: int = 8
    heads: int = 4
    key_value_heads: int = 2
    head_size: int = 64
    feed_forward: int = 512
    rope_base: float = 1_000_000.0
    epsilon: float = 1e-6
    context: int = 1024

    def hugging_face_config(self) -> dict:
        return {
            "architectures": ["Qwen3ForCausalLM"],
            "model_type": "qwen3",
            "vocab_size": self.vocabulary,
            "hidden_size": self.hidden,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.key_value_heads,
            "head_dim": self.head_size,
            "intermediate_size": self.feed_forward,
            "rope_theta": self.rope_base,
            "rms_norm_eps": self.epsilon,
            "max_position_embeddings": self.context,
            "tie_word_embeddings": True,
            "attention_bias": False,
            "attention_dropout": 0.0,
            "hidden_act": "silu",
            "use_sliding_window": False,
            "torch_dtype": "bfloat16",
        }

    def as_dict(self) -> dict:
        return asdict(self)


class RMSNorm(nn.Module):
    def __init__(self, size: int, epsilon: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.epsilon)


@functools.lru_cache(8)
def rope_tables(shape: Shape, length: int, device=None) -> tuple[Tensor, Tensor]:
    """cos and sin, [length, head_size], rotate-half layout."""
    half = torch.arange(0, shape.head_size, 2, dtype=torch.float64) / shape.head_size
    angle = torch.outer(torch.arange(length, dtype=torch.float64), shape.rope_base**-half)
    angle = torch.cat([angle, angle], -1)
    return angle.cos().float().to(device), angle.sin().float().to(device)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat([-b, a], -1) * sin


class Attention(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        wide, narrow = shape.heads * shape.head_size, shape.key_value_heads * shape.head_size
        self.q_proj = nn.Linear(shape.hidden, wide, bias=False)
        self.k_proj = nn.Linear(shape.hidden, narrow, bias=False)
        self.v_proj = nn.Linear(shape.hidden, narrow, bias=False)
        self.o_proj = nn.Linear(wide, shape.hidden, bias=False)
        self.q_norm = RMSNorm(shape.head_size, shape.epsilon)
        self.k_norm = RMSNorm(shape.head_size, shape.epsilon)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None) -> Tensor:
        s = self.shape
        b, t, _ = x.shape
        joint = torch.cat([self.q_proj.weight, self.k_proj.weight, self.v_proj.weight]).to(x.dtype)
        q, k, v = F.linear(x, joint).view(b, t, -1, s.head_size).transpose(1, 2).split([s.heads, s.key_value_heads, s.key_value_heads], 1)
        q, k = rotate(self.q_norm(q), cos, sin), rotate(self.k_norm(k), cos, sin)
        group = s.heads // s.key_value_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None)
        return F.linear(y.transpose(1, 2).reshape(b, t, -1), self.o_proj.weight.to(x.dtype))


class MLP(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.gate_proj = nn.Linear(shape.hidden, shape.feed_forward, bias=False)
        self.up_proj = nn.Linear(shape.hidden, shape.feed_forward, bias=False)
        self.down_proj = nn.Linear(shape.feed_forward, shape.hidden, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        gate, up = F.linear(x, torch.cat([self.gate_proj.weight, self.up_proj.weight]).to(x.dtype)).chunk(2, -1)
        return F.linear(F.silu(gate) * up, self.down_proj.weight.to(x.dtype))


class Layer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.input_layernorm = RMSNorm(shape.hidden, shape.epsilon)
        self.self_attn = Attention(shape)
        self.post_attention_layernorm = RMSNorm(shape.hidden, shape.epsilon)
        self.mlp = MLP(shape)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.embed_tokens = nn.Embedding(shape.vocabulary, shape.hidden)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = RMSNorm(shape.hidden, shape.epsilon)


def document_mask(documents: Tensor, dtype: torch.dtype) -> Tensor:
    """[batch, time] → what is added to scores [batch, 1, time, time]: a token sees its own document up to itself."""
    time = documents.shape[1]
    allowed = (documents[:, None, :, None] == documents[:, None, None, :]) & torch.ones(time, time, dtype=torch.bool, device=documents.device).tril()
    return torch.zeros(allowed.shape, dtype=dtype, device=documents.device).masked_fill_(~allowed, float("-inf"))


class Pocket(nn.Module):
    """ids [batch, time] → final hidden states, or the mean loss over the marked positions."""

    def __init__(self, shape: Shape, dtype: torch.dtype = torch.float32):
        super().__init__()
        self.shape, self.dtype = shape, dtype
        self.model = Decoder(shape)

    def hidden(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        cos, sin = rope_tables(self.shape, ids.shape[1], ids.device)
        cos, sin = cos.to(self.dtype), sin.to(self.dtype)
        x = F.embedding(ids, self.model.embed_tokens.weight).to(self.dtype)
        for layer in self.model.layers:
            x = layer(x, cos, sin, mask)
        return self.model.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.model.embed_tokens.weight.to(hidden.dtype)).float()

    def loss(self, ids: Tensor, learn: Tensor, documents: Tensor | None = None) -> Tensor:
        """`learn` [batch, time] marks the tokens to be predicted from what stands before them in the same document (`documents` [batch, time]; None: a row is one)."""
        if ids.device.type == "cpu" and self.dtype == torch.bfloat16 and self.shape.head_size == 64 and fast.operations():
            return fast.loss(self, ids, learn, documents, *rope_tables(self.shape, ids.shape[1], ids.device))
        return self.plain_loss(ids, learn, documents)

    def plain_loss(self, ids: Tensor, learn: Tensor, documents: Tensor | None = None) -> Tensor:
        """Only predecessors of learned tokens reach the vocabulary."""
        h = self.hidden(ids, None if documents is None else document_mask(documents, self.dtype))[:, :-1]
        wanted = learn[:, 1:]
        return F.cross_entropy(self.logits(h[wanted]), ids[:, 1:][wanted])
