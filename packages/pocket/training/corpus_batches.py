"""Batches of packed conversations. Batch number n is a function of the seed and n alone, so a resumed run sees what an unbroken one would have."""

from __future__ import annotations

import functools
import random

import torch

import corpus
import layout
from corpus.conversation import render
from tokenizer import Encoder

LENGTHS = (1024, 512, 512, 1024, 512)
"""One is drawn for each batch: 40 % of tokens in 1,024-token rows."""
MIXED_SHARE_OF_LONG_ROWS = 0.4
DROPOUT_SHARE, DROPOUT = 0.3, 0.3
END = layout.SPECIAL_ID["<|endoftext|>"]


@functools.cache
def encoder() -> Encoder:
    return Encoder()


class Batches:
    def __init__(self, seed: int, tokens: int):
        self.seed, self.tokens, self.encoder = seed, tokens, encoder()

    def document(self, name: str, task=None) -> tuple[list[int], list[bool]]:
        rng = random.Random(f"dropout {name}")
        made = corpus.conversation(name, task=task)
        return self.encoder.encode(render(made), rng, DROPOUT if rng.random() < DROPOUT_SHARE else 0.0)

    def row(self, name: str, length: int) -> tuple[list[int], list[bool], list[int]]:
        """Whole documents one after another; what no longer fits is passed over a few times, then the rest is padding."""
        rng = random.Random(f"row {name}")
        ids: list[int] = []
        learn: list[bool] = []
        owner: list[int] = []
        misses, index = 0, 0
        while misses < 8 and len(ids) < length - 24:
            long = length == 1024 and not ids and rng.random() < MIXED_SHARE_OF_LONG_ROWS
            part, marks = self.document(f"{name} {index}", corpus.mixed if long else None)
            index += 1
            if len(ids) + len(part) > length:
                misses += 1
                continue
            ids += part
            learn += marks
            owner += [index] * len(part)
        return ids, learn, owner

    def batch(self, step: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, str]:
        length = random.Random(f"length {self.seed} {step}").choice(LENGTHS)
        count = max(1, self.tokens // length)
        ids = torch.full((count, length), END)
        learn = torch.zeros(count, length, dtype=torch.bool)
        owner = torch.zeros(count, length, dtype=torch.int32)
        for index in range(count):
            row, marks, owners = self.row(f"{self.seed} {step} {index}", length)
            ids[index, : len(row)] = torch.tensor(row)
            learn[index, : len(row)] = torch.tensor(marks)
            owner[index, : len(row)] = torch.tensor(owners, dtype=torch.int32)
        # A document's first token has no predecessor of its own.
        learn[:, 1:] &= owner[:, 1:] == owner[:, :-1]
        return ids, learn, owner, "corpus"
