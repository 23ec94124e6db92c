"""The recurrent networks: what their poolings take from the states."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from serflow.errors import UserError
from serflow.networks.crnn import CRNN
from serflow.networks.recurrent import Recurrent


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [True, False])
def test_last_takes_the_final_state_of_each_direction(cell: str, bidirectional: bool) -> None:
    torch.manual_seed(0)
    module = Recurrent(
        3, (4, 6), cell, hidden=5, bidirectional=bidirectional, pooling="last"
    ).eval()
    frames = torch.randn(2, 4, 6)
    _, final = module.recurrent(frames.mT)
    hidden: Tensor = final[0] if cell == "lstm" else final
    expected = module.head(torch.cat(list(hidden), dim=1))
    torch.testing.assert_close(module(frames), expected)


def test_mean_takes_the_mean_of_the_states() -> None:
    torch.manual_seed(0)
    module = Recurrent(3, (4, 6), pooling="mean").eval()
    frames = torch.randn(2, 4, 6)
    torch.testing.assert_close(module(frames), module.head(module.recurrent(frames.mT)[0].mean(1)))


def test_attention_begins_as_the_mean_and_can_look_at_one_frame() -> None:
    torch.manual_seed(0)
    module = Recurrent(3, (4, 6), pooling="attention").eval()
    frames = torch.randn(2, 4, 6)
    states = module.recurrent(frames.mT)[0]
    torch.testing.assert_close(module(frames), module.head(states.mean(1)))
    assert module.attention is not None
    with torch.no_grad():
        module.attention.query.copy_(1e6 * states[0, 2])
    chosen = (states[0] @ states[0, 2]).argmax()
    torch.testing.assert_close(module(frames)[:1], module.head(states[:1, chosen]))


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_frames_are_read_in_order(cell: str) -> None:
    torch.manual_seed(0)
    module = Recurrent(3, (4, 6), cell, bidirectional=False, pooling="last").eval()
    frames = torch.randn(2, 4, 6)
    assert not torch.allclose(module(frames), module(frames.flip(2)))


def test_cells_are_what_they_are_called() -> None:
    assert isinstance(Recurrent(3, (4, 6), "lstm").recurrent, nn.LSTM)
    assert isinstance(Recurrent(3, (4, 6), "gru").recurrent, nn.GRU)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cell": "rnn"}, "`cell` is 'rnn'.*lstm, gru"),
        ({"pooling": "max"}, "last, mean, attention"),
    ],
)
def test_unknown_choices_are_told(settings: dict[str, str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        Recurrent(3, (4, 6), **settings)


def test_crnn_reads_its_columns_as_time() -> None:
    """Silence after the eighth part of a spectrogram cannot reach the first step's features."""
    torch.manual_seed(0)
    module = CRNN(3, (16, 64)).eval()
    spectrogram = torch.randn(1, 16, 64)
    changed = spectrogram.clone()
    changed[:, :, 32:] = 0
    seen: list[Tensor] = []
    module.dropout.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0]))
    module(spectrogram)
    module(changed)
    first, second = seen[0], seen[2]
    assert first.shape == (1, 8, 96)
    torch.testing.assert_close(first[:, :2], second[:, :2])
    assert not torch.allclose(first[:, 4:], second[:, 4:])
