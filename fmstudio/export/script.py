"""The plain PyTorch program that does what a run does, with the same numbers.

The choices write themselves (``Call``), and the step and the classes of ours are the very source that ran; only the
outer loop is a template. The program imports nothing of ours.
"""

import re
from collections.abc import Mapping
from textwrap import indent, wrap

from fmstudio.catalog.datasets import Linear, Pictures
from fmstudio.experiment.spec import FIRST_EPOCHS, ExperimentSpec
from fmstudio.export import templates
from fmstudio.export.forms import START
from fmstudio.export.source import laid_out, own_sources, source_of
from fmstudio.schema.call import Call
from fmstudio.training.devices import resolve_device, resolve_threads
from fmstudio.training.evaluation import BATCH
from fmstudio.training.step import step_of

_FILES = {"train": "train", "test": "t10k"}
"""How the files of each split begin."""
_ROOM = 100
"""Characters in a line of a table."""


def script(spec: ExperimentSpec, *, threads: int | None = None, device: str | None = None) -> str:
    """The program for a spec, as it would run on this machine.

    Args:
        spec: What it does.
        threads: Of the processor; None for what the spec means here.
        device: As torch names it; None for what the spec means here.

    Raises:
        InvalidSpecError: Where the spec names a device that does not exist here.
    """
    body = _data(spec) + _own(spec) + _network(spec) + _step(spec) + _loop(spec)
    body = re.sub(r"\n+# ── ", "\n\n\n# ── ", body)
    return _head(spec, body, threads or resolve_threads(spec.threads), device or resolve_device(spec)) + body


def _head(spec: ExperimentSpec, body: str, threads: int, device: str) -> str:
    name = (spec.name or "Run").replace("\\", " ").replace('"', "'")
    pictures = isinstance(spec.dataset, Pictures)
    text = body + (templates.FOLDER if pictures else "")
    imports = [line for line, mark in templates.IMPORTS.items() if mark in text]
    third = ["import numpy as np", "import torch", *(["import torchvision"] if "torchvision." in body else [])]
    third += ["from safetensors.torch import load_file"] if spec.start_from else []
    return templates.HEAD.format(
        name=name,
        about=templates.ABOUT_PICTURES if pictures else templates.ABOUT_POINTS,
        imports="\n".join(imports) + ("\n\n" if imports else "") + "\n".join(third),
        folder=templates.FOLDER if pictures else "",
        device=device,
        threads=threads,
        seed=spec.seed,
    )


def _data(spec: ExperimentSpec) -> str:
    data = spec.dataset
    text = templates.DATA
    if isinstance(data, Linear):
        text += "\n\n" + source_of("fmstudio.catalog.synthetic.draw_points") + "\n\n" + _points(data)
    elif isinstance(data, Pictures):
        text += _pictures(data, spec.seed)
    if spec.validation_samples:
        text += templates.HELD_BACK.format(seed=spec.seed, held=spec.validation_samples)
    return text


def _pictures(data: Pictures, seed: int) -> str:
    normalise = f"    inputs = inputs.sub_({data.mean}).div_({data.deviation})\n" if data.normalise else ""
    sized = data.train_size or data.test_size
    whole = templates.THE_REST if data.exclude else ""
    part = templates.SOME_OF_THE_REST if data.exclude else templates.SOME_PICTURES
    some = part if sized else whole
    _, height, width = data.picture
    drawn = ((data.train_size, seed), (data.test_size, data.test_seed))
    train, test = (f", size={size}, seed={one if size else 0}" if sized else "" for size, one in drawn)
    return templates.PICTURES.format(
        height=height, width=width, normalise=normalise, some=some, train=train, test=test,
        parameter=", size: int, seed: int" if sized else "", words="; only so many, if size is not 0" if sized else "",
        corrections=_corrections(data), corrected=templates.CORRECTED if data.corrections else "",
    )  # fmt: skip


def _corrections(data: Pictures) -> str:
    """What is corrected and left out, as two tables by the names of the files."""
    text = ""
    if data.corrections:
        right = {
            file: ", ".join(f"{index}:_{label}" for one, index, label in data.corrections if one == split)
            for split, file in _FILES.items()
        }
        text += _tables("CORRECTED", "Index of a picture: the class that is right", right, "{}")
    if data.exclude:
        out = {
            file: ", ".join(str(index) for one, index in data.exclude if one == split) for split, file in _FILES.items()
        }
        text += _tables("LEFT_OUT", "Pictures that are left out", out, "[]")
    return text


def _tables(name: str, words: str, tables: Mapping[str, str], brackets: str) -> str:
    """Some tables as source; in the items "_" is a space where no line may end."""
    lines = [f"\n# {words}\n{name} = {{\n"]
    for file, items in tables.items():
        if len(items) < _ROOM:
            lines.append(f'    "{file}": {brackets[0]}{items.replace("_", " ")}{brackets[1]},\n')
        else:
            rows = indent("\n".join(wrap(items + ",", _ROOM)).replace("_", " "), " " * 8)
            lines.append(f'    "{file}": {brackets[0]}\n{rows}\n    {brackets[1]},\n')
    return "".join([*lines, "}\n"])


def _points(data: Linear) -> str:
    lines = []
    for split in ("train", "test"):
        drawing = data.drawing(split)
        call = Call("fmstudio.catalog.synthetic.draw_points", *drawing.args, **drawing.keywords)
        lines.append(f"{split}_x, {split}_y = {laid_out(call, before=20)}\n")
    moved = [f"{split}_{name} = torch.from_numpy({split}_{short}).to(DEVICE)\n"
             for split in ("train", "test") for name, short in (("inputs", "x"), ("targets", "y"))]  # fmt: skip
    return "".join(lines + moved)


