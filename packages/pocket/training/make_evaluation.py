"""Writes ../evaluation/held-out.jsonl for `npm run pocket:eval`: conversations from slots and phrasings that training never sees.

python make_evaluation.py [--count 12] [--seed 1] [--out FILE]

The seed's name differs from the one of `evaluate.py`, so what decides whether to go on training is not what the card shows.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

import corpus
from corpus.conversation import Conversation, prompt_and_reply
from corpus.world import CLOSE, OPEN, plain
from tokenizer import Encoder

HERE = pathlib.Path(__file__).parent
TARGET = HERE.parent / "evaluation" / "held-out.jsonl"
MOST_BYTES = 1_500_000
LONGEST_PROMPT, LONGEST_REPLY = 700, 260
"""Tokens. Longer conversations are drawn again: they would be most of the minutes that an evaluation takes on a machine without a GPU."""

SHARES = {
    "small_talk": {"chat": 3 / 2},
    "classify": {"classify": 3 / 2},
    "sums": {"sums": 1 / 2, "sums-thinking": 1 / 2},
    "receipt": {"receipt": 1, "receipt-question": 1 / 3},
    "tool_call": {"tool-one": 2 / 3, "tool-several": 1 / 3, "tool-none": 1 / 3, "tool-answer": 1 / 3},
    "mixed": {"mixed": 1 / 6},
}
"""Of --count, where a grammar makes several tasks, or one takes much less or (mixed: long chats) much more time to answer than the others.
12 is meant to keep `npm run pocket:eval` under a quarter of an hour on two cores without a GPU."""

ANY = "any"
MOST_DRAWS = 40
"""Conversations drawn for every one wanted, before giving up."""

SLOT = re.compile(f"{OPEN}([^{CLOSE}]+){CLOSE}")
LAST_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\D*$")


def unmarked(value: object):
    return json.loads(plain(json.dumps(value, ensure_ascii=False)))


def messages(conversation: Conversation) -> list[dict]:
    """OpenAI's shape, without the last reply."""
    out: list[dict] = []
    waiting: list[str] = []
    for index, turn in enumerate(conversation.turns[:-1]):
        message: dict = {"role": turn.role, "content": turn.content}
        if turn.thought and conversation.thinking:
            message["reasoning_content"] = turn.thought
        if turn.calls:
            ids = [f"call_{index}_{place}" for place in range(len(turn.calls))]
            waiting += ids
            message["content"] = turn.content or None
            message["tool_calls"] = [
                {"id": name, "type": "function", "function": {"name": call["name"], "arguments": json.dumps(call["arguments"], ensure_ascii=False)}}
                for name, call in zip(ids, turn.calls)
            ]
        if turn.role == "tool":
            message["tool_call_id"] = waiting.pop(0) if waiting else f"call_{index}"
        out.append(message)
    return unmarked(out)


def expectation(conversation: Conversation) -> dict:
    given, last = conversation.expected, conversation.turns[-1]
    if last.beyond and not conversation.tools:
        return {"kind": "beyond"}
    for kind in ("calls", "json", "any"):
        if kind in given:
            return {"kind": kind, "value": unmarked(given[kind])}
    text = plain(last.content)
    if conversation.task == "sums" and (number := LAST_NUMBER.search(text)):
        return {"kind": "number", "value": json.loads(number[1])}
    return {"kind": "text", "value": text}


def task_name(conversation: Conversation) -> str:
    if conversation.task == "sums" and conversation.thinking:
        return "sums-thinking"
    if conversation.task == "receipt" and "json" not in conversation.expected:
        return "receipt-question"
    return conversation.task


def entry(name: str, conversation: Conversation) -> dict:
    last = conversation.turns[-1]
    made = {"id": name, "task": task_name(conversation), "lang": conversation.lang, "messages": messages(conversation), "thinking": conversation.thinking}
    if conversation.tools:
        made["tools"] = unmarked(conversation.tools)
    made["expected"] = expectation(conversation)
    if last.beyond:
        made["outside"] = True
    if made["expected"]["kind"] == "text" and (copied := sorted(set(SLOT.findall(last.content)))):
        made["copied"] = copied
    return made | {"reply": prompt_and_reply(conversation)[1]}


def template() -> jinja2.Template:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment.from_string((HERE / "template.jinja").read_text().strip())


def same_prompt(made: dict, conversation: Conversation, written: jinja2.Template) -> bool:
    """What training saw is what the file's own template makes of the messages."""
    rendered = written.render(messages=made["messages"], tools=made.get("tools"), add_generation_prompt=True, enable_thinking=made["thinking"])
    return rendered == prompt_and_reply(conversation)[0]


def entries(seed: int, count: int) -> list[dict]:
    encoder, written = Encoder(), template()
    out: list[dict] = []
    for make in corpus.MIXTURE:
        for lang in ("en", "zh"):
            shares = SHARES.get(make.__name__)
            wanted = {task: max(1, round(count * share)) for task, share in shares.items()} if shares else {ANY: count}
            seen: set[str] = set()
            for index in range(MOST_DRAWS * count):
                name = f"{make.__name__}-{lang}-{index}"
                conversation = corpus.conversation(f"held-out {seed} {name}", test=True, task=make, lang=lang)
                task = task_name(conversation) if shares else ANY
                prompt, reply = prompt_and_reply(conversation)
                long = len(encoder.tokenizer.encode(prompt).ids) > LONGEST_PROMPT or len(encoder.tokenizer.encode(reply).ids) > LONGEST_REPLY
                if not wanted.get(task) or prompt in seen or long:
                    continue
                made = entry(name, conversation)
                assert same_prompt(made, conversation, written), name
                seen.add(prompt)
                out.append(made)
                wanted[task] -= 1
                if not any(wanted.values()):
                    break
            assert not any(wanted.values()), f"{make.__name__} {lang}: too few different conversations that are short enough, still wanted: {wanted}"
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=12, help="conversations per task and language")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default=TARGET)
    options = parser.parse_args()
    made = entries(options.seed, options.count)
    text = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in made)
    assert len(text.encode()) <= MOST_BYTES, f"{len(text.encode())} bytes"
    options.out.write_text(text)
    print(f"{len(made)} conversations, {len(text.encode())} bytes")


if __name__ == "__main__":
    main()
