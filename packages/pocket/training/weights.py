"""Reads and writes Pocket's weights: our checkpoints, Hugging Face safetensors, GGUF (F32, F16, BF16 or Q8_0)."""

from __future__ import annotations

import pathlib

import numpy as np
import torch

GGUF_NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def to_gguf_name(name: str) -> str:
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{GGUF_NAMES[rest.removesuffix('.weight')]}.weight"


def load_weights(path: pathlib.Path) -> dict[str, torch.Tensor]:
    """→ float32 tensors under Hugging Face's names. A checkpoint gives its running mean."""
    if path.suffix == ".gguf":
        import gguf

        back = {ours: name for name in _names() for ours in [to_gguf_name(name)]}
        state = {}
        for tensor in gguf.GGUFReader(path).tensors:
            values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
            state[back[tensor.name]] = torch.from_numpy(np.array(values, dtype=np.float32))
        return state
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return {name: value.float() for name, value in load_file(path).items()}
    return torch.load(path, map_location="cpu", weights_only=True)["mean"]


def _names() -> list[str]:
    from model import Pocket, Shape

    return list(Pocket(Shape()).state_dict())
