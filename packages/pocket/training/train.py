"""Trains Pocket. `python train.py --out DIR` starts or resumes (the newest checkpoint in DIR decides); see README.md for the runs made."""

from __future__ import annotations

import argparse
import collections
import itertools
import json
import multiprocessing
import os
import pathlib
import signal
import time

import torch

import corpus_batches
import initialise
import optimiser
import recall
from model import Pocket, Shape
from weights import load_weights

WARMUP_STEPS = 40
CLIP = 1.0


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder of checkpoints and of log.jsonl")
    parser.add_argument("--task", choices=["recall", "corpus"], default="corpus")
    parser.add_argument("--from", dest="start", type=pathlib.Path, help="checkpoint, .safetensors or .gguf whose weights a new run starts from")
    parser.add_argument("--initial", choices=["circuits", "ordinary"], default="circuits")
    parser.add_argument("--tokens", type=float, default=float("inf"), help="stop after so many tokens of this run")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop (with a checkpoint) after so long")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--decay-to", type=float, default=0.0, help="last share of the tokens over which the rate falls linearly to a tenth (0: none)")
    parser.add_argument("--batch-tokens", type=int, default=8192)
    parser.add_argument("--recall-share", type=float, default=0.1, help="share of corpus steps that are pure recall instead")
    parser.add_argument("--average", type=float, default=0.998, help="how slowly the running mean of the weights follows; it is what gets exported")
    parser.add_argument("--adamw", action="store_true", help="AdamW for every weight instead of Muon for the layers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=0, help="processes that make batches (0: this one, a few per cent of a CPU's time; a GPU needs many)")
    parser.add_argument("--save-every", type=float, default=300, help="seconds")
    parser.add_argument("--curve-every", type=float, default=1e6, help="tokens; inf: never")
    return parser.parse_args(words)


def recall_difficulty(tokens: float) -> recall.Difficulty:
    """Lengths and values grow: long rows from the start keep the first layers' heads sharp, the longest come once short ones work."""
    if tokens < 0.3e6:
        return recall.Difficulty((64, 128, 256), 4)
    if tokens < 1e6:
        return recall.Difficulty((128, 256, 512, 1024), 8)
    return recall.Difficulty((256, 512, 1024, 1024), 16)


def corpus_batch(options: argparse.Namespace, step: int):
    if options.recall_share and step % round(1 / options.recall_share) == 0:
        return *recall.batch(options.seed, step, options.batch_tokens, recall.Difficulty((256, 1024), 16)), None, "recall"
    return corpus_batches.Batches(options.seed, options.batch_tokens).batch(step)


def batches_from(options: argparse.Namespace, first: int):
    """Corpus batches in order, made ahead by other processes where there are some."""
    if not options.workers:
        yield from (corpus_batch(options, step) for step in itertools.count(first))
    torch.multiprocessing.set_sharing_strategy("file_system")
    with multiprocessing.get_context("spawn").Pool(options.workers) as pool:
        waiting: collections.deque = collections.deque()
        for step in itertools.count(first):
            waiting.append(pool.apply_async(corpus_batch, (options, step)))
            if len(waiting) > 3 * options.workers:
                yield waiting.popleft().get()


class Run:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.set_num_threads(options.threads)
        torch.manual_seed(options.seed)
        self.model = Pocket(Shape(), torch.bfloat16).to(self.device)
        {"circuits": initialise.with_circuits, "ordinary": initialise.ordinary}[options.initial](self.model, options.seed)
        self.optimisers = optimiser.build(self.model, options.rate, options.rate, 0.01, not options.adamw)
        self.step, self.tokens, self.learned, self.stopped = 0, 0, 0, False
        options.out.mkdir(parents=True, exist_ok=True)
        self.checkpoint = options.out / "checkpoint.pt"
        if self.checkpoint.exists():
            self.resume()
        elif options.start:
            self.model.load_state_dict(load_weights(options.start))
        self.mean = getattr(self, "mean", None) or {k: v.detach().clone() for k, v in self.model.state_dict().items()}
        self.batches = batches_from(options, self.step) if options.task == "corpus" else self.recall_batches()

    def resume(self) -> None:
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        for one, saved in zip(self.optimisers, state["optimisers"], strict=True):
            one.load_state_dict(saved)
        self.mean, self.step, self.tokens, self.learned = state["mean"], state["step"], state["tokens"], state["learned"]
        print(f"resumed at step {self.step}, {self.tokens / 1e6:.2f} M tokens", flush=True)

    def stop(self, *_) -> None:
        self.stopped = True

    def save(self) -> None:
        """Written beside and renamed, so that a kill leaves the old one or the new one whole."""
        state = {
            "model": self.model.state_dict(),
            "mean": self.mean,
            "optimisers": [o.state_dict() for o in self.optimisers],
            "step": self.step,
            "tokens": self.tokens,
            "learned": self.learned,
            "shape": self.model.shape.as_dict(),
        }
        beside = self.checkpoint.with_suffix(".new")
        with open(beside, "wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self.checkpoint)

    def recall_batches(self):
        while True:
            yield *recall.batch(self.options.seed, self.step, self.options.batch_tokens, recall_difficulty(self.tokens)), None, "recall"

    def rate(self) -> float:
        o = self.options
        rate = o.rate * min(1.0, (self.step + 1) / WARMUP_STEPS)
        if o.decay_to and o.tokens < float("inf"):
            rate *= max(0.1, min(1.0, (o.tokens - self.tokens) / (o.decay_to * o.tokens)))
        return rate

    def log(self, **fields) -> None:
        line = json.dumps({"step": self.step, "tokens": self.tokens, **fields})
        print(line, flush=True)
        with open(self.options.out / "log.jsonl", "a") as file:
            file.write(line + "\n")

    def curve(self) -> dict[str, float]:
        """Of the mean weights, which are what gets exported."""
        current = {key: value.clone() for key, value in self.model.state_dict().items()}
        self.model.load_state_dict(self.mean)
        found = recall.curve(self.model, rows=24)
        self.model.load_state_dict(current)
        return {span: cell["exact"] for span, cell in found.items()}

    def train(self) -> None:
        o = self.options
        began, saved, reported = time.time(), time.time(), time.time()
        next_curve = self.tokens + o.curve_every
        reported_tokens, losses = self.tokens, {}
        signal.signal(signal.SIGTERM, self.stop)
        while self.tokens < o.tokens and time.time() - began < o.seconds and not self.stopped:
            ids, learn, documents, kind = next(self.batches)
            rate = self.rate()
            for one in self.optimisers:
                for group in one.param_groups:
                    group["lr"] = rate
            loss = self.model.loss(*(x if x is None else x.to(self.device) for x in (ids, learn, documents)))
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
            if torch.isfinite(norm):
                for one in self.optimisers:
                    one.step()
            for one in self.optimisers:
                one.zero_grad()
            decay = min(o.average, (self.step + 1) / (self.step + 10))
            with torch.no_grad():
                for key, value in self.model.state_dict().items():
                    self.mean[key].lerp_(value, 1 - decay)
            self.step += 1
            self.tokens += ids.numel()
            self.learned += int(learn.sum())
            losses.setdefault(kind, []).append(loss.item())
            now = time.time()
            if now - reported > 30:
                means = {key: round(sum(v) / len(v), 4) for key, v in losses.items()}
                self.log(loss=means, rate=rate, norm=round(norm.item(), 2), tokens_per_second=round((self.tokens - reported_tokens) / (now - reported)))
                losses, reported, reported_tokens = {}, now, self.tokens
            if now - saved > o.save_every:
                self.save()
                saved = now
            if self.tokens >= next_curve:
                self.log(curve=self.curve())
                next_curve += o.curve_every
        self.save()
        self.log(done=not self.stopped, **({"curve": self.curve()} if o.curve_every < float("inf") else {}))


if __name__ == "__main__":
    Run(arguments()).train()
