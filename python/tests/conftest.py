"""Synthetic clips, a model of them, and the program to compare with.

$VIDCLASS_PROGRAM names the program; ctest sets it.
"""

import json
import os
import subprocess

import pytest

import vidclass


@pytest.fixture(scope="session", autouse=True)
def user_cache(tmp_path_factory):
    """The user's cache folder of these tests, and of the programs that they start."""
    folder = tmp_path_factory.mktemp("cache")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    os.environ["VIDCLASS_OFFLINE"] = "1"
    return folder


@pytest.fixture(scope="session")
def program():
    """Runs the program with --json and gives its document back."""
    name = os.environ.get("VIDCLASS_PROGRAM")
    if not name:
        pytest.skip("SKIPPED: $VIDCLASS_PROGRAM is not set")

    def run(*words):
        done = subprocess.run(
            [name, *map(str, words), "--json"], capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 3), done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="session")
def data(program, tmp_path_factory):
    """Eight classes of six clips, a folder each."""
    folder = tmp_path_factory.mktemp("data") / "clips"
    program("generate", folder, "--groups", "6", "--clips-per-group", "1")
    return folder


@pytest.fixture(scope="session")
def rows(data):
    """Of two classes, with splits."""
    splits = ["train"] * 4 + ["val", "test"]
    return [
        vidclass.LabelledClip(str(path), label, f"g{group}", split)
        for label in ("Rise", "Brighten")
        for group, (path, split) in enumerate(
            zip(sorted((data / label).glob("*.avi")), splits, strict=True)
        )
    ]


@pytest.fixture(scope="session")
def clip(data):
    return sorted((data / "Rise").glob("*.avi"))[0]


QUICK = {"backbone": "mini", "frames": 4, "head": "mean", "epochs": 3}


@pytest.fixture(scope="session")
def model_file(rows, tmp_path_factory):
    file = tmp_path_factory.mktemp("model") / "m.safetensors"
    vidclass.train(vidclass.Dataset.from_clips(rows), file, **QUICK)
    return file


@pytest.fixture(scope="session")
def model(model_file):
    return vidclass.load(model_file)


@pytest.fixture
def broken(tmp_path):
    file = tmp_path / "broken.avi"
    file.write_text("no video")
    return file
