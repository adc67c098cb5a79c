"""What the evaluation command is given."""

from __future__ import annotations

import json

import make_evaluation
from corpus.conversation import Conversation, Turn


def test_the_same_seed_gives_the_same_conversations_and_another_others():
    first, again, other = (make_evaluation.entries(seed, 2) for seed in (3, 3, 4))
    assert first == again
    assert not {json.dumps(row["messages"]) for row in first} & {json.dumps(row["messages"]) for row in other if len(row["messages"]) > 1 or len(row["messages"][0]["content"]) > 60}
    assert {row["lang"] for row in first} == {"en", "zh"}
    assert len({row["id"] for row in first}) == len(first)


def test_tool_calls_and_answers_have_the_shape_of_openai():
    call = {"name": "timer", "arguments": {"minutes": 5}}
    turns = [Turn("user", "5 minutes"), Turn("assistant", calls=[call]), Turn("tool", "{}"), Turn("assistant", "Done.")]
    made = make_evaluation.messages(Conversation("tool-answer", "en", turns, tools=[{}]))
    given = made[1]["tool_calls"][0]
    assert json.loads(given["function"]["arguments"]) == call["arguments"]
    assert made[1]["content"] is None and made[2]["tool_call_id"] == given["id"]


def test_what_is_right_follows_from_the_conversation():
    def expected(task: str, reply: Turn, **more) -> dict:
        return make_evaluation.expectation(Conversation(task, "en", [Turn("user", "?"), reply], **more))

    assert expected("beyond", Turn("assistant", "No.", beyond=True)) == {"kind": "beyond"}
    assert expected("tool-none", Turn("assistant", "No.", beyond=True), tools=[{}], expected={"calls": []}) == {"kind": "calls", "value": []}
    assert expected("sums", Turn("assistant", "7 + 8 = 15")) == {"kind": "number", "value": 15}
    assert expected("form", Turn("assistant", "{}"), expected={"json": {"a": "\ue000x\ue001"}}) == {"kind": "json", "value": {"a": "x"}}
