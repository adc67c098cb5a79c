"""Long chats: something told at the start, several tasks, and the question about it at the end; for distance within one conversation."""

from __future__ import annotations

from .chat import _things_to_remember, facts, repeat, small_talk
from .classify import classify
from .conversation import Conversation, Turn
from .extract import form, receipt
from .world import World
from .writing import suggest, translate

PARTS = {small_talk: 3, facts: 2, repeat: 1, classify: 2, form: 3, receipt: 4, suggest: 1, translate: 1}


def mixed(w: World) -> Conversation:
    tell, answer, ask, recalled = _things_to_remember(w)
    turns = [Turn("user", tell), Turn("assistant", answer)]
    for _ in range(w.rng.randint(1, 6)):
        if sum(len(turn.content) for turn in turns) > (1300 if w.lang == "en" else 500):
            break
        part = w.rng.choices(list(PARTS), weights=list(PARTS.values()))[0](w)
        inner = part.turns
        if inner[0].role == "system":
            inner = [Turn("user", f"{inner[0].content}\n\n{inner[1].content}"), *inner[2:]]
        turns += inner
    turns += [Turn("user", ask), Turn("assistant", recalled)]
    return Conversation("mixed", w.lang, turns, thinking=w.chance(0.5), expected={"text": recalled})
