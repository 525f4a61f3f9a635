"""What ``fmstudio evaluate`` prints for a reader."""

from collections.abc import Iterable, Mapping
from typing import Any

from fmstudio.cli.number_words import evaluation_of_numbers
from fmstudio.cli.output import percent, table
from fmstudio.insight.intervals import interval_words
from fmstudio.words import tr


def evaluation_text(values: Mapping[str, Any]) -> str:
    """The answers about one split for a reader: accuracy, per-class figures, confusion matrix."""
    if "mae" in values:
        return evaluation_of_numbers(values)
    facts = {"run": values["run"], "share": percent(values["accuracy"]), "count": f"{values['count']:,}"}
    heading = tr("Run {run}: {share} of {count} training pictures right.", **facts)
    if values["split"] == "test":
        heading = tr("Run {run}: {share} of {count} test pictures right.", **facts)
    blocks = [heading, _class_figures_text(values["classes"]), _averages_text(values), _confusion_text(values)]
    if values["worst"]:
        names = {"true": tr(values["worst"]["true"]), "predicted": tr(values["worst"]["predicted"])}
        blocks.append(tr("Mixed up most: {true} → {predicted} ({count}).", **names, count=values["worst"]["count"]))
    return "\n\n".join(blocks)


def _class_figures_text(classes: Iterable[Mapping[str, Any]]) -> str:
    rows = [(tr("Class"), tr("Pictures"), tr("Precision"), tr("Recall"), "F1", "AUC", "AP")]
    for one in classes:
        shares = (percent(one["precision"]), percent(one["recall"]), percent(one["f1"]))
        areas = (_area(one["roc_auc"]), _area(one["average_precision"]))
        rows.append((tr(one["name"]), f"{one['support']:,}", *shares, *areas))
    return table(rows, right=range(1, 7))


def _area(area: float | None) -> str:
    return "–" if area is None else f"{area:.3f}"


def _averages_text(values: Mapping[str, Any]) -> str:
    """The figures of all classes together."""
    macro, weighted = values["macro"], values["weighted"]
    rows = [
        (tr("Macro average"), percent(macro["precision"]), percent(macro["recall"]), percent(macro["f1"])),
        (tr("Weighted average"), percent(weighted["precision"]), percent(weighted["recall"]), percent(weighted["f1"])),
    ]
    lines = [table([("", tr("Precision"), tr("Recall"), "F1"), *rows], right=range(1, 4))]
    tops = [tr("top {k}: {share}", k=k, share=percent(share)) for k, share in values["top_k"].items() if k != "1"]
    interval = values["intervals"]["accuracy"]
    if interval is not None:
        lines.append(tr("Accuracy, 95 % interval: {interval}", interval=interval_words(interval)))
    if tops:
        lines.append(tr("True class among the first: {tops}", tops=", ".join(tops)))
    if values["ece"] is not None:
        lines.append(tr("Calibration error (ECE): {share}", share=percent(values["ece"])))
    return "\n".join(lines)


def _confusion_text(values: Mapping[str, Any]) -> str:
    """The matrix; its columns carry numbers instead of names, to fit a terminal."""
    names = [tr(one["name"]) for one in values["classes"]]
    rows = [(tr("Is really ↓ was taken for →"), *(str(number) for number in range(len(names))))]
    for number, (name, counts) in enumerate(zip(names, values["confusion"], strict=True)):
        rows.append((f"{number} {name}", *(str(count) if count else "." for count in counts)))
    return table(rows, right=range(1, len(names) + 1))
