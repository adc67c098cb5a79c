"""A stopped run goes on as if it had never stopped."""

from __future__ import annotations

import pytest
import torch

from train import Run, arguments


def run(folder, tokens: int, *more: str) -> dict:
    Run(arguments(["--out", str(folder), "--tokens", str(tokens), "--batch-tokens", "512", "--curve-every", "inf", *more])).train()
    return torch.load(folder / "checkpoint.pt", weights_only=True)


def same(a: dict, b: dict) -> bool:
    return all(torch.equal(a[key], b[key]) for key in a)


@pytest.mark.parametrize("task", ["recall", "corpus"])
def test_resumed_equals_unbroken(tmp_path, task):
    whole = run(tmp_path / "whole", 2500, "--task", task)
    run(tmp_path / "parts", 900, "--task", task)
    parts = run(tmp_path / "parts", 2500, "--task", task)
    assert whole["step"] == parts["step"] > 1
    assert same(whole["model"], parts["model"]) and same(whole["mean"], parts["mean"])


def test_a_checkpoint_half_written_is_never_read(tmp_path):
    saved = run(tmp_path, 600)
    (tmp_path / "checkpoint.new").write_bytes(b"half")
    assert run(tmp_path, 600)["step"] == saved["step"]


def test_starts_from_exported_weights(tmp_path):
    import export

    first = run(tmp_path / "first", 600)
    export.write_gguf(first["mean"], {}, tmp_path / "p.gguf", "f32")
    started = Run(arguments(["--out", str(tmp_path / "second"), "--from", str(tmp_path / "p.gguf")]))
    assert same(dict(started.model.state_dict()), first["mean"])
