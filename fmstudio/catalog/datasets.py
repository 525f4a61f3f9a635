"""The data sets that can be chosen."""

from typing import ClassVar

from fmstudio.schema.choice import Choice
from fmstudio.schema.setting import setting
from fmstudio.words import marked


class Dataset(Choice):
    """A data set of pictures with one class each.

    Attributes:
        shape: Of one picture: channels, height, width.
        classes: Number of classes.
        train_count: Number of training pictures in the whole set; ``test_count`` of test pictures.
        mean: Of all training pixels, 0…1; ``deviation`` their standard deviation.
        people: Share of the test pictures that people name rightly, None where nobody measured it.
    """

    shape: ClassVar[tuple[int, int, int]]
    classes: ClassVar[int]
    train_count: ClassVar[int]
    test_count: ClassVar[int]
    mean: ClassVar[float]
    deviation: ClassVar[float]
    people: ClassVar[float | None] = None

    normalise: bool = setting(
        False,
        marked("Normalise pixels"),
        marked("Shift and scale the pixel values to mean 0 and deviation 1: most networks then learn faster."),
    )
    train_size: int = setting(
        0,
        marked("Training pictures"),
        marked("Take only so many training pictures, drawn by the seed. 0 takes all."),
        ge=0,
    )
    test_size: int = setting(
        0,
        marked("Test pictures"),
        marked("Take only so many test pictures, drawn by the seed. 0 takes all."),
        ge=0,
    )

    @property
    def train_used(self) -> int:
        """Number of training pictures that are taken."""
        return min(self.train_size or self.train_count, self.train_count)

    @property
    def test_used(self) -> int:
        """Number of test pictures that are taken."""
        return min(self.test_size or self.test_count, self.test_count)


class FashionMnist(Dataset):
    """Grey pictures of clothes, 28 × 28 pixels, ten classes.

    70,000 article pictures of a fashion shop: 60,000 to learn from and 10,000 to test with, as many of each class. It
    has the form of the MNIST digits and is harder: people name 83.5 % of the test pictures rightly. Shirts are the
    difficult class.

    Source: Xiao, Rasul, Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms,
    2017. Licence: MIT.
    """

    title = "Fashion-MNIST"
    shape = (1, 28, 28)
    classes = 10
    train_count = 60_000
    test_count = 10_000
    mean = 0.2860
    deviation = 0.3530
    people = 0.835


DATASETS: dict[str, type[Dataset]] = {"fashion-mnist": FashionMnist}
