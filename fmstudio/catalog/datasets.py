"""The data sets that can be chosen."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import ClassVar, Literal

import numpy as np

from fmstudio.catalog.synthetic import draw_points
from fmstudio.schema.choice import Choice
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr

Points = tuple[np.ndarray, np.ndarray]
Split = Literal["train", "test"]
Correction = tuple[Split, int, int]
"""Split, index in the whole split, and the class that is right."""
LeftOut = tuple[Split, int]
"""Split, and index in the whole split."""


class Dataset(Choice):
    """What is learned from: samples, each with a class or a number.

    Attributes:
        people: Share of the test samples that people name rightly, None where nobody measured it.
    """

    people: ClassVar[float | None] = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one sample: channels, height and width of a picture; how many numbers in a row of numbers."""
        raise NotImplementedError

    @property
    def classes(self) -> int:
        """Number of classes; 0 where each sample has a number."""
        raise NotImplementedError

    @property
    def train_used(self) -> int:
        """Number of training samples that are taken."""
        raise NotImplementedError

    @property
    def test_used(self) -> int:
        """Number of test samples that are taken."""
        raise NotImplementedError


class Pictures(Dataset):
    """A data set of pictures with one class each.

    Attributes:
        picture: Shape of one: channels, height, width.
        class_count: Number of classes.
        train_count: Number of training pictures in the whole set; ``test_count`` of test pictures.
        mean: Of all training pixels, 0…1; ``deviation`` their standard deviation.
    """

    picture: ClassVar[tuple[int, int, int]]
    class_count: ClassVar[int]
    train_count: ClassVar[int]
    test_count: ClassVar[int]
    mean: ClassVar[float]
    deviation: ClassVar[float]

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
        zero=marked("all"),
    )
    test_size: int = setting(
        0,
        marked("Test pictures"),
        marked("Take only so many test pictures: the same ones for every seed. 0 takes all."),
        ge=0,
        zero=marked("all"),
    )
    test_seed: int = setting(
        0,
        marked("Choice of test pictures"),
        marked("Draws the test pictures where not all are taken. Runs with the same number here can be compared."),
        ge=0,
        le=2**63 - 1,
        level="rare",
    )
    corrections: tuple[Correction, ...] = setting(
        (),
        marked("Corrected labels"),
        marked("Pictures that are taken to be of another class than the files say. The files stay as they are."),
        level="rare",
        kind="samples",
        example='["train", 1234, 6]',
    )
    exclude: tuple[LeftOut, ...] = setting(
        (),
        marked("Left out"),
        marked("Pictures that are neither learned from nor tested with. The files stay as they are."),
        level="rare",
        kind="samples",
        example='["train", 1234]',
    )

    def problems(self) -> tuple[Problem, ...]:
        """Corrections of pictures or to classes that are not there, or that contradict each other."""
        return tuple(corrections_wrong(self))

    def left(self, split: Split) -> int:
        """Number of pictures of a whole split without those that are left out."""
        count = self.train_count if split == "train" else self.test_count
        return count - sum(one == split for one, _ in self.exclude)

    @property
    def shape(self) -> tuple[int, ...]:
        """Channels, height, width."""
        return self.picture

    @property
    def classes(self) -> int:
        """Number of classes."""
        return self.class_count

    @property
    def train_used(self) -> int:
        """Number of training pictures that are taken."""
        return min(self.train_size or self.train_count, self.left("train"))

    @property
    def test_used(self) -> int:
        """Number of test pictures that are taken."""
        return min(self.test_size or self.test_count, self.left("test"))


def corrections_wrong(data: Pictures) -> Iterator[Problem]:
    """What is wrong with the corrections of a data set, each at its place, with what takes it away."""
    seen: dict[tuple[str, int], str] = {}
    lists: dict[str, Sequence[Correction | LeftOut]] = {"corrections": data.corrections, "exclude": data.exclude}
    for name, listed in lists.items():
        for place, one in enumerate(listed):
            message = _picture_wrong(data, one, seen)
            seen.setdefault((one[0], one[1]), name)
            if message:
                rest = [list(other) for number, other in enumerate(listed) if number != place]
                yield Problem(f"{name}.{place}", message, Mending(tr("Take this one back"), ((name, rest),)))
    splits: tuple[Split, ...] = ("train", "test")
    for split in splits:
        if data.left(split) < 1:
            rest = [list(other) for other in data.exclude if other[0] != split]
            message = tr("leaves no training picture") if split == "train" else tr("leaves no test picture")
            yield Problem("exclude", message, Mending(tr("Take them back"), (("exclude", rest),)))


