"""Writes Pocket for others: one GGUF (weights, tokenizer, template, licence, provenance), or a Hugging Face folder for servers such as vLLM.

python export.py CHECKPOINT pocket.gguf [--type q8_0|f16|bf16|f32]
python export.py CHECKPOINT FOLDER --hugging-face

--calibration FILE moves the threshold of <|beyond|> as `calibrate.py` found it, in both kinds of export.
"""

from __future__ import annotations

import argparse
import json
import pathlib

import gguf
import numpy as np
import torch

import calibrate
import layout
from model import Shape
from weights import load_weights, to_gguf_name

HERE = pathlib.Path(__file__).parent
NAME = "Pocket"
LICENCE = "Apache-2.0"
DESCRIPTION = "A pocket-sized demonstration model for Sampan, trained from scratch on sentences made by a committed program; no text from elsewhere."
TYPES = {
    "q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
    "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
    "bf16": (gguf.GGMLQuantizationType.BF16, gguf.LlamaFileType.MOSTLY_BF16),
    "f32": (gguf.GGMLQuantizationType.F32, gguf.LlamaFileType.ALL_F32),
}


def progress(path: pathlib.Path) -> dict[str, int]:
    if path.suffix != ".pt":
        return {}
    state = torch.load(path, map_location="cpu", weights_only=True)
    return {key: state[key] for key in ("step", "tokens", "learned")}


def write_gguf(weights: dict[str, torch.Tensor], seen: dict[str, int], target: pathlib.Path, kind: str, beyond_shift: float | None = None) -> None:
    shape = Shape()
    tokenizer = json.loads((HERE / "tokenizer.json").read_text())
    tensor_type, file_type = TYPES[kind]
    w = gguf.GGUFWriter(target, "qwen3")
    w.add_name(NAME)
    w.add_description(DESCRIPTION)
    w.add_author("Sampan")
    w.add_organization("Sampan")
    w.add_license(LICENCE)
    w.add_languages(["en", "zh"])
    w.add_size_label(f"{sum(t.numel() for t in weights.values()) / 1e6:.1f}M")
    w.add_file_type(file_type)
    w.add_string("sampan.pocket.provenance", "packages/pocket/training: seeded grammars; name and word lists of Faker (MIT); trained on CPU from designed starting weights.")
    # Greedy unless the caller says otherwise: a model this small knows one right answer and many wrong ones.
    w.add_float32("general.sampling.temp", 0.0)
    for key, value in seen.items():
        w.add_uint64(f"sampan.pocket.{key}", value)
    if beyond_shift is not None:
        w.add_float32("sampan.pocket.beyond_shift", beyond_shift)
    w.add_context_length(shape.context)
    w.add_embedding_length(shape.hidden)
    w.add_block_count(shape.layers)
    w.add_feed_forward_length(shape.feed_forward)
    w.add_head_count(shape.heads)
    w.add_head_count_kv(shape.key_value_heads)
    w.add_key_length(shape.head_size)
    w.add_value_length(shape.head_size)
    w.add_rope_freq_base(shape.rope_base)
    w.add_layer_norm_rms_eps(shape.epsilon)
    w.add_vocab_size(shape.vocabulary)
    names = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
    kinds = [
        gguf.TokenType.CONTROL if t in layout.CONTROL else gguf.TokenType.USER_DEFINED if t in layout.SPECIAL_ID else gguf.TokenType.UNUSED if t.startswith("<|unused_") else gguf.TokenType.NORMAL
        for t in names
    ]
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre("qwen2")
    w.add_token_list(names)
    w.add_token_types(kinds)
    w.add_token_merges([" ".join(pair) for pair in tokenizer["model"]["merges"]])
    w.add_eos_token_id(layout.SPECIAL_ID["<|im_end|>"])
    w.add_pad_token_id(layout.SPECIAL_ID["<|endoftext|>"])
    w.add_bos_token_id(layout.SPECIAL_ID["<|endoftext|>"])
    w.add_add_bos_token(False)
    w.add_chat_template((HERE / "template.jinja").read_text().strip())
    for name, value in weights.items():
        values = value.float().numpy()
        wanted = tensor_type if values.ndim == 2 else gguf.GGMLQuantizationType.F32
        w.add_tensor(to_gguf_name(name), gguf.quants.quantize(np.ascontiguousarray(values), wanted), raw_dtype=wanted)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def write_hugging_face(weights: dict[str, torch.Tensor], target: pathlib.Path) -> None:
    from safetensors.torch import save_file

    target.mkdir(parents=True, exist_ok=True)
    save_file({name: value.bfloat16().contiguous() for name, value in weights.items()}, target / "model.safetensors", metadata={"format": "pt"})
    end, pad = layout.SPECIAL_ID["<|im_end|>"], layout.SPECIAL_ID["<|endoftext|>"]
    config = Shape().hugging_face_config() | {"eos_token_id": end, "pad_token_id": pad, "bos_token_id": None}
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "model_max_length": Shape().context,
        "clean_up_tokenization_spaces": False,
        "chat_template": (HERE / "template.jinja").read_text().strip(),
    }
    for name, value in {"config.json": config, "tokenizer_config.json": settings, "generation_config.json": {"eos_token_id": [end, pad], "do_sample": False}}.items():
        (target / name).write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    (target / "tokenizer.json").write_text((HERE / "tokenizer.json").read_text())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("target", type=pathlib.Path)
    parser.add_argument("--type", choices=list(TYPES), default="q8_0")
    parser.add_argument("--hugging-face", action="store_true")
    parser.add_argument("--calibration", type=pathlib.Path, help="what calibrate.py wrote for this checkpoint")
    options = parser.parse_args()
    weights = load_weights(options.checkpoint)
    shift = None
    if options.calibration:
        weights, shift = calibrate.apply(weights, options.calibration)
    if options.hugging_face:
        write_hugging_face(weights, options.target)
    else:
        write_gguf(weights, progress(options.checkpoint), options.target, options.type, shift)
    size = sum(f.stat().st_size for f in options.target.rglob("*")) if options.target.is_dir() else options.target.stat().st_size
    print(f"{options.target}: {size} bytes, {sum(t.numel() for t in weights.values())} weights")
