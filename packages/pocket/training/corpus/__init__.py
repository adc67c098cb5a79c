"""Seeded conversations for training and, with `test=True`, half of whose slots and phrasings training never sees."""

from __future__ import annotations

import random

from .beyond import beyond
from .chat import facts, follow_up, repeat, small_talk, sums
from .classify import classify
from .conversation import Conversation
from .extract import form, receipt
from .mixed import mixed
from .tools import tool_call
from .world import World
from .writing import suggest, translate

MIXTURE = {
    small_talk: 14,
    follow_up: 8,
    facts: 9,
    repeat: 4,
    sums: 8,
    beyond: 17,
    receipt: 22,
    form: 17,
    classify: 22,
    tool_call: 26,
    suggest: 6,
    translate: 4,
    mixed: 3,
}
CHINESE_SHARE = 0.5


def conversation(seed: str, test: bool = False, task=None, lang: str | None = None) -> Conversation:
    rng = random.Random(f"{'test' if test else 'train'} {seed}")
    world = World(rng, lang or ("zh" if rng.random() < CHINESE_SHARE else "en"), test)
    make = task or rng.choices(list(MIXTURE), weights=list(MIXTURE.values()))[0]
    return make(world)
