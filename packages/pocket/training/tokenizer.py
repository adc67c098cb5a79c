"""Builds tokenizer.json: byte-level BPE that Hugging Face's tokenizers and llama.cpp (pre-tokenizer `qwen2`) read.

Three groups of merges, so that a name is written with the same tokens wherever it stands, which is what makes it copyable:
1. the 3,755 Hanzi of GB 2312 level 1, each a token of its own and none ever joined to another;
2. pieces of ASCII words, without the space before them, and runs of punctuation with theirs (the JSON joints);
3. a space and a whole word, only for words that the grammars themselves write, not for what fills their slots.
"""

from __future__ import annotations

import collections
import functools
import json
import pathlib
import random
import sys

import regex
from tokenizers import Tokenizer

import corpus
import layout
from corpus.conversation import render
from corpus.world import CLOSE, OPEN

QWEN2_SPLIT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
"""The pre-tokenizer of Qwen2 as its published tokenizer.json states it; GGUF names it `qwen2`."""

PUNCTUATION_MERGES = 160
SPACED_WORDS = 450
SAMPLE = 24_000
BYTES = layout.byte_alphabet()
HERE = pathlib.Path(__file__).parent


def as_bytes(text: str) -> str:
    return "".join(BYTES[byte] for byte in text.encode())


def count_words() -> tuple[collections.Counter, collections.Counter, collections.Counter]:
    """→ ASCII words without what precedes them, other pieces, ' word' outside slots; from a sample of the corpus."""
    words, marks, spaced = collections.Counter(), collections.Counter(), collections.Counter()
    special = regex.compile("|".join(map(regex.escape, layout.SPECIAL)))
    slot = regex.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")
    split = regex.compile(QWEN2_SPLIT)
    for index in range(SAMPLE):
        text = special.sub("\n", "".join(piece for piece, _ in render(corpus.conversation(f"tokenizer {index}"))))
        for piece in split.findall(text.replace(OPEN, "").replace(CLOSE, "")):
            found = regex.search(r"[A-Za-z]+$", piece)
            if found:
                words[found[0]] += 1
            elif not regex.search(r"[\p{L}\p{N}]", piece) and len(piece.encode()) > 1:
                marks[piece] += 1
        for piece in split.findall(slot.sub("0", text)):
            if regex.fullmatch(r" [A-Za-z]{2,}", piece):
                spaced[piece] += 1
    return words, marks, spaced


def learn_merges(words: collections.Counter, wanted: int, taken: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Plain BPE training: the most frequent neighbouring pair first, ties by text."""
    done = list(taken)
    state = {}
    for word, count in words.items():
        parts = list(as_bytes(word))
        for left, right in taken:
            parts = join(parts, left, right)
        state[tuple(parts)] = state.get(tuple(parts), 0) + count
    merges = []
    while len(merges) < wanted:
        pairs: collections.Counter = collections.Counter()
        for parts, count in state.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += count
        if not pairs:
            break
        pair = max(pairs, key=lambda p: (pairs[p], p))
        merges.append(pair)
        state = {(tuple(join(list(parts), *pair)) if pair[0] in parts else parts): count for parts, count in state.items()}
    return merges


def join(parts: list[str], left: str, right: str) -> list[str]:
    out, index = [], 0
    while index < len(parts):
        if index + 1 < len(parts) and parts[index] == left and parts[index + 1] == right:
            out.append(left + right)
            index += 2
        else:
            out.append(parts[index])
            index += 1
    return out


def build() -> dict:
    characters = layout.hanzi()
    prefixes = sorted({as_bytes(c)[:2] for c in characters})
    merges = [(p[0], p[1]) for p in prefixes] + [(as_bytes(c)[:2], as_bytes(c)[2]) for c in characters]
    tokens = BYTES + [as_bytes(c) for c in characters] + prefixes
    room = layout.ORDINARY - len(tokens)
    words, marks, spaced = count_words()
    rare = {w: n for w, n in words.items() if n >= 3}
    mark_merges = learn_merges(marks, PUNCTUATION_MERGES, [])
    word_merges = learn_merges(collections.Counter(rare), room - SPACED_WORDS - len(mark_merges), [])
    merges += mark_merges + word_merges
    tokens += [a + b for a, b in mark_merges + word_merges]
    known = set(tokens)
    space = as_bytes(" ")
    for word, _ in sorted(spaced.items(), key=lambda item: (-item[1], item[0])):
        if word[1:] in known and len(tokens) < layout.ORDINARY:
            merges.append((space, word[1:]))
            tokens.append(space + word[1:])
    assert len(set(tokens)) == len(tokens)
    filler = 0
    while len(tokens) < layout.ORDINARY:
        tokens.append(f"<|unused_{filler}|>")
        filler += 1
    vocabulary = {token: index for index, token in enumerate(tokens)} | layout.SPECIAL_ID
    added = [
        {"id": layout.SPECIAL_ID[t], "content": t, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": t in layout.CONTROL}
        for t in layout.SPECIAL
    ]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": QWEN2_SPLIT}, "behavior": "Isolated", "invert": False},
                {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False},
            ],
        },
        "post_processor": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False},
        "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "",
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": vocabulary,
            "merges": [list(pair) for pair in merges],
        },
    }


class Encoder:
    """Conversation → ids and which of them are learned. With `dropout`, the pieces of each slot are split at random, the same way wherever the slot stands."""

    def __init__(self, path: pathlib.Path = HERE / "tokenizer.json"):
        self.tokenizer = Tokenizer.from_file(str(path))
        self.literal = functools.lru_cache(200_000)(self._encode)
        model = json.loads(path.read_text())["model"]
        self.vocabulary = model["vocab"]
        self.ranks = {tuple(pair): rank for rank, pair in enumerate(model["merges"])}

    def _encode(self, text: str) -> tuple[int, ...]:
        return tuple(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def split_at_random(self, text: str, rng: random.Random, drop: float) -> tuple[int, ...]:
        """BPE dropout (Provilkov et al., 2020): each merge of a Latin word is skipped with probability `drop`; Hanzi stay whole."""
        out: list[int] = []
        for word in regex.findall(r"[A-Za-z]+|[^A-Za-z]+", text):
            if not word[0].isascii() or not word[0].isalpha():
                out += self.literal(word)
                continue
            parts = list(word)
            while len(parts) > 1:
                found = [(self.ranks[pair], i) for i, pair in enumerate(zip(parts, parts[1:])) if pair in self.ranks and rng.random() >= drop]
                if not found:
                    break
                _, at = min(found)
                parts[at : at + 2] = [parts[at] + parts[at + 1]]
            out += [self.vocabulary[p] for p in parts]
        return tuple(out)

    def encode(self, pieces: list[tuple[str, bool]], rng: random.Random | None = None, drop: float = 0.0) -> tuple[list[int], list[bool]]:
        ids: list[int] = []
        learn: list[bool] = []
        slots: dict[str, tuple[int, ...]] = {}
        for text, learned in pieces:
            if rng is None or drop == 0:
                part: list[int] = list(self._encode(text.replace(OPEN, "").replace(CLOSE, "")))
            else:
                part = []
                for index, run in enumerate(regex.split(f"[{OPEN}{CLOSE}]", text)):
                    if index % 2 == 0:
                        part += self.literal(run)
                    else:
                        if run not in slots:
                            slots[run] = self.split_at_random(run, rng, drop)
                        part += slots[run]
            ids += part
            learn += [learned] * len(part)
        return ids, learn


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "tokenizer.json"
    target.write_text(json.dumps(build(), ensure_ascii=False, indent=None) + "\n")
    print(f"{target}: {target.stat().st_size} bytes")
