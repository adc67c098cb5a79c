"""The tokenizer, the template and the corpus: what has to agree with what."""

from __future__ import annotations

import json
import random

import jinja2
import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

import corpus
import corpus_batches
import layout
from corpus.chat import SMALL_TALK
from corpus.conversation import Conversation, Turn, prompt_and_reply, render
from corpus.world import plain
from tokenizer import HERE, Encoder

ENCODER = Encoder()


def template() -> jinja2.Template:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment.from_string((HERE / "template.jinja").read_text().strip())


def messages(conversation: Conversation) -> list[dict]:
    out = []
    for turn in conversation.turns:
        message: dict = {"role": turn.role, "content": turn.content}
        if turn.thought and conversation.thinking:
            message["reasoning_content"] = turn.thought
        if turn.calls:
            message["tool_calls"] = [{"type": "function", "function": call} for call in turn.calls]
        out.append(message)
    return json.loads(plain(json.dumps(out, ensure_ascii=False)))


def test_template_writes_what_training_saw():
    made = template()
    for index in range(600):
        conversation = corpus.conversation(f"template {index}")
        prompt, _ = prompt_and_reply(conversation)
        tools = json.loads(plain(json.dumps(conversation.tools, ensure_ascii=False))) if conversation.tools else None
        written = made.render(messages=messages(conversation)[:-1], tools=tools, add_generation_prompt=True, enable_thinking=conversation.thinking)
        assert written == prompt


@pytest.mark.parametrize("text", ["", " ", "\n\n", "囧龘𠀀", "a\u0301é", "👩‍👩‍👧", "\x00\x7f\u200b", "  three   spaces  ", "1234567890", "<|im_start|>x<|im_end|>", "don't 'S"])
def test_every_text_comes_back(text):
    import unicodedata

    ids = ENCODER.tokenizer.encode(text, add_special_tokens=False).ids
    assert all(i < layout.VOCABULARY for i in ids)
    assert ENCODER.tokenizer.decode(ids, skip_special_tokens=False) == unicodedata.normalize("NFC", text)


def test_layout():
    vocabulary = ENCODER.vocabulary
    assert sorted(vocabulary.values()) == list(range(layout.VOCABULARY))
    for index, character in enumerate(layout.hanzi()):
        assert ENCODER.tokenizer.encode(character).ids == [layout.FIRST_HANZI + index]
    assert ENCODER.tokenizer.encode("国家发票").ids == [ENCODER.tokenizer.encode(c).ids[0] for c in "国家发票"]
    assert ENCODER.tokenizer.encode("0").ids == [layout.DIGITS[0]]


def test_dropout_keeps_the_text_and_splits_a_slot_the_same_everywhere():
    for index in range(300):
        pieces = render(corpus.conversation(f"dropout {index}"))
        ids, learn = ENCODER.encode(pieces, random.Random(index), 0.5)
        assert len(ids) == len(learn)
        assert ENCODER.tokenizer.decode(ids, skip_special_tokens=False) == plain("".join(text for text, _ in pieces))
    name = "\ue000Zolvaren\ue001"
    ids, _ = ENCODER.encode([(f"{name} and {name}", False)], random.Random(3), 0.5)
    middle = ENCODER.tokenizer.encode(" and ").ids
    at = next(i for i in range(len(ids)) if ids[i : i + len(middle)] == middle)
    assert ids[:at] == ids[at + len(middle) :]


def test_batches_depend_on_seed_and_step_alone():
    first, again, other = (corpus_batches.Batches(seed, 2048).batch(3) for seed in (1, 1, 2))
    assert all((a == b).all() for a, b in zip(first[:3], again[:3]))
    assert not (first[0] == other[0]).all()


def test_held_out_phrasings_are_not_in_training():
    kept_out = {phrases[3] for row in SMALL_TALK for phrases in (row[0], row[2])}
    train = {t.content for i in range(4000) for t in corpus.conversation(f"h{i}", task=corpus.small_talk).turns}
    test = {t.content for i in range(1000) for t in corpus.conversation(f"h{i}", task=corpus.small_talk, test=True).turns}
    assert not kept_out & train
    assert len(kept_out & test) > len(kept_out) / 2


def test_only_replies_are_learned():
    pieces = render(Conversation("x", "en", [Turn("system", "s"), Turn("user", "u"), Turn("assistant", "a"), Turn("user", "v"), Turn("assistant", "b", thought="t")], thinking=True))
    assert [text for text, learned in pieces if learned] == ["a<|im_end|>", "<think>\nt\n</think>\n\nb<|im_end|>"]
