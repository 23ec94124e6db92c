"""First weights as Keras draws them."""

from __future__ import annotations

from torch import nn


def glorot(module: nn.Module) -> None:
    """Draw the weights of a module anew as Keras does where nothing else is asked for.

    Networks published as Keras code were trained from these: kernels uniform after Glorot & Bengio
    (2010, AISTATS), recurrent kernels orthogonal, biases 0 but 1 for an LSTM's forget gates
    (Jozefowicz et al. 2015, ICML). torch's own start is √(1/3) as wide for layers with as many
    outputs as inputs, and its forget gates begin half open.

    Parameters
    ----------
    module
        Changed in place: its convolutions, fully connected and LSTM layers, at any depth.
    """
    for part in module.modules():
        if isinstance(part, nn.Linear | nn.Conv2d):
            nn.init.xavier_uniform_(part.weight)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
        elif isinstance(part, nn.LSTM):
            _lstm(part)


def _lstm(layer: nn.LSTM) -> None:
    for name, weights in layer.named_parameters():
        if name.startswith("weight_ih"):
            nn.init.xavier_uniform_(weights)
        elif name.startswith("weight_hh"):
            nn.init.orthogonal_(weights)
        else:
            nn.init.zeros_(weights)
        # torch adds two biases where Keras has one, so one of them starts at 1.
        if name.startswith("bias_ih"):
            nn.init.ones_(weights[layer.hidden_size : 2 * layer.hidden_size])
