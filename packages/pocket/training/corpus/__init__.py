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
from .writing import advert, key_points, suggest, translate

MIXTURE = {
    small_talk: 15,
    follow_up: 9,
    facts: 8,
    repeat: 5,
    sums: 9,
    beyond: 17,
    receipt: 17,
    form: 14,
    classify: 26,
    tool_call: 24,
    suggest: 7,
    key_points: 5,
    translate: 4,
    advert: 3,
    mixed: 4,
}
CHINESE_SHARE = 0.5


def conversation(seed: str, test: bool = False, task=None, lang: str | None = None) -> Conversation:
    rng = random.Random(f"{'test' if test else 'train'} {seed}")
    world = World(rng, lang or ("zh" if rng.random() < CHINESE_SHARE else "en"), test)
    make = task or rng.choices(list(MIXTURE), weights=list(MIXTURE.values()))[0]
    return make(world)
