"""The fused operations against plain PyTorch."""

from __future__ import annotations

import pytest
import torch

import fast
import initialise
from model import Pocket, Shape

SMALL = Shape(vocabulary=320, layers=4)
needs_compiler = pytest.mark.skipif(not fast.operations(), reason="no g++ or no AVX-512 BF16 here")


def documents(rows: int, time: int, generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Documents of 1 to 200 tokens, padding at the end of rows, half of the tokens learned."""
    ids = torch.randint(0, 320, (rows, time), generator=generator)
    owner = torch.zeros(rows, time, dtype=torch.int32)
    for row in owner:
        at, index = 0, 1
        while at < time - 20:
            size = int(torch.randint(1, 200, (1,), generator=generator))
            row[at : min(at + size, time - 7)] = index
            at, index = at + size, index + 1
    learn = (torch.rand(rows, time, generator=generator) < 0.5) & (owner > 0)
    learn[:, 1:] &= owner[:, 1:] == owner[:, :-1]
    learn[:, 0] = False
    return ids, learn, owner


def gradients(model, loss) -> dict[str, torch.Tensor]:
    loss.backward()
    found = {name: p.grad.clone() for name, p in model.named_parameters()}
    model.zero_grad()
    return found


@needs_compiler
@pytest.mark.parametrize("rows,time,packed", [(3, 512, True), (2, 333, False), (1, 1024, True), (5, 17, False)])
def test_loss_and_gradients_equal_plain(rows, time, packed):
    generator = torch.Generator().manual_seed(time)
    model = Pocket(SMALL, torch.bfloat16)
    initialise.ordinary(model, 3)
    for name, p in model.named_parameters():
        p.data += 0.2 * torch.randn(p.shape, generator=generator) if p.ndim == 1 else p.data  # norms other than 1, sharper attention
    ids, learn, owner = documents(rows, time, generator) if packed else (torch.randint(0, 320, (rows, time), generator=generator), torch.rand(rows, time, generator=generator) < 0.3, None)
    exact = Pocket(SMALL)
    exact.load_state_dict(model.state_dict())
    true_loss = exact.plain_loss(ids, learn, owner)
    plain_loss, fast_loss = model.plain_loss(ids, learn, owner), model.loss(ids, learn, owner)
    assert abs(fast_loss - true_loss) < max(2 * abs(plain_loss - true_loss), 2e-3 * true_loss)
    true, plain, quick = gradients(exact, true_loss), gradients(model, plain_loss), gradients(model, fast_loss)
    for name, wanted in true.items():
        error, allowed = (quick[name] - wanted).norm() / wanted.norm(), (plain[name] - wanted).norm() / wanted.norm()
        assert error < max(1.5 * allowed, 0.02), (name, error, allowed)


@needs_compiler
def test_the_same_twice():
    model = Pocket(SMALL, torch.bfloat16)
    initialise.with_circuits(model, 5)
    batch = documents(4, 512, torch.Generator().manual_seed(1))
    one, other = (gradients(model, model.loss(*batch)) for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_document_ends_before_its_last_learned_token():
    owner = torch.tensor([[1, 1, 1, 1, 2, 2, 3, 3, 3, 0]])
    learn = torch.tensor([[0, 1, 0, 0, 0, 0, 0, 1, 1, 0]]).bool()
    ids, positions, starts, places, wanted = fast.lay(torch.arange(10)[None], learn, owner)
    assert ids.tolist() == [0, 6, 7] and positions.tolist() == [0, 6, 7] and starts.tolist() == [0, 1, 3]
    assert places.tolist() == [0, 1, 2] and wanted.tolist() == [1, 7, 8]
