"""What holds for all long calls: progress, Ctrl-C, threads, messages, nothing left behind."""

import gc
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import QUICK

import vidclass
from vidclass._progress import shown


def test_an_epoch_is_told_as_it_ends(rows, tmp_path):
    epochs = []
    vidclass.train(
        vidclass.Dataset.from_clips(rows), tmp_path / "m.safetensors", on_epoch=epochs.append,
        **QUICK,
    )
    assert [each.epoch for each in epochs] == [1, 2, 3]
    assert 0 <= epochs[0].val_top1 <= 1


def test_a_training_is_that_of_the_program(rows, program, tmp_path):
    data = vidclass.Dataset.from_clips(rows)
    data.write(tmp_path / "d.csv")
    vidclass.train(data, tmp_path / "a.safetensors", **QUICK)
    program(
        "train", tmp_path / "d.csv", "-o", tmp_path / "b.safetensors", "--backbone", "mini",
        "--frames", 4, "--head", "mean", "--epochs", 3,
    )
    a, b = (vidclass.load(tmp_path / name) for name in ("a.safetensors", "b.safetensors"))
    clip = rows[0].path
    assert a.predict(clip).probabilities.tobytes() == b.predict(clip).probabilities.tobytes()


def test_what_a_callback_raises_stops_the_work(rows, tmp_path):
    def stop(epoch):
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        vidclass.train(
            vidclass.Dataset.from_clips(rows), tmp_path / "m.safetensors", on_epoch=stop,
            **{**QUICK, "epochs": 100_000},
        )


def test_progress_is_told_to_a_function(data):
    told = []
    vidclass.read_frames(
        sorted(data.glob("Rise/*.avi")), progress=lambda *state: told.append(state)
    )
    assert told[-1][:3] == ("read frames", 6, 6)


def test_a_bar_shows_each_stage(capsys):
    with shown(True) as tell:
        tell("extract", 1, 2, "")
        time.sleep(0.6)  # work of a moment shows none
        tell("extract", 2, 2, "24.1 frames/s")
    err = capsys.readouterr().err
    assert "extract" in err and "2/2" in err and "24.1 frames/s" in err


def test_no_bar_is_shown_where_nobody_sees_one():
    with shown(None) as tell:
        assert tell is None


def test_ctrl_c_stops_a_call(rows, tmp_path):
    """In a process of its own, whose only thread is in the call."""
    vidclass.Dataset.from_clips(rows).write(tmp_path / "d.csv")
    script = f"""
import vidclass
try:
    vidclass.train({str(tmp_path / "d.csv")!r}, {str(tmp_path / "m.safetensors")!r},
                   on_epoch=lambda e: print(e.epoch, flush=True),
                   **{{**{QUICK!r}, "epochs": 1000000}})
except KeyboardInterrupt:
    print("interrupted")
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    process.stdout.readline()  # the first epoch has ended
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert out.splitlines()[-1] == "interrupted" and process.returncode == 0
    assert time.monotonic() - start < 20
    assert (tmp_path / "m.safetensors").exists()  # the best epochs so far


def test_other_threads_run_meanwhile(data, model):
    """The interpreter's lock is released."""
    beats = []
    stop = threading.Event()

    def beat():
        while not stop.wait(0.001):
            beats.append(time.monotonic())

    thread = threading.Thread(target=beat)
    thread.start()
    start = time.monotonic()
    model.predict(sorted(data.rglob("*.avi")))
    end = time.monotonic()
    stop.set()
    thread.join()
    within = [each for each in beats if start < each < end]
    assert len(within) > 0.2 * (end - start) / 0.02


def test_threads_may_share_a_model(model, data):
    paths = sorted(data.glob("*/*_g01_c01.avi"))
    alone = [model.predict(path).probabilities.tobytes() for path in paths]
    together = [None] * len(paths)

    def predict(place):
        together[place] = model.predict(paths[place]).probabilities.tobytes()

    threads = [threading.Thread(target=predict, args=(i,)) for i in range(len(paths))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_messages_go_to_the_log(rows, broken, tmp_path, caplog):
    data = vidclass.Dataset.from_clips(
        [*rows, vidclass.LabelledClip(str(broken), "Rise", "gx", "train")]
    )
    with caplog.at_level(logging.WARNING, "vidclass"):
        report = vidclass.train(data, tmp_path / "m.safetensors", **QUICK)
    assert any("broken.avi" in record.getMessage() for record in caplog.records)
    assert report.unusable[0][0] == str(broken)


def test_exceptions_can_be_pickled(broken):
    error = vidclass.ClipError(broken, "why")
    again = pickle.loads(pickle.dumps(error))
    assert (again.path, again.reason, str(again)) == (str(broken), "why", f"{broken}: why")


def test_usage_errors_are_value_errors():
    assert issubclass(vidclass.UsageError, ValueError) and issubclass(
        vidclass.UsageError, vidclass.Error
    )


def test_a_name_that_is_not_utf8_is_told(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff.avi"
    found = vidclass.read_frames([os.fsdecode(path)])
    assert found[0].error == "file not found" and os.fsencode(found[0].name) == path


def _kilobytes():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def test_calls_leave_nothing_behind(model):
    """Memory, threads, references: of many calls no more than of a few. bench/python.sh makes
    10,000."""
    frames = np.random.default_rng(1).integers(0, 255, (4, 64, 64, 3), np.uint8)

    def calls(count):
        for _ in range(count):
            model.predict(frames)
        gc.collect()

    calls(200)
    before = (_kilobytes(), threading.active_count(), len(os.listdir("/proc/self/task")))
    references = sys.getrefcount(frames), len(gc.get_objects())
    calls(400)
    after = (_kilobytes(), threading.active_count(), len(os.listdir("/proc/self/task")))
    assert after[0] - before[0] < 8000 and after[1:] == before[1:]
    assert sys.getrefcount(frames) == references[0]
    assert len(gc.get_objects()) - references[1] < 50
