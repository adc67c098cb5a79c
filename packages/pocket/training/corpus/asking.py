"""How a task is put: patterns with alternatives and slots, JSON replies whose numbers keep their digits, and where the instruction stands."""

from __future__ import annotations

import re

from .conversation import Conversation, Turn, dumps
from .world import World, mark

ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w*)\}")

SLOTS = {
    "product": World.product,
    "first": World.first_name,
    "person": World.person,
    "company": World.company,
    "city": World.city,
    "country": World.country,
    "word": World.word,
    "thing": World.thing,
    "job": World.job,
    "phone": World.phone,
    "email": World.email,
    "time": World.time,
    "day": World.day,
    "id": World.identifier,
    "n": lambda w: w.count(2, 30),
    "digits": lambda w: mark(w.digits(2, 6)),
    "code": lambda w: mark(w.digits(8, 13)),
}


def fill(w: World, pattern: str, **given: object) -> str:
    """`[a|b]` becomes one of its parts, `{slot}` a value of `given` or a new one of the world."""
    text = ALTERNATIVES.sub(lambda m: w.one(m[1].split("|")), pattern)
    return SLOT.sub(lambda m: str(given[m[1]]) if m[1] in given else SLOTS[m[1]](w), text)


def phrase(w: World, en: list[str], zh: list[str], **given: object) -> str:
    return fill(w, w.say(en, zh), **given)


class Printed(float):
    """A number that JSON repeats with the digits it was printed with: 40.00, not 40."""

    digits: str

    def __new__(cls, digits: str) -> Printed:
        made = super().__new__(cls, digits)
        made.digits = digits
        return made


def written(value: object) -> str:
    """JSON as `dumps` writes it, but for `Printed`."""
    if isinstance(value, Printed):
        return mark(value.digits)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{dumps(key)}: {written(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return dumps(value)


def ask(task: str, w: World, instruction: str, text: str, reply: str, expected: dict) -> Conversation:
    """The instruction before the text (mostly), after it, or in the system turn."""
    instruction, text, answer = instruction.strip(), text.strip(), Turn("assistant", reply)
    place = w.rng.random()
    if place < 0.3:
        turns = [Turn("system", instruction), Turn("user", text), answer]
    elif place < 0.5:
        turns = [Turn("user", text + w.rng.choice(["\n\n", "\n\n", "\n", "\n---\n"]) + instruction), answer]
    else:
        turns = [Turn("user", instruction + w.rng.choice(["\n\n", "\n\n", "\n\n", "\n"]) + text), answer]
    return Conversation(task, w.lang, turns, thinking=w.chance(0.3), expected=expected)
