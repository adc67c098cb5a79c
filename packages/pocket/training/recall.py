"""Pure copy and key → value recall over token ids, and the curve that shows how far back it works.

Every row is built from a small alphabet drawn afresh, so nothing can be learned by heart: the only way to a low loss is to look back.
Copy row:   prefix… string end  filler…  start string end
Record row: (key separator value end)*  then the same keys asked again in another order; the values and their ends are learned.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch

import layout

IGNORED = 0


@dataclass(frozen=True)
class Difficulty:
    """What a row may be made of; the trainer widens it as training goes on."""

    lengths: tuple[int, ...]
    longest_value: int


def alphabet(rng: random.Random) -> list[int]:
    kind = rng.randrange(8)
    if kind == 0:
        return layout.DIGITS
    if kind == 1:
        return rng.sample(layout.DIGITS, rng.randint(2, 5))
    if kind == 2:
        return layout.LOWER
    if kind == 3:
        return layout.UPPER + layout.DIGITS
    if kind == 4:
        return rng.sample(layout.HANZI, 200)
    if kind == 5:
        return rng.sample(range(layout.ORDINARY), rng.choice([4, 8, 16, 64]))
    if kind == 6:
        return list(range(layout.ORDINARY))
    return layout.LOWER + layout.DIGITS + layout.PUNCTUATION


def string(rng: random.Random, symbols: list[int], longest: int) -> list[int]:
    return rng.choices(symbols, k=rng.randint(1, longest))


def copy_row(rng: random.Random, length: int) -> tuple[list[int], list[bool], list]:
    """A long string, filler from another alphabet, the string again; learned after its first three symbols."""
    symbols, other = alphabet(rng), alphabet(rng)
    span = rng.randint(6, max(6, min(length // 2 - 2, rng.choice([12, 40, 500]))))
    body = rng.choices(symbols, k=span)
    gap = rng.randint(0, length - 2 * span - 2) if rng.random() < 0.7 else 0
    ids = body + rng.choices(other, k=gap) + body
    learn = [False] * (span + gap + min(3, span - 1)) + [True] * (span - min(3, span - 1))
    return ids, learn, []


def record_row(rng: random.Random, length: int, longest_value: int) -> tuple[list[int], list[bool], list[tuple[int, int, int]]]:
    """→ ids, learn, and for each question (start of the answer, its end, distance back to the source)."""
    key_symbols, value_symbols = alphabet(rng), alphabet(rng)
    taken = {*key_symbols, *value_symbols}
    free = [mark for mark in layout.PUNCTUATION_AND_SPECIAL if mark not in taken] or layout.PUNCTUATION_AND_SPECIAL
    separator, end, ask = rng.choice(free), rng.choice(free), rng.choice(free)
    asks = rng.random() < 0.5
    ids: list[int] = []
    sources: dict[tuple[int, ...], tuple[int, list[int]]] = {}
    budget = length * (rng.uniform(0.5, 0.95))
    while True:
        key, value = tuple(string(rng, key_symbols, 5)), string(rng, value_symbols, longest_value)
        if len(ids) + len(key) + len(value) + 2 > budget:
            break
        if key in sources:
            continue
        sources[key] = (len(ids) + len(key) + 1, value)
        ids += [*key, separator, *value, end]
        if len(key_symbols) < 5 and len(sources) > 12:
            break
    learn = [False] * len(ids)
    questions = []
    wanted = list(sources)
    rng.shuffle(wanted)
    for key in wanted:
        at, value = sources[key]
        question = [*key, separator, *value, end] if not asks else [ask, *key, separator, *value, end]
        if len(ids) + len(question) > length:
            break
        first = len(ids) + len(question) - len(value) - 1
        questions.append((first, first + len(value) + 1, first - at))
        ids += question
        learn += [False] * (len(question) - len(value) - 1) + [True] * (len(value) + 1)
    return ids, learn, questions


def batch(seed: int, step: int, tokens: int, difficulty: Difficulty) -> tuple[torch.Tensor, torch.Tensor]:
    rng = random.Random(f"recall {seed} {step}")
    length = rng.choice(difficulty.lengths)
    rows = [
        copy_row(rng, length)[:2] if rng.random() < 0.35 else record_row(rng, length, difficulty.longest_value)[:2]
        for _ in range(max(1, tokens // length))
    ]
    return pad(rows, length)


def pad(rows: list, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.full((len(rows), length), IGNORED)
    learn = torch.zeros(len(rows), length, dtype=torch.bool)
    for index, (row, marks) in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
        learn[index, : len(row)] = torch.tensor(marks)
    return ids, learn


@torch.no_grad()
def curve(model, seed: int = 7, rows: int = 96, length: int = 1024, longest_value: int = 12, chunk: int = 4) -> dict[str, dict]:
    """Exact matches of whole values by distance, teacher-forced (a value all of whose tokens are the argmax is what greedy decoding writes)."""
    rng = random.Random(f"curve {seed}")
    edges = [0, 32, 64, 128, 256, 512, 768, 900, 1024]
    hits = {(a, b): [0, 0] for a, b in zip(edges, edges[1:])}
    built = [record_row(rng, length, longest_value) for _ in range(rows)]
    for start in range(0, rows, chunk):
        part = built[start : start + chunk]
        ids, _ = pad([(row, marks) for row, marks, _ in part], length)
        ids = ids.to(next(model.parameters()).device)
        hidden = model.hidden(ids)
        for index, (_, _, questions) in enumerate(part):
            for first, last, distance in questions:
                guess = model.logits(hidden[index, first - 1 : last - 1]).argmax(-1)
                bucket = next(k for k in hits if k[0] <= distance < k[1])
                hits[bucket][0] += bool((guess == ids[index, first:last]).all())
                hits[bucket][1] += 1
    return {f"{a}-{b}": {"exact": round(h / n, 4), "of": n} for (a, b), (h, n) in hits.items() if n}
