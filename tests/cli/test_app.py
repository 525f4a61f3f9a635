"""The commands, run in this process."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from fmstudio import paths, words
from fmstudio.cli import app as cli
from fmstudio.cli import output as cli_output
from fmstudio.cli import training as cli_training
from fmstudio.cli.surroundings import LackingError
from fmstudio.data.library import load_images
from fmstudio.errors import UserError
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import TABLES, to_mapping
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.training.control import Control

SMALL = ["--set", "dataset.train_size=600", "--set", "dataset.test_size=200"]
LINEAR = ["--set", "architecture.kind=softmax-regression", "--set", "epochs=1"]


def run(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], input=stdin)


def done(*arguments: str | Path) -> str:
    """What a command that succeeds prints; it must say nothing on stderr."""
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def printed(*arguments: str | Path) -> Any:
    return json.loads(done(*arguments))


def train(*arguments: str | Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done("train", *arguments, "--json").splitlines()]


def of_kind(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [event for event in events if event["event"] == kind]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="module")
def events(library: Path) -> list[dict[str, Any]]:
    """The events of a small run of the first lesson with one epoch."""
    return train("first-look", *SMALL, "--set", "epochs=1", "--library", library)


@pytest.fixture(scope="module")
def run_id(events: list[dict[str, Any]]) -> str:
    return str(events[0]["run"])


@pytest.fixture
def no_log_handlers_left() -> Iterator[None]:
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    logging.captureWarnings(False)
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()


class TestSpec:
    def test_alone_it_prints_the_first_lesson(self) -> None:
        assert printed("spec") == to_mapping(lesson("first-look").spec)

    def test_it_prints_a_lesson_with_settings_changed_in_order(self) -> None:
        changes = ["--set", "optimizer.lr=0.5", "--set", "optimizer.kind=sgd", "--set", "name=Night run"]
        values = printed("spec", "cnn", *changes, "--set", "batch_size=all")
        assert (values["optimizer"]["kind"], values["optimizer"]["lr"]) == ("sgd", 0.1)
        assert (values["name"], values["batch_size"]) == ("Night run", "all")

    def test_a_file_takes_defaults_for_what_it_leaves_out(self, tmp_path: Path) -> None:
        file = tmp_path / "spec.json"
        file.write_text('{"epochs": 3}', encoding="utf-8-sig")
        assert printed("spec", file, "--set", "seed=7") == to_mapping(read_spec({"epochs": 3, "seed": 7}))

    def test_a_minus_reads_the_standard_input(self) -> None:
        result = run("spec", "-", stdin='{"epochs": 4}')
        assert json.loads(result.stdout)["epochs"] == 4

    def test_what_it_prints_can_be_read_again(self, tmp_path: Path) -> None:
        file = tmp_path / "spec.json"
        file.write_text(done("spec", "cnn"), encoding="utf-8")
        assert printed("spec", file) == printed("spec", "cnn")

    def test_every_problem_is_named_with_its_path(self) -> None:
        result = run("spec", "--set", "optimizer.lr=20", "--set", "epochs=0", "--set", "optimizer.lrr=1")
        lines = result.stderr.splitlines()
        assert (result.exit_code, result.stdout) == (2, "")
        assert {line.partition(":")[0] for line in lines} == {"optimizer.lr", "epochs", "optimizer.lrr"}
        assert "optimizer.lr: must be at most 1 (Try --set optimizer.lr=0.001)" in lines

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "-1e400"])
    def test_numbers_that_are_not_finite_are_problems(self, value: str) -> None:
        result = run("spec", "--set", f"optimizer.lr={value}")
        assert result.exit_code == 2
        assert result.stderr.startswith("optimizer.lr: must be a finite number")

    def test_an_assignment_without_a_value_is_a_problem(self) -> None:
        result = run("spec", "--set", "epochs", "--set", "=3")
        assert result.exit_code == 2
        assert [line.partition(":")[0] for line in result.stderr.splitlines()] == ["--set", "--set"]

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "is not JSON: Expecting value in line 1, column 1."),
            (b'{"epochs": 2,\n}', "is not JSON: .* in line [12], column"),
            (b"[1, 2]", "it holds no JSON object"),
            (b"null", "it holds no JSON object"),
            (b'{"epochs": NaN}', "is not JSON: NaN is not a number there."),
            (b'{"optimizer": {"kind": "adam", "lr": -Infinity}}', "is not JSON: -Infinity is not a number there."),
            (b"\xff\xfe\x00", "is not a text in UTF-8"),
            (b"[" * 100_000, "is not JSON: it is nested too deep."),
            (b'{"seed": ' + b"9" * 5000 + b"}", "is not JSON: .*digit"),
        ],
    )
    def test_a_file_that_is_no_spec_is_refused_in_a_sentence(
        self, tmp_path: Path, content: bytes, sentence: str
    ) -> None:
        file = tmp_path / "spec.json"
        file.write_bytes(content)
        result = run("spec", file)
        assert (result.exit_code, result.stdout) == (2, "")
        assert re.search(sentence, result.stderr)
        assert result.stderr.startswith(str(file))
        assert len(result.stderr.splitlines()) == 1

    def test_a_file_that_is_not_there_and_a_folder_are_refused(self, tmp_path: Path) -> None:
        missing, folder = run("spec", tmp_path / "none.json"), run("spec", tmp_path)
        assert (missing.exit_code, folder.exit_code) == (2, 2)
        assert missing.stderr == f"There is no file {tmp_path / 'none.json'}.\n"
        assert folder.stderr.startswith(f"{tmp_path} is a folder; a spec is a file.")

    def test_a_name_that_is_neither_file_nor_lesson_is_refused(self) -> None:
        result = run("spec", "frist-look")
        assert result.exit_code == 2
        assert "Did you mean “first-look”?" in result.stderr
        assert "The lessons are: first-look, untrained, line, " in result.stderr


class TestLists:
    def test_the_catalogue_names_every_choice_and_setting(self) -> None:
        values = printed("catalog", "--json")
        assert set(values) == {*TABLES, "experiment"}
        for key, table in TABLES.items():
            assert [choice["kind"] for choice in values[key]] == list(table)
        adam = next(choice for choice in values["optimizer"] if choice["kind"] == "adam")
        rate = next(setting for setting in adam["settings"] if setting["path"] == "optimizer.lr")
        assert (rate["default"], rate["limits"], rate["level"]) == (0.001, {"gt": 0, "le": 1}, "basic")
        assert {setting["path"] for setting in values["experiment"]} >= {"epochs", "batch_size", "device", "seed"}

    def test_the_catalogue_as_text_shows_default_and_limits(self) -> None:
        text = done("catalog")
        assert re.search(r"optimizer\.lr +0\.001 +> 0, ≤ 1 +Learning rate", text)
        assert re.search(r"architecture\.activation +\"relu\" +relu \| leaky-relu", text)

    def test_the_lessons_come_in_the_order_of_the_course(self) -> None:
        values = printed("lessons", "--json")
        assert values[0]["id"] == "first-look"
        assert [one["order"] for one in values] == sorted(one["order"] for one in values)
        assert all(one["spec"]["version"] == 1 and one["steps"] and one["story"] for one in values)
        assert [line.split()[0] for line in done("lessons").splitlines()] == [one["id"] for one in values]

    def test_a_lesson_is_listed_as_its_file_has_it(self) -> None:
        values = next(one for one in printed("lessons", "--json") if one["id"] == "batches")
        assert values["goal"] == [{"figure": "difference", "at_most": 0.02}]
        assert values["tries"][1] == {"title": "One point a step", "changes": {"batch_size": 1, "epochs": 3}}
        assert values["shows"] == ["batch_size", "epochs", "optimizer.lr"]
        assert values["places"] == ["trainButton", "curvesPanel", "batch_size"]
        assert values["questions"][0]["question"] == "Can the whole set reach the goal too?"

    def test_a_library_without_runs_is_no_failure(self, tmp_path: Path) -> None:
        assert printed("runs", "--json", "--library", tmp_path) == []
        assert done("runs", "--library", tmp_path / "not-there") == "There is no run yet.\n"

    def test_columns_stand_under_one_another_in_chinese_too(self) -> None:
        lines = cli_output.table([("数据集", "10"), ("ab", "7")], right=(1,)).splitlines()
        assert [cli_output.width(line) for line in lines] == [10, 10]
        assert lines[1] == "ab       7"

    def test_a_cell_of_two_lines_becomes_one(self) -> None:
        assert cli_output.table([("精确率\nprecision", "x")]) == "精确率 precision  x"


class TestTrain:
    def test_one_event_a_line_and_nothing_else(self, events: list[dict[str, Any]]) -> None:
        kinds = [next(iter(event.items())) for event in events]
        assert {key for key, _ in kinds} == {"event"}
        assert [kind for _, kind in kinds if kind in {"RunStarted", "EpochEnded", "RunEnded"}] == [
            "RunStarted",
            "EpochEnded",
            "EpochEnded",
            "RunEnded",
        ]
        assert not of_kind(events, "PicturesWatched")
        assert of_kind(events, "EpochEnded")[0]["train_loss"] is None
        assert events[-1]["status"] == "finished"

    def test_the_folder_of_the_run_holds_it(self, events: list[dict[str, Any]], run_id: str, library: Path) -> None:
        folder = RunFolder(library / run_id)
        loaded = load_run(folder)
        assert folder.weights.is_file()
        assert [epoch.test_accuracy for epoch in loaded.epochs] == [
            event["test_accuracy"] for event in of_kind(events, "EpochEnded")
        ]
        assert events[0]["test_size"] == len(loaded.epochs[-1].predictions) == 200

    def test_the_same_spec_gives_the_same_bits(
        self, events: list[dict[str, Any]], library: Path, tmp_path: Path
    ) -> None:
        again = train("first-look", *SMALL, "--set", "epochs=1", "--library", tmp_path)
        assert _figures(again) == _figures(events)
        weights = [next(folder.glob("*/weights.safetensors")).read_bytes() for folder in (library, tmp_path)]
        assert weights[0] == weights[1]

    def test_another_seed_gives_other_bits(self, events: list[dict[str, Any]], tmp_path: Path) -> None:
        other = train("first-look", *SMALL, "--set", "epochs=1", "--set", "seed=1", "--library", tmp_path)
        assert _figures(other) != _figures(events)

    def test_without_json_an_epoch_is_a_line(self, tmp_path: Path) -> None:
        lines = done("train", "cnn", *SMALL, *LINEAR, "--set", "epochs=2", "--library", tmp_path).splitlines()
        assert lines[0].startswith("Run ")
        assert lines[1].startswith("Untrained: ")
        assert re.fullmatch(
            r"Epoch 2 of 2 · loss [\d.]+ · [\d.]+ % of the training pictures right · .* · [\d.]+ s", lines[3]
        )
        assert re.match(r"\d+ % of 200 test pictures right\. Guessing: 10 %\. People: 83\.5 %\.", lines[4])
        assert lines[-1].startswith(f"The run is in {tmp_path}")

    def test_chinese_is_spoken_where_it_is_asked_for(self) -> None:
        words.set_language("zh_CN")
        assert words.language() == "zh_CN"
        run("--language", "en", "lessons")
        assert words.language() == "en"
        run("--language", "zh_CN", "lessons")
        assert words.language() == "zh_CN"

    def test_validation_pictures_are_counted_too(self, tmp_path: Path) -> None:
        events = train("cnn", *SMALL, *LINEAR, "--set", "validation=0.25", "--library", tmp_path)
        assert (events[0]["train_size"], events[0]["validation_size"]) == (450, 150)
        assert 0 < of_kind(events, "EpochEnded")[-1]["validation_accuracy"] < 1

    def test_a_run_whose_loss_becomes_infinite_fails_with_a_remedy(self, tmp_path: Path) -> None:
        wild = ["--set", "optimizer.kind=sgd", "--set", "optimizer.lr=10", "--set", "optimizer.maximize=true"]
        deep = ["--set", "architecture.kind=mlp", "--set", "architecture.hidden=[64,64,64]", "--set", "epochs=20"]
        result = run("train", "cnn", *SMALL, *wild, *deep, "--json", "--library", tmp_path)
        last = json.loads(result.stdout.splitlines()[-1])
        assert (result.exit_code, last["event"], last["status"]) == (1, "RunEnded", "failed")
        assert re.match(r"Failed at step \d+: the loss became infinite\.", result.stderr)
        assert result.stderr.splitlines()[-1] == "Try --set optimizer.lr=0.1"

    def test_a_device_that_is_not_there_is_a_problem_at_its_path(self, tmp_path: Path) -> None:
        result = run("train", "cnn", "--set", "device=cuda:77", "--library", tmp_path)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("device: there is no “cuda:77” here")
        assert list(tmp_path.iterdir()) == []

    def test_a_library_that_cannot_be_written_is_a_sentence(self, tmp_path: Path) -> None:
        blocked = tmp_path / "file"
        blocked.write_text("not a folder", encoding="utf-8")
        result = run("train", "cnn", *SMALL, "--json", "--library", blocked)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(str(blocked))
        assert "cannot be written" in result.stderr

    def test_a_home_that_cannot_be_written_is_a_sentence(self, studio_home: Path) -> None:
        studio_home.write_text("not a folder", encoding="utf-8")
        result = run("train", "cnn", *SMALL)
        assert result.exit_code == 1
        assert "cannot be written" in result.stderr

    def test_a_disk_that_fills_up_ends_the_run_as_failed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(path: Path, content: bytes | str) -> None:
            raise UserError("The disk is full.", "Free some space.")

        from_now_on = "fmstudio.runs.recorder.weights_bytes"
        monkeypatch.setattr(from_now_on, lambda weights: refuse(tmp_path, b""))
        result = run("train", "cnn", *SMALL, "--json", "--library", tmp_path)
        last = json.loads(result.stdout.splitlines()[-1])
        assert (last["event"], last["status"], last["message"]) == ("RunEnded", "failed", "The disk is full.")
        assert (result.exit_code, result.stderr) == (1, "The disk is full. Free some space.\n")

    def test_a_reader_who_goes_stops_the_run_and_keeps_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown: list[str] = []

        def show(event: object, run: object) -> None:
            shown.append(type(event).__name__)
            if shown[-1] == "StepsTaken":
                raise BrokenPipeError

        monkeypatch.setattr(cli_training, "_show_json", show)
        spec = read_spec(printed("spec", "first-look", *SMALL, "--set", "epochs=1000"))
        assert cli_training.train(spec, Control(), tmp_path, as_json=True) == 130
        assert shown[-1] == "StepsTaken"
        folder = RunFolder(next(tmp_path.iterdir()))
        ended = load_run(folder).ended
        assert ended is not None
        assert ended.status == "stopped"
        assert folder.weights.is_file()


def _figures(events: list[dict[str, Any]]) -> list[Any]:
    """All that a run computed, without what a clock decides."""
    losses = [loss for event in of_kind(events, "StepsTaken") for loss in event["losses"]]
    clock = {"seconds", "evaluation_seconds"}
    epochs = [{key: event[key] for key in event if key not in clock} for event in of_kind(events, "EpochEnded")]
    return [losses, epochs]


class TestResume:
    def test_a_stopped_run_goes_on_to_the_end_of_one_that_never_stopped(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = of_kind(train("first-look", *SMALL, "--library", tmp_path / "whole"), "EpochEnded")
        control = Control()
        monkeypatch.setattr(cli, "Control", lambda: control)
        taken = 0

        def stop_at_third(self: Control) -> bool:
            nonlocal taken
            taken += 1
            if taken == 3:
                self.stop()
            return False

        monkeypatch.setattr(Control, "slow", property(stop_at_third))
        stopped = run("train", "first-look", *SMALL, "--library", tmp_path / "part", "--json")
        assert stopped.exit_code == 130
        monkeypatch.undo()
        (path,) = (tmp_path / "part").iterdir()
        lines = done("resume", path.name, "--library", tmp_path / "part", "--json").splitlines()
        events = [json.loads(line) for line in lines]
        assert events[0]["event"] == "RunResumed"
        assert 0 < events[0]["step"] < 5
        again = [{**one, "seconds": 0, "evaluation_seconds": 0} for one in of_kind(events, "EpochEnded")]
        assert again == [{**one, "seconds": 0, "evaluation_seconds": 0} for one in whole[1:]]

    def test_a_finished_run_is_refused_with_a_sentence(self, library: Path, run_id: str) -> None:
        result = run("resume", run_id, "--library", library)
        assert result.exit_code == 1
        assert "has come to its end" in result.stderr

    def test_what_differs_needs_a_yes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        control = Control()
        control.stop()
        cli_training.train(read_spec(lesson("softmax").draft), control, tmp_path, as_json=True)
        (path,) = tmp_path.iterdir()
        folder = RunFolder(path)
        folder.spec.write_text(folder.spec.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        result = run("resume", path.name, "--library", tmp_path)
        assert result.exit_code == 1
        assert "Its settings were changed since it began." in result.stderr
        assert "With --yes it goes on." in result.stderr


class TestRuns:
    def test_the_list_says_how_each_run_went(self, run_id: str, library: Path) -> None:
        (listed,) = printed("runs", "--json", "--library", library)
        assert (listed["run"], listed["name"], listed["status"]) == (run_id, "First look", "finished")
        assert listed["epochs_done"] == 1
        assert run_id in done("runs", "--library", library)

    def test_one_run_is_shown_whole(self, events: list[dict[str, Any]], run_id: str, library: Path) -> None:
        whole = printed("runs", "show", run_id, "--json", "--library", library)
        assert read_spec(whole["spec"]).dataset.train_size == 600
        assert whole["losses"] == [loss for event in of_kind(events, "StepsTaken") for loss in event["losses"]]
        assert [epoch["epoch"] for epoch in whole["epochs"]] == [0, 1]
        assert whole["environment"]["versions"]["torch"]
        assert whole == printed("runs", "--library", library, "show", run_id, "--json")

    def test_its_path_names_a_run_too(self, run_id: str, library: Path) -> None:
        text = done("runs", "show", library / run_id)
        assert text.startswith(f"{run_id} · First look · finished\n")
        assert len([line for line in text.splitlines() if re.match(r" +[01] ", line)]) == 2
        assert "dataset.train_size=600" in text
        assert "optimizer.lr=0.01" in text
        assert "Computed on cpu in " in text

    def test_a_damaged_run_hides_no_other(self, run_id: str, library: Path, tmp_path: Path) -> None:
        (tmp_path / run_id).symlink_to(library / run_id)
        (tmp_path / "broken").mkdir()
        (tmp_path / "broken" / "spec.json").write_text("{", encoding="utf-8")
        result = run("runs", "--json", "--library", tmp_path)
        assert {one["run"]: one["status"] for one in json.loads(result.stdout)} == {
            run_id: "finished",
            "broken": "damaged",
        }
        assert "broken" in result.stderr

    @pytest.mark.parametrize("command", [("runs", "show"), ("evaluate",), ("predict",)])
    def test_a_run_that_is_not_there_is_a_sentence(self, command: tuple[str, ...], library: Path) -> None:
        images = ["x.png"] if command == ("predict",) else []
        result = run(*command, "nothing", *images, "--library", library)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("There is no run “nothing”.")


class TestEvaluate:
    @pytest.mark.parametrize(("split", "count"), [("test", 200), ("train", 600)])
    def test_the_figures_belong_together(self, run_id: str, library: Path, split: str, count: int) -> None:
        values = printed("evaluate", run_id, "--split", split, "--json", "--library", library)
        matrix = np.array(values["confusion"])
        assert values["count"] == matrix.sum() == count
        assert values["right"] == matrix.trace() == round(values["accuracy"] * count)
        assert [one["support"] for one in values["classes"]] == matrix.sum(axis=1).tolist()
        assert values["classes"][6]["name"] == "Shirt"

    def test_the_test_pictures_give_what_the_run_recorded(
        self, events: list[dict[str, Any]], run_id: str, library: Path
    ) -> None:
        values = printed("evaluate", run_id, "--json", "--library", library)
        last = of_kind(events, "EpochEnded")[-1]
        assert (values["split"], values["accuracy"], values["loss"]) == (
            "test",
            last["test_accuracy"],
            last["test_loss"],
        )

    def test_a_reader_gets_tables(self, run_id: str, library: Path) -> None:
        text = done("evaluate", run_id, "--library", library)
        assert re.match(rf"Run {run_id}: [\d.]+ % of 200 test pictures right\.\n", text)
        assert len(re.findall(r"^T-shirt/top +22 ", text, re.MULTILINE)) == 1
        assert "9 Ankle boot" in text

    def test_another_split_is_wrong_usage(self, run_id: str, library: Path) -> None:
        result = run("evaluate", run_id, "--split", "tset", "--library", library)
        assert result.exit_code == 2
        assert "must be one of: train, test. Did you mean “test”?" in result.stderr

    def test_weights_that_are_missing_damaged_or_exchanged(self, run_id: str, library: Path, tmp_path: Path) -> None:
        copy = tmp_path / "copy"
        copy.mkdir()
        (copy / "spec.json").write_bytes((library / run_id / "spec.json").read_bytes())
        assert "has no weights yet" in _fails("evaluate", copy)
        (copy / "weights.safetensors").write_bytes(b"nonsense")
        assert "cannot be read as weights" in _fails("evaluate", copy)
        (copy / "weights.safetensors").write_bytes((library / run_id / "weights.safetensors").read_bytes())
        (copy / "spec.json").write_text(done("spec", "cnn", *LINEAR), encoding="utf-8")
        assert "do not fit its spec" in _fails("evaluate", copy)

    def test_a_run_from_a_gpu_can_be_asked_without_one(self, run_id: str, library: Path, tmp_path: Path) -> None:
        copy = tmp_path / "copy"
        copy.mkdir()
        values = json.loads((library / run_id / "spec.json").read_text(encoding="utf-8"))
        (copy / "spec.json").write_text(json.dumps(values | {"device": "cuda:77"}), encoding="utf-8")
        (copy / "weights.safetensors").write_bytes((library / run_id / "weights.safetensors").read_bytes())
        result = run("evaluate", copy, "--json")
        assert result.exit_code == 0
        assert "cuda:77" in result.stderr
        assert json.loads(result.stdout)["accuracy"] == load_run(RunFolder(library / run_id)).epochs[-1].test_accuracy


def _fails(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    return result.stderr


class TestPredict:
    def test_a_test_picture_in_a_file_gets_the_answer_that_was_recorded(
        self, run_id: str, library: Path, tmp_path: Path
    ) -> None:
        answers = load_run(RunFolder(library / run_id)).epochs[-1].predictions
        data = load_images("fashion-mnist")
        files = []
        for sample in answers.samples[:12]:
            files.append(tmp_path / f"{sample}.png")
            Image.fromarray(data.test.images[sample]).save(files[-1])
        values = printed("predict", run_id, *files, "--json", "--library", library)
        assert [one["index"] for one in values] == answers.predicted[:12].tolist()
        assert [one["class"] for one in values] == [data.classes[index] for index in answers.predicted[:12]]
        for one, probabilities in zip(values, answers.probabilities, strict=False):
            assert list(one["probabilities"].values()) == pytest.approx(probabilities.tolist(), abs=1e-3)

    def test_colour_transparency_depth_and_size_are_brought_into_shape(
        self, run_id: str, library: Path, tmp_path: Path
    ) -> None:
        picture = load_images("fashion-mnist").test.images[0]
        grey = Image.fromarray(picture)
        made = {
            "grey.png": grey,
            "large.png": grey.resize((280, 280), Image.Resampling.NEAREST),
            "colour.png": grey.convert("RGB"),
            "deep.png": Image.fromarray(picture.astype(np.uint16) * 257),
            "clear.png": Image.merge("RGBA", (*[Image.new("L", (28, 28), 255)] * 3, grey)),
        }
        for name, image in made.items():
            image.save(tmp_path / name)
        values = printed("predict", run_id, *(tmp_path / name for name in made), "--json", "--library", library)
        expected = list(values[0]["probabilities"].values())
        for one in values[1:]:
            assert list(one["probabilities"].values()) == pytest.approx(expected, abs=0.02), one["image"]

    def test_a_reader_gets_three_classes_a_picture(self, run_id: str, library: Path, tmp_path: Path) -> None:
        Image.new("L", (50, 80), 200).save(tmp_path / "flat.jpg")
        line = done("predict", run_id, tmp_path / "flat.jpg", "--library", library)
        assert re.fullmatch(rf"{tmp_path / 'flat.jpg'}: (.+ [\d.]+ %(, )?){{3}}\n", line)

    def test_every_file_that_is_no_picture_is_named(self, run_id: str, library: Path, tmp_path: Path) -> None:
        Image.new("L", (28, 28)).save(tmp_path / "good.png")
        cut = (tmp_path / "good.png").read_bytes()[:-20]
        (tmp_path / "cut.png").write_bytes(cut)
        (tmp_path / "text.png").write_text("no picture", encoding="utf-8")
        names = ["good.png", "cut.png", "text.png", "missing.png", "."]
        result = run("predict", run_id, *(tmp_path / name for name in names), "--library", library)
        assert (result.exit_code, result.stdout) == (2, "")
        assert len(result.stderr.splitlines()) == 4
        for name in names[1:]:
            assert str(tmp_path / name) in result.stderr


class TestWindow:
    @pytest.fixture
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...], dict[str, Any]]]:
        """What was opened: the function's name and its arguments."""
        calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

        def load(name: str) -> Any:
            return lambda *arguments, **named: calls.append((name, arguments, named)) or 0

        monkeypatch.setattr(cli, "load", load)
        monkeypatch.setattr(cli, "require_window", lambda: None)
        return calls

    def test_alone_it_opens_the_window(self, opened: list[Any]) -> None:
        done()
        named = {"language": None, "theme": None, "size": None, "library": None}
        assert opened == [("fmstudio.ui.application.run", (), named)]

    def test_options_reach_the_window(self, opened: list[Any], tmp_path: Path) -> None:
        done("--language", "zh_CN", "--theme", "dark", "--size", "1280x720", "--library", tmp_path)
        named = {"language": "zh_CN", "theme": "dark", "size": (1280, 720), "library": tmp_path}
        assert opened == [("fmstudio.ui.application.run", (), named)]

    def test_the_demo_saves_where_it_is_told(self, opened: list[Any], tmp_path: Path) -> None:
        done("--demo", "--out", tmp_path)
        assert [(name, arguments) for name, arguments, _ in opened] == [("fmstudio.ui.demo.run", (tmp_path,))]

    def test_open_passes_paths_on(self, opened: list[Any], tmp_path: Path) -> None:
        done("--theme", "dark", "open", "a.json", "b")
        ((name, _, named),) = opened
        assert name == "fmstudio.ui.application.run"
        assert (named["paths"], named["theme"]) == ([Path("a.json"), Path("b")], "dark")

    def test_the_status_of_the_window_is_that_of_the_command(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cli, "load", lambda name: lambda **named: 1)
        monkeypatch.setattr(cli, "require_window", lambda: None)
        assert run().exit_code == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--size", "big"),
            ("--size", "1x1"),
            ("--theme", "pink"),
            ("--language", "fr"),
            ("--out", "x"),
            ("--demo", "lessons"),
            ("--library", "x", "lessons"),
            ("open",),
            ("trian",),
        ],
    )
    def test_wrong_usage_is_told_in_a_sentence(self, opened: list[Any], arguments: tuple[str, ...]) -> None:
        result = run(*arguments)
        assert (result.exit_code, result.stdout, opened) == (2, "", [])
        assert "Error: " in result.stderr
        assert "Traceback" not in result.stderr

    def test_what_the_window_lacks_is_told_with_status_3(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def lack() -> None:
            raise LackingError("There is no display.", "Use another.")

        monkeypatch.setattr(cli, "require_window", lack)
        result = run()
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr == "There is no display. Use another.\n"


class TestLastResort:
    @pytest.mark.usefixtures("no_log_handlers_left")
    def test_a_fault_becomes_a_sentence_and_a_log(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cli, "catalog_text", lambda: 1 // 0)
        result = run("catalog")
        file = paths.logs() / "fmstudio.log"
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("A fault of the program ended this (ZeroDivisionError: ")
        assert result.stderr.endswith(f"The details are in {file}.\n")
        assert len(result.stderr.splitlines()) == 1
        assert "Traceback (most recent call last)" in file.read_text(encoding="utf-8")

    @pytest.mark.usefixtures("no_log_handlers_left")
    def test_a_fault_is_told_where_no_log_can_be_written(
        self, monkeypatch: pytest.MonkeyPatch, studio_home: Path
    ) -> None:
        studio_home.write_text("not a folder", encoding="utf-8")
        monkeypatch.setattr(cli, "catalog_text", lambda: 1 // 0)
        result = run("catalog")
        assert result.exit_code == 1
        assert re.fullmatch(r"A fault of the program ended this \(ZeroDivisionError: .*\)\.\n", result.stderr)

    @pytest.mark.parametrize(
        ("error", "status", "sentence"),
        [
            (UserError("It broke.", "Mend it."), 1, "It broke. Mend it.\n"),
            (LackingError("There is none."), 3, "There is none.\n"),
            (cli_output.WrongUsageError("No such thing."), 2, "No such thing.\n"),
            (MemoryError(), 1, "There is not enough memory for this.\n"),
            (KeyboardInterrupt(), 130, "Interrupted.\n"),
            (BrokenPipeError(), 1, ""),
        ],
    )
    def test_each_kind_of_failure_has_its_status(
        self, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, sentence: str
    ) -> None:
        def fail() -> str:
            raise error

        monkeypatch.setattr(cli, "catalog_text", fail)
        result = run("catalog")
        assert (result.exit_code, result.stdout, result.stderr) == (status, "", sentence)


class TestMain:
    def test_help_speaks_the_language_that_is_asked_for(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cli, "tr", lambda text, **values: f"<{words.language()}> {text}")
        for arguments in (["--language", "zh_CN", "--help"], ["--language=zh_CN", "lessons", "--help"]):
            with pytest.raises(SystemExit) as left:
                cli.main(arguments)
            assert left.value.code == 0
            assert "<zh_CN> List the lessons." in capsys.readouterr().out

    def test_the_language_of_the_system_is_spoken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LANGUAGE", "zh_CN:zh")
        with pytest.raises(SystemExit):
            cli.main(["lessons"])
        assert words.language() == "zh_CN"
