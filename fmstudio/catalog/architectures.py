"""The networks that can be chosen. They return logits, or a number: the loss does the rest."""

from fmstudio.catalog.architecture import Architecture
from fmstudio.catalog.convolutional_networks import Cnn, LeNet, SmallVgg
from fmstudio.catalog.layer_list import LayerList
from fmstudio.catalog.linear_networks import (
    LinearRegression,
    LinearRegressionScratch,
    Mlp,
    SoftmaxRegression,
    SoftmaxRegressionScratch,
    SoftmaxRegressionSparse,
)
from fmstudio.catalog.residual_networks import ResNet9, ResNet18

__all__ = ["ARCHITECTURES", "Architecture", "Cnn", "LayerList", "LinearRegression", "Mlp", "SoftmaxRegression"]

ARCHITECTURES: dict[str, type[Architecture]] = {
    "linear-regression": LinearRegression,
    "linear-regression-scratch": LinearRegressionScratch,
    "softmax-regression": SoftmaxRegression,
    "softmax-regression-scratch": SoftmaxRegressionScratch,
    "softmax-regression-sparse": SoftmaxRegressionSparse,
    "mlp": Mlp,
    "cnn": Cnn,
    "lenet": LeNet,
    "small-vgg": SmallVgg,
    "resnet-9": ResNet9,
    "resnet-18": ResNet18,
    "layers": LayerList,
}