def _calls(spec: ExperimentSpec) -> dict[str, Call | None]:
    """Everything that is called to build what the run needs."""
    facts = spec.facts
    return {
        "network": spec.architecture.call(facts),
        "fill": spec.initial_weights.fill(facts),
        "loss": spec.loss.call(facts),
        "losses": spec.loss.per_sample(facts),
        "answer": spec.loss.answer(facts),
        "optimizer": spec.optimizer.call(facts),
        "warm_up": spec.schedule.warm_up_call(facts),
        "schedule": spec.schedule.scheduler(facts, spec.optimizer.lr),
    }


def _own(spec: ExperimentSpec) -> str:
    """What is ours and travels along."""
    sources = own_sources(_calls(spec).values())
    if spec.initial_weights.fill(spec.facts) is not None:
        sources.append(source_of("fmstudio.training.modules.set_weights"))
    return "".join(f"\n\n{source}" for source in sources)


def _network(spec: ExperimentSpec) -> str:
    calls = _calls(spec)
    lines = [templates.NETWORK]

    def add(name: str, call: Call | None, *leading: str) -> None:
        if call is not None:
            moved = ".to(DEVICE)" if "torch.tensor" in call.targets() else ""  # class weights
            lines.append(f"{name} = {laid_out(call, *leading, before=len(name) + 3)}{moved}\n")

    add("network", calls["network"])
    if calls["fill"] is not None:
        lines.append(f"set_weights(network, lambda weight: {calls['fill'].source('weight')})\n")
    layout = ", memory_format=torch.channels_last" if spec.lays_channels_last else ""
    lines.append(f"network = network.to(DEVICE{layout})\n")
    if spec.start_from:
        lines.append(templates.START.format(ending=START))
    add("loss_function", calls["loss"])
    lines.append("# The same for each sample apart, for evaluation\n")
    add("sample_losses", calls["losses"])
    add("optimizer", calls["optimizer"], "network.parameters()")
    add("warm_up", calls["warm_up"], "optimizer")
    add("schedule", calls["schedule"], "optimizer")
    if spec.averaging:
        lines.append(templates.AVERAGE.format(decay=spec.averaging))
    return "".join(lines)


def _step(spec: ExperimentSpec) -> str:
    return templates.TRAINING + "\n" + source_of(f"fmstudio.training.step.{step_of(spec)[0].__name__}")


def _loop(spec: ExperimentSpec) -> str:
    function, extra = step_of(spec)
    given = "".join(f", {value!r}" for value in extra)
    classes = bool(spec.dataset.classes)
    answer = spec.loss.answer(spec.facts)
    evaluate = templates.EVALUATE_CLASSES if classes else templates.EVALUATE_NUMBERS
    judged = "averaged" if spec.averaging else "network"
    text = evaluate.format(batch=BATCH, network=judged, answer=answer.source("outputs") if answer else "outputs")
    start = ['best, best_epoch = -float("inf"), 0\n'] * bool(spec.early_stopping)
    start += ["step = 0\n"] * bool(_stepped(spec))
    return text + templates.LOOP.format(
        seed=spec.seed,
        epochs=spec.epochs,
        batch=spec.batch,
        seen=_seen(spec),
        start="".join(start),
        order=templates.SHUFFLED if spec.shuffle else templates.IN_ORDER,
        sums="loss_sum, right = 0.0, 0" if classes else "loss_sum = 0.0",
        step=f"{function.__name__}(network, loss_function, optimizer, inputs, targets{given})",
        after=indent(_after_step(spec), " " * 8),
        add="loss.item()" if spec.loss.summed else "loss.item() * len(targets)",
        right="        right += int((outputs.argmax(1) == targets).sum())\n" if classes else "",
        end=indent(_after_epoch(spec, classes), " " * 4),
    )


def _seen(spec: ExperimentSpec) -> str:
    """How many samples are seen in an epoch."""
    return f"count - count % {spec.batch}" if spec.drop_last else "count"


def _stepped(spec: ExperimentSpec) -> list[str]:
    """The schedules that are stepped after every step."""
    calls = _calls(spec)
    names = ["warm_up"] if calls["warm_up"] is not None else []
    return names + (["schedule"] if calls["schedule"] is not None and not spec.schedule.watches else [])


def _after_step(spec: ExperimentSpec) -> str:
    text = "averaged.update_parameters(network)\n" if spec.averaging else ""
    schedules = _stepped(spec)
    if schedules:
        text += f"step += 1\nif step < {spec.facts.total_steps}:\n"
        text += "".join(f"    {name}.step()\n" for name in schedules)
    return text


def _after_epoch(spec: ExperimentSpec, classes: bool) -> str:
    """What follows the steps of an epoch: figures, and what watches them."""
    figures = templates.CLASS_FIGURES if classes else templates.NUMBER_FIGURES
    text = ""
    if spec.evaluation_interval > 1:
        early = "" if spec.evaluate_every else f"epoch > {FIRST_EPOCHS} and "
        text += f"if {early}epoch % {spec.evaluation_interval} and epoch != {spec.epochs}:\n    continue\n"
    text += figures["test"]
    if spec.validation_samples:
        text += figures["validation"]
    seen = f"({_seen(spec)})" if spec.drop_last else _seen(spec)
    text += figures["print"].format(held=figures["held"] if spec.validation_samples else "", seen=seen)
    if spec.schedule.watches:
        text += f"schedule.step({figures['figure']})\n"
    if spec.early_stopping:
        sign = "" if classes else "-"
        text += templates.STALE.format(sign=sign, figure=figures["figure"], patience=spec.early_stopping)
    return text
