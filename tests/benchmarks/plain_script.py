"""What fmstudio is measured against: a plain training script of the usual kind.

torchvision's ``FashionMNIST`` with ``ToTensor``, a ``DataLoader`` without workers, and ``.item()`` after each step. It
uses nothing of fmstudio but the data that ship with it. Its last line is JSON: seconds of training for each epoch.
"""

import argparse
import gzip
import json
import shutil
import tempfile
import time
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import FashionMNIST

DATA = Path(__file__).resolve().parents[2] / "resources" / "datasets" / "fashion-mnist"


def cnn() -> nn.Module:
    """The textbook's CNN."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 12, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(192, 120),
        nn.ReLU(),
        nn.Linear(120, 60),
        nn.ReLU(),
        nn.Linear(60, 10),
    )


def softmax() -> nn.Module:
    """Softmax regression."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def lay_out(source: Path, root: Path) -> None:
    """Unpack the four files to where torchvision looks for them."""
    raw = root / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for packed in source.glob("*-ubyte.gz"):
        with gzip.open(packed, "rb") as read, (raw / packed.stem).open("wb") as written:
            shutil.copyfileobj(read, written)


def train_epoch(
    network: nn.Module, loader: DataLoader[tuple[torch.Tensor, torch.Tensor]], optimizer: torch.optim.Optimizer
) -> dict[str, float]:
    """One epoch, as everybody writes it."""
    criterion = nn.CrossEntropyLoss()
    total, right, began = 0.0, 0, time.perf_counter()
    network.train()
    for images, labels in loader:
        outputs = network(images)
        loss = criterion(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        right += (outputs.argmax(1) == labels).sum().item()
    count = len(loader.dataset)  # type: ignore[arg-type]
    return {"seconds": time.perf_counter() - began, "loss": total / count, "accuracy": right / count}


def main() -> None:
    """Train, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("architecture", choices=("cnn", "softmax"), nargs="?", default="cnn")
    parser.add_argument("--threads", type=int, default=0, help="0: as many as torch takes by itself")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the four packed files")
    asked = parser.parse_args()
    if asked.threads:
        torch.set_num_threads(asked.threads)
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as root:
        lay_out(asked.data, Path(root))
        training = FashionMNIST(root, train=True, transform=transforms.ToTensor())
    if asked.architecture == "cnn":
        network = cnn()
        loader = DataLoader(training, batch_size=100)
        optimizer: torch.optim.Optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    else:
        network = softmax()
        loader = DataLoader(training, batch_size=256, shuffle=True)
        optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    epochs = [train_epoch(network, loader, optimizer) for _ in range(asked.epochs)]
    print(json.dumps({"threads": torch.get_num_threads(), "epochs": epochs}))


if __name__ == "__main__":
    main()
