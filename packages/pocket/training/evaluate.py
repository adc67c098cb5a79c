"""Held-out results of a checkpoint, GGUF or safetensors, by task and language: `python evaluate.py FILE [--count 40] [--say "hello"]`.

exact: every token of the last reply is the argmax given the tokens before it, which is what greedy decoding would write. Phrasings and listed
slot values come from the part of the grammars that training never sees. A reply of free choice (small talk) counts when its first tokens agree
with any of the allowed ones, so it is left to `chat`'s own number.
"""

from __future__ import annotations

import argparse
import json
import pathlib

import torch

import corpus
import layout
import recall
from corpus.conversation import prompt_and_reply
from corpus.world import plain
from model import Pocket, Shape
from tokenizer import Encoder
from weights import load_weights

END = layout.SPECIAL_ID["<|im_end|>"]
QUESTIONS = pathlib.Path(__file__).parent.parent / "evaluation"
BEYOND = layout.SPECIAL_ID["<|beyond|>"]


@torch.no_grad()
def write(model: Pocket, ids: list[int], longest: int = 200) -> list[int]:
    """Greedy, the whole prefix again for every token: slow and plain."""
    made: list[int] = []
    while len(made) < longest and len(ids) + len(made) < model.shape.context:
        token = int(model.logits(model.hidden(torch.tensor([ids + made]))[:, -1]).argmax())
        if token == END:
            break
        made.append(token)
    return made


@torch.no_grad()
def exact_replies(model: Pocket, encoder: Encoder, make, lang: str, count: int, test: bool) -> dict[str, float]:
    hits = right = total = 0
    beyond_logit: list[float] = []
    for index in range(count):
        made = corpus.conversation(f"evaluate {index}", test=test, task=make, lang=lang)
        prompt, reply = prompt_and_reply(made)
        front = encoder.tokenizer.encode(prompt).ids
        back = [*encoder.tokenizer.encode(reply).ids, END]
        if len(front) + len(back) > model.shape.context:
            continue
        hidden = model.hidden(torch.tensor([front + back]))[0, len(front) - 1 : -1]
        logits = model.logits(hidden)
        guess = logits.argmax(-1)
        allowed = made.expected.get("any")
        if allowed:
            first = int(guess[0])
            hits += any(plain(text).startswith(encoder.tokenizer.decode([first])) for text in allowed) and first not in (BEYOND, END)
        else:
            hits += bool((guess == torch.tensor(back)).all())
        right += int((guess == torch.tensor(back)).sum())
        total += len(back)
        beyond_logit.append(int(guess[0]) == BEYOND)
    n = max(1, len(beyond_logit))
    return {"exact": round(hits / n, 3), "tokens": round(right / max(1, total), 4), "beyond": round(sum(beyond_logit) / n, 3), "of": n}


@torch.no_grad()
def outside(model: Pocket, encoder: Encoder, lang: str) -> dict[str, float]:
    """Questions written by hand, none by the generator: how often the first token is <|beyond|>, and how often its share passes some thresholds."""
    questions = (QUESTIONS / f"outside.{lang}.txt").read_text().splitlines()
    shares = []
    for text in questions:
        ids = encoder.tokenizer.encode(f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n").ids
        shares.append(float(model.logits(model.hidden(torch.tensor([ids]))[0, -1]).softmax(-1)[BEYOND]))
    n = len(shares)
    return {f"over {t}": round(sum(s > t for s in shares) / n, 3) for t in (0.5, 0.2, 0.05, 0.01)} | {"of": n}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=40, help="conversations per task and language")
    parser.add_argument("--train", action="store_true", help="phrasings of training instead of held-out ones")
    parser.add_argument("--rows", type=int, default=48, help="rows of the recall curve; 0: none")
    parser.add_argument("--say", action="append", default=[], help="answer this instead (may be repeated)")
    parser.add_argument("--think", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(2)
    model = Pocket(Shape(), torch.bfloat16)
    model.load_state_dict(load_weights(options.file))
    encoder = Encoder()
    if options.say:
        for text in options.say:
            prompt = f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n" + ("" if options.think else "<think>\n\n</think>\n\n")
            made = write(model, encoder.tokenizer.encode(prompt).ids)
            print(f"> {text}\n{encoder.tokenizer.decode(made, skip_special_tokens=False)}\n", flush=True)
        return
    for lang in ("en", "zh"):
        print(json.dumps({"outside": lang, **outside(model, encoder, lang)}), flush=True)
    for make in corpus.MIXTURE:
        for lang in ("en", "zh"):
            print(json.dumps({"task": make.__name__, "lang": lang, **exact_replies(model, encoder, make, lang, options.count, not options.train)}), flush=True)
    if options.rows:
        print(json.dumps({"recall": recall.curve(model, seed=11, rows=options.rows)}), flush=True)


if __name__ == "__main__":
    main()
