"""Features and frames."""

import numpy as np
import pytest

import vidclass

MINI = {"backbone": "mini", "frames": 4}


def test_arrays_are_those_of_the_program_to_the_bit(data, program, tmp_path):
    paths = sorted(data.glob("*/*_g01_c01.avi"))
    words = ["--backbone", "mini", "--frames", 4]
    program("extract", *paths, "-o", tmp_path / "arrays", *words, "--cache", tmp_path / "other")
    found = vidclass.extract(paths, **MINI, cache=tmp_path / "cache")
    for path, values in zip(paths, found, strict=True):
        told = np.load(tmp_path / "arrays" / f"{path.stem}.npy")
        assert values.tobytes() == told.tobytes() and values.shape == told.shape


def test_what_the_program_computed_is_found_again(data, program, tmp_path):
    path = sorted(data.glob("Rise/*.avi"))[0]
    vidclass.extract(path, **MINI, cache=tmp_path)
    document = program(
        "extract", path, "--cache", tmp_path, "--backbone", "mini", "--frames", 4, "--streams",
        "appearance",
    )
    assert document["cached"] == 1


def test_arrays_own_their_memory(clip):
    values = vidclass.extract(clip, **MINI)[0]
    assert values.base is not None and values.flags.c_contiguous and values.flags.writeable
    copy = values.copy()
    vidclass.extract(clip, **MINI)
    assert (values == copy).all()


def test_an_unusable_clip_has_no_array_but_an_error(clip, broken):
    found = vidclass.extract([clip, broken], **MINI)
    assert found[1] is None and list(found.errors) == [1]


def test_only_unusable_clips_are_an_error(broken):
    with pytest.raises(vidclass.Error, match="no clip is usable"):
        vidclass.extract(broken, **MINI)


def test_columns_name_the_values(clip):
    extractor = vidclass.Extractor(**MINI)
    assert extractor.width == extractor.extract(clip)[0].shape[1]
    assert extractor.columns[0] == "avg_0"


def test_without_a_cache_nothing_is_kept(clip, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    vidclass.extract(clip, **MINI, cache=False)
    assert not list(tmp_path.rglob("contents.tsv"))


def test_options_that_do_not_go_together_are_refused():
    with pytest.raises(vidclass.UsageError, match="pooling"):
        vidclass.Extractor(backbone="mini", pooling="avg,middle")


def test_a_choice_that_is_none_is_refused():
    with pytest.raises(vidclass.UsageError, match="uniform"):
        vidclass.Extractor(backbone="mini", sampling="some")


def test_a_table_of_pandas_has_a_row_a_clip(clip, broken):
    pandas = pytest.importorskip("pandas", reason="SKIPPED: no pandas")
    table = vidclass.extract([clip, broken], **MINI).to_pandas()
    assert isinstance(table, pandas.DataFrame)
    assert table["error"].tolist()[0] == "" and table["error"].tolist()[1] != ""
    assert table["avg_0"].isna().tolist() == [False, True]


def test_a_table_of_arrow_has_the_arrays(clip, broken):
    pytest.importorskip("pyarrow", reason="SKIPPED: no pyarrow")
    found = vidclass.extract([broken, clip], **MINI)
    table = found.to_arrow()
    assert table["features"].to_pylist()[0] is None
    assert np.array_equal(np.array(table["features"].to_pylist()[1], np.float32), found[1])
    assert table["error"].null_count == 1


def test_frames_are_squares_with_times(clip):
    found = vidclass.read_frames(clip, frames=5, size=48)
    assert found.pixels.shape == (5, 48, 48, 3) and found.pixels.dtype == np.uint8
    assert (np.diff(found.times) > 0).all()


def test_frames_of_a_list_come_in_its_order(data):
    paths = sorted(data.glob("*/*_g01_c01.avi"))
    found = vidclass.read_frames(paths, size=32)
    assert (found[2].pixels == vidclass.read_frames(paths[2], size=32).pixels).all()


def test_frames_of_an_unusable_clip_raise(broken):
    with pytest.raises(vidclass.ClipError):
        vidclass.read_frames(broken)
