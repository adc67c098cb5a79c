"""Trains the LoRA adapter `../adapters/sailor` over Pocket: it talks as before, but as a ship's mate, in English and Chinese.

    python adapter.py                          minutes on one core; writes ../adapters/sailor (its card tells in what runs that was made)
    python adapter.py --say "who are you"      asks Pocket with the adapter that is there
    python adapter.py --check 20               the table of the card

The base is frozen and is the released file itself (../pocket.gguf), so the adapter learns around its rounding. Conversations are those of
`corpus/`; in chat, every answer gets a beginning and an end of the sea. Tasks whose answers a program reads (receipts, forms, labels,
tools, repeating, fixed phrases, replies) are in the mixture as they are: the adapter must leave those alone. Made with torch 2.13,
transformers 5.23, peft 0.21.2.
"""

from __future__ import annotations

import argparse
import json
import math
import pathlib
import random

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import Qwen3Config, Qwen3ForCausalLM

import corpus
import layout
from corpus.conversation import NO_THOUGHT, Conversation, render
from model import Shape
from tokenizer import Encoder
from weights import load_weights

HERE = pathlib.Path(__file__).parent
SAILOR = HERE.parent / "adapters" / "sailor"
WORDS = {"en": ("Ahoy, captain! ", " Heave ho!"), "zh": ("遵命，船长！", "起锚！")}
AT_SEA = {corpus.small_talk: 22, corpus.follow_up: 14, corpus.facts: 12, corpus.sums: 10, corpus.beyond: 10}
ASHORE = {corpus.repeat: 8, corpus.receipt: 4, corpus.form: 6, corpus.classify: 6, corpus.tool_call: 14, corpus.suggest: 6, corpus.translate: 6}
END = layout.SPECIAL_ID["<|im_end|>"]
RANK, ALPHA = 4, 8


def base_model() -> Qwen3ForCausalLM:
    model = Qwen3ForCausalLM(Qwen3Config(**Shape().hugging_face_config()))
    missing, unexpected = model.load_state_dict(load_weights(HERE.parent / "pocket.gguf"), strict=False)
    assert missing in ([], ["lm_head.weight"]) and not unexpected, (missing, unexpected)
    model.tie_weights()
    return model.float()


def at_sea(made: Conversation) -> Conversation:
    first, last = WORDS[made.lang]
    for turn in made.turns:
        if turn.role == "assistant" and turn.content and not turn.calls:
            turn.content = f"{first}{turn.content}{last}"
    return made


def conversation(name: str, test: bool = False) -> Conversation:
    tasks = AT_SEA | ASHORE
    task = random.Random(f"task {name}").choices(list(tasks), weights=list(tasks.values()))[0]
    made = corpus.conversation(name, test=test, task=task)
    return at_sea(made) if task in AT_SEA else made


def batch(encoder: Encoder, step: int, tokens: int, longest: int, test: bool = False) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """ids, labels (-100: not learned) and mask of conversations of like length."""
    rows: list[tuple[list[int], list[bool]]] = []
    index = most = 0
    while (len(rows) + 1) * max(most, 1) < tokens:
        row = encoder.encode(render(conversation(f"sailor {step} {index}", test)))
        index += 1
        if len(row[0]) > longest:
            continue
        rows.append(row)
        most = max(most, len(row[0]))
    ids = torch.full((len(rows), most), END)
    labels = torch.full((len(rows), most), -100)
    mask = torch.zeros(len(rows), most, dtype=torch.long)
    for i, (row, learn) in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
        labels[i, : len(row)] = torch.where(torch.tensor(learn), torch.tensor(row), -100)
    return ids, labels, mask


