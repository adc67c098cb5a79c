"""One logit moves by a constant, and nothing else does."""

from __future__ import annotations

import json

import pytest
import torch

import calibrate
import export
import initialise
from calibrate import BEYOND, EMBEDDING, Group
from model import Pocket, Shape
from weights import load_weights


def group(name: str, *values: float) -> Group:
    return Group(name, name.startswith("outside"), torch.tensor(values))


def test_direction_is_found_where_states_share_one():
    generator = torch.Generator().manual_seed(1)
    shared = torch.nn.functional.one_hot(torch.tensor(7), 32).float() * 3
    hidden = torch.randn(500, 32, generator=generator) * (1 - torch.nn.functional.one_hot(torch.tensor(7), 32)) + shared
    steps = hidden @ calibrate.constant_direction(hidden)
    assert abs(float(steps.mean()) - 1) < 0.01
    assert float(steps.std()) < 0.05


def test_shift_stands_in_the_middle_of_what_is_allowed():
    groups = [group("outside en", *[-1.0] * 50), group("tasks en", *[-5.0] * 50)]
    assert calibrate.choose_shift(groups) == pytest.approx(3.0, abs=0.01)
    too_eager = [group("outside en", *[9.0] * 50), group("tasks en", *[4.0] * 50)]
    assert calibrate.choose_shift(too_eager) == pytest.approx(-6.5, abs=0.01)


def test_the_worst_group_decides():
    groups = [group("outside en", *[2.0] * 100), group("outside zh", *[-3.0] * 100), group("tasks en", *[-9.0] * 100), group("small talk zh", *[-4.0] * 100)]
    assert calibrate.choose_shift(groups) == pytest.approx(3.5, abs=0.01)
    shift = calibrate.choose_shift(groups)
    assert calibrate.fallback(groups, shift) == 1 and calibrate.false_fallback(groups, shift) == 0


def test_where_nothing_is_right_the_excess_is_least():
    groups = [group("outside en", *range(-50, 50)), group("tasks en", *range(-60, 40))]
    shift = calibrate.choose_shift(groups)
    excess = lambda s: max(0, 0.92 - calibrate.fallback(groups, s)) + max(0, calibrate.false_fallback(groups, s) - 0.03)
    assert all(excess(shift) <= excess(s / 4) + 1e-6 for s in range(-400, 400))


def test_one_row_changes_and_one_logit_moves(tmp_path):
    model = Pocket(Shape()).eval()
    initialise.with_circuits(model, 5)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    generator = torch.Generator().manual_seed(2)
    ids = torch.randint(0, 6000, (40, 24), generator=generator)
    with torch.no_grad():
        hidden = model.hidden(ids)[:, -1]
        old = model.logits(hidden)
        direction = calibrate.constant_direction(hidden)
        file = tmp_path / "calibration.json"
        file.write_text(json.dumps({"shift": -2.5, "direction": direction.tolist()}))
        after, shift = calibrate.apply(before, file)
        model.load_state_dict(after)
        new = model.logits(model.hidden(ids)[:, -1])
    assert shift == -2.5
    others = [i for i in range(6144) if i != BEYOND]
    assert torch.equal(new[:, others], old[:, others])
    assert torch.allclose(new[:, BEYOND] - old[:, BEYOND], -2.5 * (hidden @ direction), atol=1e-4)
    assert float((hidden @ direction).std()) < 0.1
    changed = [name for name in before if not torch.equal(before[name], after[name])]
    assert changed == [EMBEDDING]

    export.write_gguf(after, {"tokens": 1}, tmp_path / "p.gguf", "q8_0", shift)
    row = load_weights(tmp_path / "p.gguf")[EMBEDDING][BEYOND]
    assert (row - after[EMBEDDING][BEYOND]).abs().max() <= 8e-3 * after[EMBEDDING][BEYOND].abs().max()
