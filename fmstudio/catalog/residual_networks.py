"""Networks with short cuts."""

from fmstudio.catalog.architecture import Architecture, trained_by
from fmstudio.catalog.convolutional_networks import convolution
from fmstudio.catalog.linear_networks import MOST
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Facts
from fmstudio.schema.setting import setting
from fmstudio.words import marked


class ResNet9(Architecture):
    """Nine layers with two short cuts: quick to train and very good.

    A residual block adds what goes in to what comes out, so that its convolutions need to learn only the difference,
    and the gradient passes by them unhindered. With the usual width about 92 % on Fashion-MNIST after a single epoch of
    a few minutes on two cores. Width 64 is the published network, four times as slow.

    Source: He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015; David Page: How to Train Your
    ResNet, 2018.
    """

    title = "ResNet-9"
    convolutional = True
    recipe = trained_by("adam", 0.005, "one-cycle", 128)
    width: int = setting(
        32,
        marked("Width"),
        marked("Channels of the first convolution; the later ones have twice, four and eight times as many."),
        ge=1,
        le=MOST // 8,
    )

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """Convolutions with pooling, a residual block after the first and the last; one number a channel; linear."""
        one, two, four, eight = (self.width * times for times in (1, 2, 4, 8))
        pool = Call("torch.nn.MaxPool2d", 2)
        layers = [*convolution(facts.shape[0], one), *convolution(one, two), pool, _residual(two, two)]
        layers += [*convolution(two, four), pool, *convolution(four, eight), pool, _residual(eight, eight)]
        layers += [Call("torch.nn.AdaptiveMaxPool2d", 1), Call("torch.nn.Flatten")]
        return (*layers, Call("torch.nn.Linear", eight, facts.outputs))


class ResNet18(Architecture):
    """Torchvision's ResNet-18 for small pictures: about 12 to 20 minutes an epoch on two cores.

    Eight blocks of two convolutions, each with a short cut, from 64 to 512 channels: 11 million weights. As the picture
    is small, the first convolution is 3 × 3 and keeps its size, and nothing is pooled before the blocks. 94.9 % on
    Fashion-MNIST were published. Take a GPU, or only some of the training pictures; for a look at short cuts
    ResNet-9 is the better choice.

    Source: He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015; torchvision.models.resnet18.
    """

    title = "ResNet-18"
    convolutional = True
    recipe = trained_by("sgd", 0.1, "one-cycle", 128, momentum=0.9, weight_decay=5e-4)

    def call(self, facts: Facts) -> Call:
        """Torchvision's network, adapted."""
        return Call("fmstudio.training.resnet.small_resnet_18", facts.shape[0], facts.outputs)

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """What the network is made of; its blocks one row each."""
        layers = [
            Call("torch.nn.Conv2d", facts.shape[0], 64, 3, padding=1, bias=False),
            Call("torch.nn.BatchNorm2d", 64),
            Call("torch.nn.ReLU"),
        ]
        for taken, made, stride in ((64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)):
            layers += [_basic_block(taken, made, stride), _basic_block(made, made, 1)]
        layers += [Call("torch.nn.AdaptiveAvgPool2d", 1), Call("torch.nn.Flatten")]
        return (*layers, Call("torch.nn.Linear", 512, facts.outputs))


def _residual(taken: int, made: int) -> Call:
    return Call("fmstudio.training.modules.Residual", taken, made)


def _basic_block(taken: int, made: int, stride: int) -> Call:
    target = "torchvision.models.resnet.BasicBlock"
    if stride == 1:
        return Call(target, taken, made)
    shortcut = Call(
        "torch.nn.Sequential",
        Call("torch.nn.Conv2d", taken, made, 1, stride=stride, bias=False),
        Call("torch.nn.BatchNorm2d", made),
    )
    return Call(target, taken, made, stride=stride, downsample=shortcut)
