"""What to say of weights that shall go into a network: whether they fit, and if not, why."""

from collections.abc import Sequence

from fmstudio.training.weights_fit import TensorRow, WeightsFit
from fmstudio.words import tr, tr_n


def fit_words(fit: WeightsFit) -> str:
    """One sentence or two."""
    if fit.fits and not fit.finite:
        return tr("The weights fit, but some of them are no numbers (NaN or infinite): nothing can be begun with them.")
    if fit.fits:
        return tr_n(
            "The one tensor fits the recipe's network.",
            "All {count} tensors fit the recipe's network.",
            len(fit.rows),
        )
    said = [_one_layer(fit) or _counted(fit), tr("Nothing is taken over in part.")]
    if not fit.offers and not _one_layer(fit):
        said.append(
            tr("None of the usual networks fits either: give the recipe the settings with which they were trained.")
        )
    return " ".join(said)


def _one_layer(fit: WeightsFit) -> str:
    """Where all but the last or the first layer fits: what that means; empty otherwise."""
    wrong = [row for row in fit.rows if row.state != "fits"]
    expected = [row for row in fit.rows if row.expected is not None]
    if expected and all(row.state == "shape" for row in wrong):
        if _of_one(wrong, expected[-1]):
            return _last_words(wrong, fit.classes)
        if _of_one(wrong, expected[0]):
            return tr(
                "Only the first layer differs: the weights were made for samples of another size or other channels."
            )
    return ""


def _counted(fit: WeightsFit) -> str:
    if not any(row.state in ("fits", "shape") for row in fit.rows):
        return tr("These weights belong to another network than the recipe's: not one name is the same.")
    return tr("These weights do not fit the recipe's network: {counts}.", counts=", ".join(_counts(fit)))


def _of_one(wrong: Sequence[TensorRow], row: TensorRow) -> bool:
    """Whether all that is wrong belongs to the layer of a tensor."""
    layer = row.name.rpartition(".")[0]
    return all(one.name.rpartition(".")[0] == layer for one in wrong)


def _last_words(wrong: Sequence[TensorRow], classes: int) -> str:
    """Where only the number of classes is another."""
    for row in wrong:
        found, expected = row.found, row.expected
        if found is None or expected is None or len(found.shape) != len(expected.shape):
            continue
        pairs = [(a, b) for a, b in zip(found.shape, expected.shape, strict=True) if a != b]
        if len(pairs) == 1 and pairs[0][1] == classes:
            return tr(
                "Only the last layer differs: the weights tell {found} classes apart, the recipe's data set has "
                "{expected}.",
                found=pairs[0][0],
                expected=classes,
            )
    return tr("Only the last layer differs.")


def _counts(fit: WeightsFit) -> list[str]:
    said = (
        (fit.count("fits"), tr_n("{count} fits", "{count} fit", fit.count("fits"))),
        (fit.count("shape"), tr_n("{count} has another shape", "{count} have another shape", fit.count("shape"))),
        (fit.count("kind"), tr_n("{count} has no fractions", "{count} have no fractions", fit.count("kind"))),
        (fit.count("missing"), tr_n("{count} is missing", "{count} are missing", fit.count("missing"))),
        (fit.count("extra"), tr_n("{count} is too many", "{count} are too many", fit.count("extra"))),
    )
    return [words for count, words in said if count]
