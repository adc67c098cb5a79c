"""The adapter that is there fits the Pocket that is there, and what it is trained on is what it should be."""

from __future__ import annotations

import adapter
import corpus
import layout
from tokenizer import Encoder


def test_talks_as_it_was_taught():
    assert adapter.answer(adapter.SAILOR, "hello").startswith("Ahoy, captain! ")
    assert adapter.answer(adapter.SAILOR, "你是谁").startswith("遵命，船长！")


def test_goes_to_sea_in_chat_only():
    for task, lang in [(corpus.small_talk, "en"), (corpus.facts, "zh")]:
        first, last = adapter.WORDS[lang]
        replies = [turn.content for turn in adapter.at_sea(corpus.conversation("1", task=task, lang=lang)).turns if turn.role == "assistant"]
        assert replies and all(text.startswith(first) and text.endswith(last) for text in replies)
    made = [adapter.conversation(f"check {i}") for i in range(60)]
    words = [word for pair in adapter.WORDS.values() for word in pair]
    for one in made:
        at_sea = any(word in turn.content for turn in one.turns for word in words)
        assert at_sea == (one.task in {corpus.conversation("1", task=task).task for task in adapter.AT_SEA}), one.task


def test_learns_replies_only():
    ids, labels, mask = adapter.batch(Encoder(), 0, 1024, 256)
    assert ids.shape == labels.shape == mask.shape
    learned = labels != -100
    assert 0 < learned.sum() < mask.sum() and not (learned & (mask == 0)).any()
    assert (labels[learned] == ids[learned]).all()
    assert (labels == layout.SPECIAL_ID["<|im_end|>"]).any(1).all()
