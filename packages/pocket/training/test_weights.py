"""What is exported can be read back, by us and by transformers, and a run can start from it."""

from __future__ import annotations

import json

import gguf
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

import export
import initialise
import layout
from model import Pocket, Shape
from weights import load_weights


@pytest.fixture(scope="module")
def model() -> Pocket:
    made = Pocket(Shape()).eval()
    initialise.with_circuits(made, 3)
    return made


@pytest.mark.parametrize(("kind", "error"), [("f32", 0.0), ("f16", 1e-3), ("bf16", 5e-3), ("q8_0", 8e-3)])
def test_gguf_comes_back(model, tmp_path, kind, error):
    weights = model.state_dict()
    export.write_gguf(weights, {"tokens": 5}, tmp_path / "p.gguf", kind)
    back = load_weights(tmp_path / "p.gguf")
    assert set(back) == set(weights)
    for name, value in weights.items():
        assert (back[name] - value).abs().max() <= error * value.abs().max(), name


def test_gguf_holds_tokenizer_template_licence_and_size(model, tmp_path):
    export.write_gguf(model.state_dict(), {"tokens": 5}, tmp_path / "p.gguf", "q8_0")
    assert (tmp_path / "p.gguf").stat().st_size <= 7_000_000
    fields = gguf.GGUFReader(tmp_path / "p.gguf").fields
    assert fields["general.license"].contents() == "Apache-2.0"
    assert fields["tokenizer.ggml.pre"].contents() == "qwen2"
    tokens = fields["tokenizer.ggml.tokens"].contents()
    assert len(tokens) == layout.VOCABULARY and tokens[fields["tokenizer.ggml.eos_token_id"].contents()] == "<|im_end|>"
    assert "tool_response" in fields["tokenizer.chat_template"].contents()
    assert fields["sampan.pocket.tokens"].contents() == 5


def test_hugging_face_folder(model, tmp_path):
    export.write_hugging_face(model.state_dict(), tmp_path)
    theirs = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    messages = [{"role": "user", "content": "你好 Zorvan"}]
    ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True, enable_thinking=False, return_tensors="pt", return_dict=True)["input_ids"]
    assert tokenizer.decode(ids[0]) == "<|im_start|>user\n你好 Zorvan<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
    with torch.no_grad():
        ours = Pocket(Shape())
        ours.load_state_dict(load_weights(tmp_path / "model.safetensors"))
        assert (ours.logits(ours.hidden(ids)) - theirs(ids).logits).abs().max() < 1e-3
    assert json.loads((tmp_path / "config.json").read_text())["model_type"] == "qwen3"
