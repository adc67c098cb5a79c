"""Writes pocket.json: what transformers says after prompts of Pocket's kind, in float32, from the same file.

usage: make.py [OUT.json]   (torch, transformers, gguf)

The file is what `npm run verify` takes, with the SHA-256 of the checkpoint, by which `npm run bench` finds it. Format it with Biome.
"""
import hashlib
import json
import sys
from pathlib import Path

import torch
from gguf import GGUFReader
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).resolve().parent
MODEL = HERE.parents[1] / "pocket" / "pocket.gguf"
NEW_TOKENS = 48
LARGEST = 4

PROMPTS = [
    ("form", [("user", "Form fields: order, product, problem\n\nThe kettle from order A-77120 leaks from the bottom.")]),
    (
        "receipt",
        [
            ("system", "提取 JSON：vendor, items (name, quantity, price), total"),
            ("user", "沙县小吃\n蒸饺 2份 8元\n拌面 1份 7元\n炖罐 1份 12元\n总计 35元"),
        ],
    ),
    ("sum", [("user", "math: 91+60")]),
    ("sum in Chinese", [("user", "帮我算95－14")]),
    ("follow-up", [("user", "My name is Ada."), ("assistant", "Nice to meet you, Ada!"), ("user", "What is my name?")]),
    ("replies", [("user", "请：给我三个可能的回答：\n\n“黑色夹克给你特价”")]),
    ("who", [("user", "Who are you?")]),
    ("beyond", [("user", "天空是什么颜色的？")]),
]


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "pocket.json"
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(MODEL.parent, gguf_file=MODEL.name)
    config = AutoConfig.from_pretrained(MODEL.parent, gguf_file=MODEL.name)
    # transformers takes Qwen3's usual head size, whatever the file says.
    config.head_dim = int(GGUFReader(MODEL).fields["qwen3.attention.key_length"].contents())
    options = {"gguf_file": MODEL.name, "config": config, "dtype": torch.float32}
    model = AutoModelForCausalLM.from_pretrained(MODEL.parent, **options).eval()
    cases = [case(tokenizer, model, name, turns) for name, turns in PROMPTS]
    sha256 = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    lines = ",\n".join("    " + json.dumps(entry, ensure_ascii=False) for entry in cases)
    out.write_text(f'{{\n  "model": "{MODEL.name}",\n  "sha256": "{sha256}",\n  "cases": [\n{lines}\n  ]\n}}\n')
    print(len(cases), "cases,", sum(len(entry["greedy"]) for entry in cases), "positions")


@torch.no_grad()
def case(tokenizer, model, name: str, turns: list[tuple[str, str]]) -> dict:
    messages = [{"role": role, "content": content} for role, content in turns]
    prompt = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    greedy, top = [], []
    tokens, past = torch.tensor([ids]), None
    for _ in range(NEW_TOKENS):
        output = model(tokens, past_key_values=past, use_cache=True)
        past = output.past_key_values
        values, places = output.logits[0, -1].topk(LARGEST)
        top.append([[int(place), round(float(value), 3)] for place, value in zip(places, values)])
        greedy.append(int(places[0]))
        if greedy[-1] == tokenizer.eos_token_id:
            break
        tokens = torch.tensor([[greedy[-1]]])
    print(f"{name}: {tokenizer.decode(greedy)!r}")
    return {"name": name, "messages": messages, "prompt": prompt, "ids": ids, "greedy": greedy, "top": top}


if __name__ == "__main__":
    main()
