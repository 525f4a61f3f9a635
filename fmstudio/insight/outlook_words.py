"""What the outlook of a run says in words, and what it offers to change. No torch."""

from collections.abc import Iterator
from dataclasses import dataclass

from fmstudio.training.outlook import BatchSpeed, DeviceOutlook, Preflight
from fmstudio.words import tr

Changes = tuple[tuple[str, object], ...]

_FASTER = 1.15
"""By this factor a batch must be faster to be offered."""
_NEARLY = 0.9
"""Of the highest speed, what the smallest batch that is offered must reach."""
_LARGER = 8
"""A batch that is offered is at most so many times as large: beyond that it is another experiment."""
_DEVICE_FASTER = 1.2
_WORTH_SECONDS = 2.0
"""What saves less than this over the whole run is not offered."""
_KILO = 1024


@dataclass(frozen=True)
class Offer:
    """A change to the recipe that would pay.

    Attributes:
        label: What stands on the button.
        changes: Pairs of path and value.
    """

    label: str
    changes: Changes


def span(seconds: float) -> str:
    """A length of time: "0.18 s", "9.3 s", "2 min 5 s", "1 h 20 min"."""
    if seconds < 60:
        return tr("{seconds} s", seconds=f"{seconds:.2g}" if seconds < 9.95 else f"{seconds:.0f}")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 10 and rest:
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{minutes} min", minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    return (
        tr("{hours} h {minutes} min", hours=f"{hours:,}", minutes=minutes)
        if minutes
        else tr("{hours} h", hours=f"{hours:,}")
    )


def size(count: int) -> str:
    """An amount of memory: "3 KB", "86 MB", "1.2 GB"."""
    if count < 0.95 * _KILO**2:
        return tr("{count} KB", count=f"{max(1, count / _KILO):,.0f}")
    if count < 0.95 * _KILO**3:
        return tr("{count} MB", count=f"{count / _KILO**2:,.0f}")
    gigabytes = count / _KILO**3
    return tr("{count} GB", count=f"{gigabytes:,.0f}" if gigabytes >= 9.95 else f"{gigabytes:,.1f}")


def memory(outlook: DeviceOutlook) -> str:
    """The memory at the peak; where it is no measurement it says so."""
    return size(outlook.bytes) if outlook.measured else tr("about {size}", size=size(outlook.bytes))


def largest(outlook: DeviceOutlook, samples: int) -> str:
    """The largest batch that is safe, in words."""
    if not outlook.largest:
        return "–"
    if outlook.largest >= samples:
        return tr("all {count}", count=f"{samples:,}")
    if outlook.bound == "time":
        return tr("at least {count}", count=f"{outlook.largest:,}")
    return f"{outlook.largest:,}"


def sentences(found: Preflight) -> Iterator[str]:
    """What was found: the time, the batch, the devices, the disk."""
    own = found.own
    if own is not None:
        yield tr(
            "The whole run takes about {run} on {device}.",
            run=span(own.run_seconds),
            device=_named(own),
        )
        yield from _batch_words(found, own)
    yield from _device_words(found)
    if found.complete:
        yield from _disk_words(found)


def _named(outlook: DeviceOutlook) -> str:
    return tr("the CPU") if outlook.device == "cpu" else outlook.title


def _batch_words(found: Preflight, own: DeviceOutlook) -> Iterator[str]:
    better = faster_batch(found)
    if better is not None:
        yield tr(
            "Batches of {batch} are {factor}× as fast per epoch. There are fewer steps then, each better aimed: "
            "look at the learning rate again.",
            batch=f"{better[0].batch:,}",
            factor=f"{better[1]:.1f}",
        )
    elif found.complete and own.speeds and _faster(found) is None:
        yield tr("Larger batches are hardly faster here.")


def _device_words(found: Preflight) -> Iterator[str]:
    for one in found.devices:
        if one.trouble:
            yield f"{one.title}: {one.trouble}"
    if found.complete and all(one.device == "cpu" for one in found.devices):
        yield tr("There is no GPU here that torch can use.")
    other = faster_device(found)
    own = found.own
    if other is not None and own is not None:
        yield tr(
            "A run on {device} is {factor}× as fast as on {chosen}.",
            device=_named(other),
            factor=f"{own.run_seconds / other.run_seconds:.1f}",
            chosen=_named(own),
        )


def _disk_words(found: Preflight) -> Iterator[str]:
    if found.free_disk_bytes and found.disk_bytes > found.free_disk_bytes:
        yield tr(
            "The run's folder gets about {size} large, but only {free} are free on the disk.",
            size=size(found.disk_bytes),
            free=size(found.free_disk_bytes),
        )
    elif found.disk_bytes:
        yield tr("The run's folder gets about {size} large.", size=size(found.disk_bytes))


def offers(found: Preflight) -> tuple[Offer, ...]:
    """What would pay."""
    made = []
    better = faster_batch(found)
    if better is not None:
        made.append(Offer(tr("Use batch {size}", size=f"{better[0].batch:,}"), (("batch_size", better[0].batch),)))
    own = next((one for one in found.devices if one.device == found.chosen), None)
    other = faster_device(found)
    if other is None and own is not None and own.trouble:
        other = min((one for one in found.devices if not one.trouble), key=lambda one: one.run_seconds, default=None)
    if other is not None:
        label = tr("Use the CPU") if other.device == "cpu" else tr("Use the GPU")
        made.append(Offer(label, (("device", other.device),)))
    if own is not None and 0 < own.largest < found.batch:
        smaller = Offer(tr("Use batch {size}", size=f"{own.largest:,}"), (("batch_size", own.largest),))
        made = [smaller, *(one for one in made if one.changes[0][0] != "batch_size")]
    return tuple(made)


def faster_batch(found: Preflight) -> tuple[BatchSpeed, float] | None:
    """The smallest larger batch that saves time worth speaking of, and how many times as fast an epoch is with it."""
    better, own = _faster(found), found.own
    if better is None or own is None:
        return None
    return better if own.run_seconds * (1 - 1 / better[1]) >= _WORTH_SECONDS else None


def _faster(found: Preflight) -> tuple[BatchSpeed, float] | None:
    """The smallest larger batch that is clearly faster per epoch where the run goes on, and how many times."""
    own = found.own
    speeds = {one.batch: one for one in own.speeds} if own is not None else {}
    if own is None or found.batch not in speeds:
        return None
    now = speeds[found.batch].per_second
    larger = [one for one in speeds.values() if found.batch < one.batch <= min(own.largest, _LARGER * found.batch)]
    most = max((one.per_second for one in larger), default=0.0)
    better = next((one for one in larger if one.per_second >= _NEARLY * most), None)
    if better is None or better.per_second < _FASTER * now:
        return None
    return better, better.per_second / now


def faster_device(found: Preflight) -> DeviceOutlook | None:
    """Another device that is clearly faster than the one that the run will use; None: none."""
    own = found.own
    if own is None or own.run_seconds < _WORTH_SECONDS:
        return None
    others = [one for one in found.devices if not one.trouble and one.batches and one is not own]
    best = min(others, key=lambda one: one.run_seconds, default=None)
    return best if best is not None and best.run_seconds * _DEVICE_FASTER <= own.run_seconds else None
