"""The weights of a GGUF under the names and in the row order of Hugging Face."""

from collections.abc import Iterator
from pathlib import Path

import numpy
from gguf import GGMLQuantizationType, GGUFReader, dequantize

WHOLE = {"token_embd": "model.embed_tokens", "output": "lm_head", "output_norm": "model.norm"}
LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def hugging_face_name(name: str) -> str | None:
    """None for what is no weight."""
    stem, _, end = name.rpartition(".")
    if stem.startswith("blk."):
        _, layer, part = stem.split(".")
        return f"model.layers.{layer}.{LAYER[part]}.{end}"
    return f"{WHOLE[stem]}.{end}" if stem in WHOLE else None


def gguf_weights(path: Path) -> Iterator[tuple[str, GGMLQuantizationType, numpy.ndarray]]:
    """Name, stored type and float32 values of each weight."""
    reader = GGUFReader(path)
    architecture = reader.get_field("general.architecture").contents()
    heads = reader.get_field(f"{architecture}.attention.head_count").contents()
    key_heads = reader.get_field(f"{architecture}.attention.head_count_kv").contents()
    for tensor in reader.tensors:
        name = hugging_face_name(tensor.name)
        if name is None:
            continue
        values = dequantize(tensor.data, tensor.tensor_type)
        # llama.cpp interleaves the halves of each rotated head, in this architecture only.
        if architecture == "llama" and name.endswith(("q_proj.weight", "k_proj.weight")):
            count = heads if name.endswith("q_proj.weight") else key_heads
            values = values.reshape(count, -1, 2, values.shape[-1]).swapaxes(1, 2).reshape(values.shape)
        yield name, tensor.tensor_type, values
