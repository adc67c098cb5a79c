"""What a grammar returns, and how it becomes text: ChatML in Qwen3's format. `template.jinja` renders the same (a test compares them)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from .world import plain

NO_THOUGHT = "<think>\n\n</think>\n\n"


@dataclass
class Turn:
    role: str
    """system, user, assistant or tool"""
    content: str = ""
    thought: str | None = None
    calls: list[dict] = field(default_factory=list)
    beyond: bool = False
    """True: the reply begins with <|beyond|>, because the request is outside of what the model can do."""


@dataclass
class Conversation:
    task: str
    lang: str
    turns: list[Turn]
    tools: list[dict] | None = None
    thinking: bool = False
    """False: the prompt ends with an empty thought. True: the model decides whether to think."""
    expected: dict = field(default_factory=dict)
    """For the held-out evaluation: what a right answer holds."""


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


TOOLS_HEAD = "# Tools\nTo use one, write <tool_call>{\"name\": …, \"arguments\": {…}}</tool_call>.\n<tools>"
TOOLS_TAIL = "\n</tools>"


def render(conversation: Conversation) -> list[tuple[str, bool]]:
    """→ (text, learned) pieces. Learned are the last reply, earlier plain ones and what earlier calls hold; an earlier thought or <|beyond|> is not as it was when written."""
    pieces: list[tuple[str, bool]] = []
    turns = list(conversation.turns)
    system = turns.pop(0).content if turns and turns[0].role == "system" else ""
    if conversation.tools:
        listed = "".join("\n" + dumps(tool) for tool in conversation.tools)
        system = (system + "\n\n" if system else "") + TOOLS_HEAD + listed + TOOLS_TAIL
    if system:
        pieces.append((f"<|im_start|>system\n{system}<|im_end|>\n", False))
    last_question = max((i for i, t in enumerate(turns) if t.role == "user"), default=0)
    for index, turn in enumerate(turns):
        if turn.role == "user":
            pieces.append((f"<|im_start|>user\n{turn.content}<|im_end|>\n", False))
        elif turn.role == "tool":
            opening = "" if turns[index - 1].role == "tool" else "<|im_start|>user"
            closing = "" if index + 1 < len(turns) and turns[index + 1].role == "tool" else "<|im_end|>\n"
            pieces.append((f"{opening}\n<tool_response>\n{turn.content}\n</tool_response>{closing}", False))
        else:
            final = index == len(turns) - 1
            pieces.append(("<|im_start|>assistant\n", False))
            if final and not conversation.thinking:
                pieces.append((NO_THOUGHT, False))
            shown = turn.thought and index > last_question and conversation.thinking
            thought = f"<think>\n{turn.thought}\n</think>\n\n" if shown else ""
            calls = "\n".join(f"<tool_call>\n{dumps(call)}\n</tool_call>" for call in turn.calls)
            body = turn.content + ("\n" if turn.content and calls else "") + calls
            if calls and not final:
                # Which tool and with what, but not that there was no thought before it.
                opening = body[: body.index("<tool_call>\n") + len("<tool_call>\n")]
                pieces += [(thought + opening, False), (body.removeprefix(opening) + "<|im_end|>", True), ("\n", False)]
                continue
            learned = final or not (turn.thought or turn.beyond)
            pieces.append((f"{'<|beyond|>' if turn.beyond and final else ''}{thought}{body}<|im_end|>", learned))
            pieces.append(("\n", False))
    return pieces


def prompt_and_reply(conversation: Conversation) -> tuple[str, str]:
    """For evaluation: everything before the last assistant turn's learned text, and that text."""
    pieces = [(plain(text), learned) for text, learned in render(conversation)]
    at = max(i for i, (_, learned) in enumerate(pieces) if learned)
    return "".join(text for text, _ in pieces[:at]), pieces[at][0].removesuffix("<|im_end|>")
