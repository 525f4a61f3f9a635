"""What bends the numbers between two layers."""

from collections.abc import Mapping
from typing import Literal

from fmstudio.words import marked

Activation = Literal["relu", "leaky-relu", "elu", "gelu", "silu", "tanh", "sigmoid"]
ACTIVATIONS: Mapping[Activation, str] = {
    "relu": "torch.nn.ReLU",
    "leaky-relu": "torch.nn.LeakyReLU",
    "elu": "torch.nn.ELU",
    "gelu": "torch.nn.GELU",
    "silu": "torch.nn.SiLU",
    "tanh": "torch.nn.Tanh",
    "sigmoid": "torch.nn.Sigmoid",
}
ACTIVATION_HELP = marked("What bends the numbers between two layers. Without it the layers would act as one.")
