"""What stands around the choices in an exported program."""

IMPORTS = {
    "import gzip": "gzip.",
    "import math": "math.",
    "import sys": "sys.argv",
    "from collections.abc import Callable": "Callable[",
    "from collections.abc import Sequence": "Sequence[",
    "from pathlib import Path": "Path(",
}
"""What is imported where the text to its right is found."""

HEAD = '''"""{name}: a PyTorch program, written by fmstudio.

{about}
"""

{imports}
from torch import Tensor
{folder}
DEVICE = "{device}"
torch.set_num_threads({threads})  # the last bits of the result depend on it
torch.manual_seed({seed})
'''

ABOUT_PICTURES = """It reads the four IDX files of the data set from the folder that is given to it, or else from the
folder in which it is started: python script.py FOLDER"""
ABOUT_POINTS = "It draws its data itself: python script.py"
FOLDER = """
FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else ".")"""

DATA = """
# ── Data ──────────────────────────────────────────────────────────────────────────────────────────────────────────
"""

PICTURES = '''{corrections}

def read_idx(name: str, header: int) -> np.ndarray:
    """The bytes of an IDX file after its header, packed or not."""
    path = FOLDER / name
    data = path.read_bytes() if path.exists() else gzip.decompress((FOLDER / (name + ".gz")).read_bytes())
    return np.frombuffer(data, np.uint8, offset=header)


def read_split(name: str{parameter}) -> tuple[Tensor, Tensor]:
    """Pictures as numbers 0…1 and their classes{words}."""
    images = read_idx(f"{{name}}-images-idx3-ubyte", 16).reshape(-1, {height}, {width})
    labels = read_idx(f"{{name}}-labels-idx1-ubyte", 8).astype(np.int64)
{corrected}{some}    inputs = torch.from_numpy(images.copy()).to(DEVICE).unsqueeze(1).to(torch.float32).div_(255)
{normalise}    return inputs, torch.from_numpy(labels.copy()).to(DEVICE)


train_inputs, train_targets = read_split("train"{train})
test_inputs, test_targets = read_split("t10k"{test})
'''

SOME_PICTURES = """    if size:
        chosen = np.sort(np.random.default_rng(seed).permutation(len(labels))[:size])
        images, labels = images[chosen], labels[chosen]
"""

SOME_OF_THE_REST = """    generator = np.random.default_rng(seed)
    order = generator.permutation(len(labels)) if size else np.arange(len(labels))
    chosen = np.sort(order[~np.isin(order, LEFT_OUT[name])][: size or None])
    images, labels = images[chosen], labels[chosen]
"""

THE_REST = """    chosen = np.setdiff1d(np.arange(len(labels)), LEFT_OUT[name])
    images, labels = images[chosen], labels[chosen]
"""

CORRECTED = """    labels[list(CORRECTED[name])] = list(CORRECTED[name].values())
"""

HELD_BACK = """
shuffled = np.random.default_rng({seed}).permutation(len(train_targets))
held, kept = torch.from_numpy(np.sort(shuffled[:{held}])), torch.from_numpy(np.sort(shuffled[{held}:]))
validation_inputs, validation_targets = train_inputs[held], train_targets[held]
train_inputs, train_targets = train_inputs[kept], train_targets[kept]
"""

NETWORK = """
# ── Network, loss and optimizer ───────────────────────────────────────────────────────────────────────────────────

"""

START = """# The weights that it begins with lie beside this program, and are named after it
network.load_state_dict(load_file(Path(__file__).with_suffix("{ending}")))
"""

AVERAGE = """averaged = torch.optim.swa_utils.AveragedModel(
    network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn({decay!r}), use_buffers=True
)
"""

TRAINING = """
# ── Training ──────────────────────────────────────────────────────────────────────────────────────────────────────

"""

EVALUATE_CLASSES = '''

@torch.no_grad()
def evaluate(inputs: Tensor, targets: Tensor) -> tuple[float, float]:
    """Mean loss and share of right answers."""
    {network}.eval()
    losses, right = [], 0
    for start in range(0, len(targets), {batch}):
        outputs = {network}(inputs[start : start + {batch}])
        truth = targets[start : start + {batch}]
        losses.append(sample_losses(outputs, truth))
        right += int((outputs.argmax(1) == truth).sum())
    return float(torch.cat(losses).float().cpu().numpy().mean(dtype=np.float64)), right / len(targets)

'''

EVALUATE_NUMBERS = '''

@torch.no_grad()
def evaluate(inputs: Tensor, targets: Tensor) -> tuple[float, float, float, float]:
    """Mean loss, mean absolute error, root of the mean squared error, and R²."""
    {network}.eval()
    losses, answers = [], []
    for start in range(0, len(targets), {batch}):
        outputs = {network}(inputs[start : start + {batch}])
        losses.append(sample_losses(outputs, targets[start : start + {batch}]))
        answers.append({answer})
    loss = float(torch.cat(losses).float().cpu().numpy().mean(dtype=np.float64))
    truth = targets[:, 0].cpu().numpy()
    error = truth.astype(np.float64) - torch.cat(answers)[:, 0].float().cpu().numpy()
    spread = float(((truth - truth.mean(dtype=np.float64)) ** 2).sum())
    r2 = 1 - float((error**2).sum()) / spread if spread else float("nan")
    return loss, float(np.abs(error).mean()), float(np.sqrt((error**2).mean())), r2

'''

SHUFFLED = "torch.randperm(count, generator=generator).to(DEVICE)"
IN_ORDER = "torch.arange(count, device=DEVICE)"

LOOP = """
generator = torch.Generator().manual_seed({seed})
count = len(train_targets)
{start}for epoch in range(1, {epochs} + 1):
    network.train()
    {sums}
    order = {order}
    for start in range(0, {seen}, {batch}):
        chosen = order[start : start + {batch}]
        inputs, targets = train_inputs[chosen], train_targets[chosen]
        loss, outputs = {step}
{after}        loss_sum += {add}
{right}{end}"""

CLASS_FIGURES = {
    "test": "test_loss, test_accuracy = evaluate(test_inputs, test_targets)\n",
    "validation": "validation_loss, validation_accuracy = evaluate(validation_inputs, validation_targets)\n",
    "held": '    f" validation_loss {validation_loss!r} validation_accuracy {validation_accuracy!r}"\n',
    "print": """print(
    f"epoch {{epoch}} train_loss {{loss_sum / {seen}!r}} train_accuracy {{right / {seen}!r}}"
    f" test_loss {{test_loss!r}} test_accuracy {{test_accuracy!r}}"
{held})
""",
    "figure": "validation_accuracy",
}

NUMBER_FIGURES = {
    "test": "test_loss, test_mae, test_rmse, test_r2 = evaluate(test_inputs, test_targets)\n",
    "validation": "validation_loss = evaluate(validation_inputs, validation_targets)[0]\n",
    "held": '    f" validation_loss {validation_loss!r}"\n',
    "print": """print(
    f"epoch {{epoch}} train_loss {{loss_sum / {seen}!r}} test_loss {{test_loss!r}}"
    f" test_mae {{test_mae!r}} test_rmse {{test_rmse!r}} test_r2 {{test_r2!r}}"
{held})
""",
    "figure": "validation_loss",
}

STALE = """if {sign}{figure} > best:
    best, best_epoch = {sign}{figure}, epoch
if epoch - best_epoch >= {patience}:
    break  # no better for so many epochs
"""
