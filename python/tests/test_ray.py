"""Clips on a local Ray cluster."""

import os
from pathlib import Path

import numpy as np
import pytest

# Read when Ray is imported: the cluster is of this machine alone, on the loopback interface, and
# tells nobody of itself.
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
ray = pytest.importorskip("ray", reason="SKIPPED: no Ray")

import vidclass
from vidclass.ray import Extractor, Predictor

MINI = {"backbone": "mini", "frames": 4}


@pytest.fixture(scope="module")
def cluster(user_cache):
    """Of two CPUs."""
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=100 << 20,
        runtime_env={"env_vars": {"XDG_CACHE_HOME": str(user_cache), "VIDCLASS_OFFLINE": "1"}},
    )
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def paths(data):
    return [str(path) for path in sorted(data.glob("*/*.avi"))]


def by_path(rows):
    assert len({row["path"] for row in rows}) == len(rows)  # none twice
    return {row["path"]: row for row in rows}


@pytest.mark.usefixtures("cluster")
def test_two_workers_give_what_one_process_gives(paths, broken, tmp_path):
    clips = ray.data.from_items([{"path": path} for path in [*paths, str(broken)]])
    clips.map_batches(
        Extractor, fn_constructor_kwargs=MINI, concurrency=2, num_cpus=1, batch_size=4
    ).write_parquet(str(tmp_path / "features"))
    rows = by_path(ray.data.read_parquet(str(tmp_path / "features")).take_all())
    expected = vidclass.extract(paths, **MINI, cache=False)
    for path, values in zip(paths, expected, strict=True):
        assert np.asarray(rows[path]["features"], np.float32).tobytes() == values.tobytes()
        assert rows[path]["error"] == ""
    assert rows[str(broken)]["error"] != ""


@pytest.mark.usefixtures("cluster")
def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(paths, tmp_path):
    mark = tmp_path / "died"

    class DiesOnce(Extractor):
        """Kills its process before its third batch, if no process has died so before."""

        def __init__(self, mark, **options):
            super().__init__(**options)
            self.mark = mark
            self.batches = 0

        def __call__(self, batch):
            self.batches += 1
            if self.batches == 3:
                try:
                    os.close(os.open(self.mark, os.O_CREAT | os.O_EXCL))
                    os.kill(os.getpid(), 9)
                except FileExistsError:
                    pass
            return super().__call__(batch)

    clips = ray.data.from_items([{"path": path} for path in paths], override_num_blocks=12)
    table = clips.map_batches(
        DiesOnce, fn_constructor_kwargs={"mark": str(mark), **MINI}, concurrency=2, num_cpus=1,
        batch_size=4,
    )
    found = sorted(row["path"] for row in table.take_all())
    assert mark.exists() and found == sorted(paths)


def test_bytes_give_what_their_file_gives(paths):
    """As all below, without a cluster: what is called with a batch is a plain object."""
    batch = {"bytes": np.array([Path(paths[0]).read_bytes()], dtype=object)}
    (found,) = Extractor(**MINI)(batch)["features"]
    expected = vidclass.extract(paths[0], **MINI, cache=False)[0]
    assert found.tobytes() == expected.tobytes()


def test_means_are_of_one_shape(paths, broken):
    batch = Extractor(**MINI, mean=True)({"path": np.array([paths[0], str(broken)])})
    assert batch["features"][0].shape == batch["features"][1].shape
    assert np.isnan(batch["features"][1]).all()


def test_predictions_are_those_of_the_model(paths, model, model_file, broken):
    batch = Predictor(model_file)({"path": np.array([paths[0], str(broken)])})
    expected = model.predict(paths[0])
    assert batch["probabilities"][0].tolist() == expected.probabilities.tolist()
    assert batch["label"].tolist() == [expected.label, ""]
    assert batch["error"][0] == "" and batch["error"][1] != ""


def test_rows_without_clips_are_refused():
    with pytest.raises(vidclass.UsageError, match="path or bytes"):
        Extractor(**MINI)({"name": np.array(["a"])})