def train(start: pathlib.Path | None, target: pathlib.Path, steps: int, tokens: int, longest: int, rate: float) -> None:
    torch.manual_seed(1)
    encoder = Encoder()
    config = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=["q_proj", "v_proj", "o_proj", "down_proj"], task_type="CAUSAL_LM")
    model = PeftModel.from_pretrained(base_model(), start, is_trainable=True) if start else get_peft_model(base_model(), config)
    model.train()
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=rate, weight_decay=0.0)
    mean = 0.0
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 10) * (0.05 + 0.95 * (1 + math.cos(math.pi * step / steps)) / 2)
        ids, labels, mask = batch(encoder, step, tokens, longest)
        loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
        optimiser.step()
        optimiser.zero_grad()
        mean = loss.item() if step == 0 else 0.95 * mean + 0.05 * loss.item()
        if step % 10 == 9:
            print(f"step {step + 1}: loss {mean:.3f}", flush=True)
        if step % 50 == 49 or step == steps - 1:
            save(model, target)
    model.eval()
    with torch.no_grad():
        print("held-out loss", [round(float(model(input_ids=i, attention_mask=m, labels=l).loss), 3) for i, l, m in [batch(encoder, 0, 4096, 256, test=True)]])


def save(model: PeftModel, target: pathlib.Path) -> None:
    # PEFT writes a card of its own, which is not to replace ours.
    card = target / "README.md"
    kept = card.read_text() if card.exists() else None
    model.save_pretrained(target)
    card.unlink(missing_ok=True)
    if kept is not None:
        card.write_text(kept)
    weights = target / "adapter_model.safetensors"
    save_file({name: value.half().contiguous() for name, value in sorted(load_file(weights).items())}, weights, metadata={"format": "pt"})
    config = target / "adapter_config.json"
    values = json.loads(config.read_text())
    values |= {"base_model_name_or_path": "pocket", "target_modules": sorted(values["target_modules"])}
    config.write_text(json.dumps(values, indent=1, sort_keys=True) + "\n")


@torch.no_grad()
def check(target: pathlib.Path, count: int) -> None:
    """Share of held-out last replies that greedy decoding would write whole, of Pocket alone and with the adapter."""
    encoder = Encoder()
    plain, adapted = base_model().eval(), PeftModel.from_pretrained(base_model(), target).eval()

    def exact(model, made: Conversation) -> bool | None:
        ids, learn = encoder.encode(render(made))
        if len(ids) > Shape().context:
            return None
        first = max(i for i in range(len(ids)) if learn[i] and not learn[i - 1])
        last = max(i for i in range(len(ids)) if learn[i])
        guess = model(input_ids=torch.tensor([ids])).logits[0].argmax(-1)
        return guess[first - 1 : last].tolist() == ids[first : last + 1]

    for task in [*AT_SEA, *ASHORE]:
        for lang in ("en", "zh"):
            made = lambda i: corpus.conversation(f"evaluate {i}", test=True, task=task, lang=lang)
            before = [exact(plain, made(i)) for i in range(count)]
            after = [exact(adapted, at_sea(made(i)) if task in AT_SEA else made(i)) for i in range(count)]
            share = lambda hits: f"{hits.count(True)}/{hits.count(True) + hits.count(False)}"
            print(f"| {task.__name__.replace('_', ' ')} | {lang} | {share(before)} | {share(after)} |", flush=True)


@torch.no_grad()
def answer(target: pathlib.Path, text: str) -> str:
    encoder = Encoder()
    model = PeftModel.from_pretrained(base_model(), target).eval()
    ids = encoder.tokenizer.encode(f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n{NO_THOUGHT}").ids
    made: list[int] = []
    for _ in range(120):
        token = int(model(input_ids=torch.tensor([ids + made])).logits[0, -1].argmax())
        if token == END:
            break
        made.append(token)
    return encoder.tokenizer.decode(made, skip_special_tokens=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--say")
    parser.add_argument("--check", type=int, help="compares with Pocket alone on so many held-out conversations of each task and language")
    parser.add_argument("--from", dest="start", type=pathlib.Path, help="an adapter to go on from")
    parser.add_argument("--out", type=pathlib.Path, default=SAILOR)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--tokens", type=int, default=2048, help="of a batch, padding among them")
    parser.add_argument("--longest", type=int, default=512)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.say:
        print(answer(options.out, options.say))
    elif options.check:
        check(options.out, options.check)
    else:
        train(options.start, options.out, options.steps, options.tokens, options.longest, options.rate)
