"""Finds how much the logit of `<|beyond|>` has to move, so that greedy decoding says "needs a larger model" often enough and not too often.

python calibrate.py CHECKPOINT calibration.json [--count 150]          then: python export.py CHECKPOINT ../pocket.gguf --calibration calibration.json

Greedy decoding takes `<|beyond|>` where it is the likeliest first token: its threshold is its bias, and a Qwen3 has none. But there is a direction u
for which h·u is nearly 1 for every final hidden state h of a first position (`initialise.py` gives all embeddings one constant direction), so adding
`shift · u` to the one row of the tied embedding adds `shift` to the one logit. The row as an input is never seen: the template shows no `<|beyond|>`.

Measured on the generator's kept-out part, never on ../evaluation: those questions are for testing.
"""

from __future__ import annotations

import argparse
import json
import pathlib
from dataclasses import dataclass

import torch
from torch import Tensor

import corpus
import layout
from corpus.conversation import Conversation, prompt_and_reply
from model import Pocket, Shape
from tokenizer import Encoder
from weights import load_weights

EMBEDDING = "model.embed_tokens.weight"
BEYOND = layout.SPECIAL_ID["<|beyond|>"]
LEAST_FALLBACK, MOST_FALSE = 0.92, 0.03
RIDGE = 1e-3
"""Of the mean square of h, so that u stays short in directions in which nothing was seen."""


@dataclass
class Group:
    """First positions of one kind of conversation in one language."""

    name: str
    outside: bool
    margins: Tensor
    """The logit of `<|beyond|>` less the best other one: over 0 it is said."""

    def share(self, shift: float) -> float:
        return float((self.margins + shift > 0).float().mean())


@dataclass
class Inner:
    """Positions inside replies, where `<|beyond|>` has no business."""

    hidden: Tensor
    margins: Tensor


def margins(logits: Tensor) -> Tensor:
    others = logits.clone()
    others[:, BEYOND] = -torch.inf
    return logits[:, BEYOND] - others.max(-1).values


def constant_direction(hidden: Tensor) -> Tensor:
    """u with hidden @ u as near to 1 as it can be, in least squares. [n, size] → [size]"""
    h = hidden.double()
    square = h.T @ h / len(h)
    damped = square + RIDGE * square.diagonal().mean() * torch.eye(h.shape[1], dtype=h.dtype)
    return torch.linalg.solve(damped, h.mean(0)).float()


def fallback(groups: list[Group], shift: float) -> float:
    return min((g.share(shift) for g in groups if g.outside), default=1.0)


def false_fallback(groups: list[Group], shift: float) -> float:
    return max((g.share(shift) for g in groups if not g.outside), default=0.0)


def choose_shift(groups: list[Group]) -> float:
    """The middle of the shifts at which the worst group outside and the worst inside are both within bounds; if there is none, the least excess.

    Both shares only rise with the shift, so the shifts that do form an interval, and so do the equally least excesses."""
    turning = torch.cat([-g.margins for g in groups]).unique().double()
    # Between two turning points nothing changes.
    edges = torch.cat([turning[:1] - 1, turning, turning[-1:] + 1])
    middles = ((edges[1:] + edges[:-1]) / 2).tolist()
    excess = [max(0.0, LEAST_FALLBACK - fallback(groups, s)) + max(0.0, false_fallback(groups, s) - MOST_FALSE) for s in middles]
    best = [s for s, e in zip(middles, excess) if e <= min(excess) + 1e-9]
    return (best[0] + best[-1]) / 2


def moved(weights: dict[str, Tensor], shift: float, direction: Tensor) -> dict[str, Tensor]:
    """A copy in which one row differs."""
    embedding = weights[EMBEDDING].clone()
    embedding[BEYOND] += (shift * direction).to(embedding.dtype)
    return weights | {EMBEDDING: embedding}


def apply(weights: dict[str, Tensor], file: pathlib.Path) -> tuple[dict[str, Tensor], float]:
    """→ weights as `calibrate` wants them, and the shift."""
    found = json.loads(file.read_text())
    direction = torch.tensor(found["direction"])
    assert direction.shape == weights[EMBEDDING].shape[1:], "the calibration is of a model of another width"
    return moved(weights, found["shift"], direction), found["shift"]


def is_outside(conversation: Conversation) -> bool:
    return conversation.turns[-1].beyond


def kind(conversation: Conversation) -> str:
    place = "outside" if is_outside(conversation) else "small talk" if conversation.task == "chat" else "tasks"
    return f"{place} {conversation.lang}"


@torch.no_grad()
def collect(model: Pocket, encoder: Encoder, count: int) -> tuple[list[Group], Tensor, Inner]:
    """→ groups of at least `count` first positions, all their hidden states, and positions inside replies."""
    rows: dict[str, list[Tensor]] = {}
    firsts, inside = [], []
    for lang in ("en", "zh"):
        for task, wanted in ((corpus.beyond, count), (corpus.small_talk, count), (None, 2 * count)):
            for index in range(wanted):
                made = corpus.conversation(f"calibrate {index}", test=True, task=task, lang=lang)
                prompt, reply = prompt_and_reply(made)
                front, back = (encoder.tokenizer.encode(part).ids for part in (prompt, reply))
                if len(front) + len(back) > model.shape.context:
                    continue
                hidden = model.hidden(torch.tensor([front + back]))[0, len(front) - 1 :]
                firsts.append(hidden[:1])
                inside.append(hidden[1:])
                rows.setdefault(kind(made), []).append(hidden[:1])
    groups = [Group(name, name.startswith("outside"), margins(model.logits(torch.cat(states)))) for name, states in rows.items()]
    inner = torch.cat(inside)
    return groups, torch.cat(firsts), Inner(inner, margins(model.logits(inner)))


def report(groups: list[Group], first: Tensor, inner: Inner, shift: float, direction: Tensor) -> dict:
    steps = first @ direction
    after = inner.margins + shift * (inner.hidden @ direction)
    return {
        "shift": round(shift, 4),
        "step at first positions": {"mean": round(float(steps.mean()), 4), "deviation": round(float(steps.std()), 4)},
        "groups": {g.name: {"of": len(g.margins), "before": round(g.share(0), 4), "after": round(g.share(shift), 4)} for g in groups},
        "inside replies": {"of": len(inner.margins), "before": int((inner.margins > 0).sum()), "after": int((after > 0).sum())},
        "length of the change": round(abs(shift) * float(direction.norm()), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("target", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=150, help="conversations of every kind and language")
    options = parser.parse_args()
    torch.set_num_threads(2)
    model = Pocket(Shape(), torch.float32).eval()
    weights = load_weights(options.checkpoint)
    model.load_state_dict(weights)
    encoder = Encoder()
    groups, first, inner = collect(model, encoder, options.count)
    direction = constant_direction(first)
    shift = choose_shift(groups)
    said = report(groups, first, inner, shift, direction)
    print(json.dumps(said, indent=1), flush=True)
    # Measured again on the weights that are written, since h·u is not quite 1 everywhere.
    model.load_state_dict(moved(weights, shift, direction))
    again, _, _ = collect(model, encoder, options.count)
    after = {g.name: round(g.share(0), 4) for g in again}
    print(json.dumps({"with the new row": after}), flush=True)
    options.target.write_text(json.dumps({**said, "with the new row": after, "direction": [round(x, 7) for x in direction.tolist()]}) + "\n")


if __name__ == "__main__":
    main()
