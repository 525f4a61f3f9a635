from fmstudio.catalog.optimizers import Adam, Sgd
from fmstudio.catalog.schedules import OneCycle
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.choice import Frozen
from fmstudio.schema.setting import Setting, settings_of
from fmstudio.ui.steps import stepped


def setting_of(model: type[Frozen], name: str) -> Setting:
    return next(setting for setting in settings_of(model) if setting.name == name)


def walk(setting: Setting, value: float, direction: int, count: int) -> list[float]:
    seen = []
    for _ in range(count):
        value = stepped(setting, value, direction)
        seen.append(value)
    return seen


def test_rates_go_by_one_two_five() -> None:
    assert walk(setting_of(Adam, "lr"), 0.001, 1, 6) == [0.002, 0.005, 0.01, 0.02, 0.05, 0.1]
    assert walk(setting_of(Adam, "lr"), 0.01, -1, 4) == [0.005, 0.002, 0.001, 0.0005]


def test_a_value_between_goes_to_the_next_of_the_series() -> None:
    lr = setting_of(Adam, "lr")
    assert (stepped(lr, 0.03, 1), stepped(lr, 0.03, -1)) == (0.05, 0.02)


def test_a_limit_is_reached_but_not_passed() -> None:
    assert walk(setting_of(Adam, "lr"), 0.5, 1, 2) == [1.0, 1.0]
    assert walk(setting_of(Sgd, "momentum"), 0.9, 1, 3) == [0.95, 0.95, 0.95]
    assert walk(setting_of(ExperimentSpec, "epochs"), 2, -1, 3) == [1, 1, 1]


def test_a_rate_never_becomes_zero_but_a_decay_does() -> None:
    assert all(value > 0 for value in walk(setting_of(Adam, "lr"), 1e-9, -1, 40))
    decay = setting_of(Adam, "weight_decay")
    assert walk(decay, 2e-5, -1, 3) == [1e-5, 0.0, 0.0]
    assert stepped(decay, 0.0, 1) == 1e-5


def test_shares_move_by_a_twentieth() -> None:
    assert walk(setting_of(OneCycle, "pct_start"), 0.3, 1, 2) == [0.35, 0.4]


def test_whole_numbers_stay_whole_and_move_faster_when_large() -> None:
    epochs = setting_of(ExperimentSpec, "epochs")
    assert walk(epochs, 2, 1, 2) == [3, 4]
    assert stepped(epochs, 500, 1) == 510
    assert stepped(epochs, 1000, -1) == 990
    seed = setting_of(ExperimentSpec, "seed")
    large = stepped(seed, 2**62 + 1, 1)
    assert isinstance(large, int)
    assert large > 2**62 + 1


def test_a_batch_is_doubled_and_halved() -> None:
    batch = setting_of(ExperimentSpec, "batch_size")
    assert walk(batch, 100, 1, 2) == [200, 400]
    assert walk(batch, 3, -1, 3) == [1, 1, 1]


def test_a_value_beyond_its_limits_comes_back_to_them() -> None:
    assert stepped(setting_of(Adam, "lr"), 10.0, 1) == 1.0
    assert stepped(setting_of(ExperimentSpec, "epochs"), -5, 1) == 1
