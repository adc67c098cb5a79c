"""`python -m pytest` in this folder. Our decoder against transformers' Qwen3, and what the starting weights promise."""

from __future__ import annotations

import torch
from transformers import Qwen3Config, Qwen3ForCausalLM

import initialise
from model import Pocket, Shape, rope_tables

SMALL = Shape(vocabulary=320, layers=4, rope_base=50_000.0)


def test_equals_transformers():
    torch.manual_seed(0)
    ours = Pocket(SMALL).eval()
    initialise.with_circuits(ours, 5)
    config = Qwen3Config(**SMALL.hugging_face_config(), attn_implementation="eager")
    theirs = Qwen3ForCausalLM(config).eval()
    missing, unexpected = theirs.load_state_dict(ours.state_dict(), strict=False)
    assert missing in ([], ["lm_head.weight"]) and not unexpected
    theirs.tie_weights()
    ids = torch.randint(0, SMALL.vocabulary, (2, 70))
    with torch.no_grad():
        difference = (ours.logits(ours.hidden(ids)) - theirs(ids).logits).abs().max()
    assert difference < 1e-3, difference


def test_packed_documents_do_not_see_each_other():
    torch.manual_seed(0)
    model = Pocket(SMALL).eval()
    initialise.ordinary(model, 2)
    first, second = torch.randint(0, 320, (1, 9)), torch.randint(0, 320, (1, 14))
    owner = torch.tensor([[1] * 9 + [2] * 14])
    allowed = (owner[:, None, :, None] == owner[:, None, None, :]) & torch.ones(23, 23, dtype=torch.bool).tril()
    mask = torch.zeros(allowed.shape).masked_fill(~allowed, float("-inf"))
    with torch.no_grad():
        packed = model.hidden(torch.cat([first, second], 1), mask)
        alone = model.hidden(second)
    assert (packed[:, 9:] - alone).abs().max() < 1e-3


def test_first_layer_looks_one_back():
    shape = Shape(vocabulary=320, layers=4)
    model = Pocket(shape).eval()
    initialise.with_circuits(model, 5)
    model.model.layers[0].self_attn.o_proj.weight.data[:, 128:] = 0  # heads 2 and 3 look anywhere
    ids = torch.randint(0, 320, (1, 40), generator=torch.Generator().manual_seed(1))
    changed = ids.clone()
    changed[0, 20] = (changed[0, 20] + 1) % 320
    with torch.no_grad():

        def after_first_attention(x):
            cos, sin = rope_tables(shape, 40)
            h = torch.nn.functional.embedding(x, model.model.embed_tokens.weight)
            layer = model.model.layers[0]
            return layer.self_attn(layer.input_layernorm(h), cos, sin, None)[0]

        moved = (after_first_attention(ids) - after_first_attention(changed)).norm(dim=-1)
    assert moved[:20].max() == 0
    assert moved[21] > 3 * moved[24:].max() and moved[22] > 3 * moved[24:].max()