def _picture_wrong(data: Pictures, one: Correction | LeftOut, seen: dict[tuple[str, int], str]) -> str:
    """What is wrong with one correction; empty where nothing is."""
    split, index = one[:2]
    count = data.train_count if split == "train" else data.test_count
    if not 0 <= index < count:
        return tr("the {split} pictures are 0 to {last}", split=split, last=f"{count - 1:,}")
    if len(one) > 2 and not 0 <= one[2] < data.class_count:
        return tr("the classes are 0 to {last}", last=data.class_count - 1)
    before = seen.get((split, index))
    if before is None:
        return ""
    both = before == "corrections" and len(one) == 2
    return tr("this picture is corrected, and left out") if both else tr("this picture stands here twice")


class FashionMnist(Pictures):
    """Grey pictures of clothes, 28 × 28 pixels, ten classes.

    70,000 article pictures of a fashion shop: 60,000 to learn from and 10,000 to test with, as many of each class. It
    has the form of the MNIST digits and is harder: people name 83.5 % of the test pictures rightly. Shirts are the
    difficult class.

    Source: Xiao, Rasul, Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms,
    2017. Licence: MIT.
    """

    title = "Fashion-MNIST"
    picture = (1, 28, 28)
    class_count = 10
    train_count = 60_000
    test_count = 10_000
    mean = 0.2860
    deviation = 0.3530
    people = 0.835


class Linear(Dataset):
    """Made-up points on a line or a plane, with noise: y = x · w + b.

    The rule behind the points is known, so one can see whether training finds it: the network starts with numbers of
    its own and should end with w and b. One input makes a line, two make a plane; more cannot be drawn, but are learned
    in the same way. The test points follow the same rule and have no outliers.

    Source: Zhang, Lipton, Li, Smola: Dive into Deep Learning, section 3.3.
    """

    title = marked("Points on a line")
    w: tuple[float, ...] = setting(
        (2.0, -3.4),
        marked("True weights"),
        marked("The weight of each input; as many inputs as there are numbers."),
        ge=-1e6,
        le=1e6,
        length=(1, 100),
    )
    b: float = setting(4.2, marked("True bias"), marked("What is added: y where all inputs are 0."), ge=-1e6, le=1e6)
    noise: float = setting(
        0.1, marked("Noise"), marked("Standard deviation of what is added to y at random. 0: none."), ge=0, le=1e6
    )
    n: int = setting(10_000, marked("Points"), marked("Number of training points."), ge=2, le=1_000_000)
    spread: float = setting(
        1.0,
        marked("Spread of x"),
        marked("Standard deviation of the inputs, or half of their range where they are uniform."),
        gt=0,
        le=1e6,
    )
    distribution: Literal["normal", "uniform"] = setting(
        "normal", marked("Distribution of x"), marked("How the inputs are drawn.")
    )
    outliers: float = setting(
        0.0, marked("Outliers"), marked("Share of the training points that lie far off the rule."), ge=0, le=0.5
    )
    outlier_size: float = setting(
        10.0, marked("Size of outliers"), marked("How much too large y is at an outlier."), ge=-1e6, le=1e6
    )
    test_n: int = setting(1000, marked("Test points"), marked("Number of test points."), ge=1, le=1_000_000)
    seed: int = setting(
        0, marked("Seed of the points"), marked("Where the random numbers of the points start."), ge=0, le=2**63 - 1
    )

    @property
    def shape(self) -> tuple[int, ...]:
        """How many inputs."""
        return (len(self.w),)

    @property
    def classes(self) -> int:
        """None: each point has a number."""
        return 0

    @property
    def train_used(self) -> int:
        """Number of training points."""
        return self.n

    @property
    def test_used(self) -> int:
        """Number of test points."""
        return self.test_n

    def points(self, split: Literal["train", "test"]) -> Points:
        """Draw the points of a split: always the same ones.

        Returns:
            x, float32, shape (n, inputs), and y, float32, shape (n, 1); read-only.
        """
        return _drawn(self, split)

    def drawing(self, split: Literal["train", "test"]) -> partial[Points]:
        """What draws the points of a split; its arguments are what an exported script passes."""
        train = split == "train"
        return partial(
            draw_points,
            self.n if train else self.test_n,
            self.w,
            self.b,
            noise=self.noise,
            spread=self.spread,
            uniform=self.distribution == "uniform",
            outliers=self.outliers if train else 0.0,
            outlier_size=self.outlier_size,
            seed=(self.seed, 0 if train else 1),
        )

    @property
    def lowest(self) -> float:
        """The smallest y of all points."""
        return min(float(self.points(split)[1].min()) for split in ("train", "test"))


@lru_cache(maxsize=4)
def _drawn(dataset: Linear, split: Literal["train", "test"]) -> Points:
    x, y = dataset.drawing(split)()
    x.flags.writeable = y.flags.writeable = False
    return x, y


DATASETS: dict[str, type[Dataset]] = {"fashion-mnist": FashionMnist, "linear": Linear}
