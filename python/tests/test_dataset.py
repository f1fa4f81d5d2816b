"""Data sets: from disk, from tables, from lists."""

import json

import pytest

import vidclass


def test_a_folder_is_read_as_the_program_reads_it(data, program):
    found = vidclass.Dataset(data)
    told = program("scan", data, "--quick")
    assert len(found) == told["clips"]
    assert found.classes == sorted(found.classes) and len(found.classes) == 8


def test_what_was_written_is_read_back(rows, tmp_path):
    data = vidclass.Dataset.from_clips(rows)
    data.write(tmp_path / "d.csv")
    again = vidclass.Dataset(tmp_path / "d.csv")
    assert again.labels == data.labels and again.splits == data.splits
    assert again.groups == data.groups


def test_a_file_that_is_there_is_kept(rows, tmp_path):
    file = tmp_path / "d.csv"
    file.write_text("mine")
    with pytest.raises(vidclass.UsageError, match="there already"):
        vidclass.Dataset.from_clips(rows).write(file)
    assert file.read_text() == "mine"


def test_lists_are_one_clip_each(rows):
    data = vidclass.Dataset.from_lists(
        [row.path for row in rows], [row.label for row in rows], splits=[row.split for row in rows]
    )
    assert data.clips[0].label == rows[0].label
    assert data.groups[0] == rows[0].path


def test_lists_of_several_lengths_are_refused():
    with pytest.raises(vidclass.UsageError, match="2, 1"):
        vidclass.Dataset.from_lists(["a", "b"], ["x"])


def test_labels_that_are_numbers_are_sorted_as_numbers():
    data = vidclass.Dataset.from_lists(["a", "b", "c"], [10, 9, 2])
    assert data.classes == ["2", "9", "10"]


def test_a_table_of_pandas_may_lack_groups_and_splits(rows):
    pandas = pytest.importorskip("pandas", reason="SKIPPED: no pandas")
    table = pandas.DataFrame(
        {"file": [row.path for row in rows], "label": [row.label for row in rows], "end": None}
    )
    data = vidclass.Dataset.from_pandas(table, path="file")
    assert data.paths == [row.path for row in rows] and data.clips[0].end is None


def test_a_table_without_labels_is_refused():
    pandas = pytest.importorskip("pandas", reason="SKIPPED: no pandas")
    with pytest.raises(vidclass.UsageError, match="'label'"):
        vidclass.Dataset.from_pandas(pandas.DataFrame({"path": ["a"]}))


def test_a_video_folder_has_the_splits_of_its_folders(tmp_path):
    for split in ("train", "validation", "test"):
        (tmp_path / split).mkdir()
        (tmp_path / split / "metadata.csv").write_text("file_name,label\na.mp4,x\nb.mp4,y\n")
    data = vidclass.Dataset.from_video_folder(tmp_path)
    assert sorted(set(data.splits)) == ["test", "train", "val"]
    assert str(tmp_path / "train" / "a.mp4") in data.paths


def test_a_video_folder_may_have_json_lines(tmp_path):
    lines = [{"file_name": "a.mp4", "action": 0}, {"file_name": "b.mp4", "action": 1}]
    (tmp_path / "metadata.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert vidclass.Dataset.from_video_folder(tmp_path, label="action").labels == ["0", "1"]


def test_a_video_folder_without_metadata_is_an_error(tmp_path):
    with pytest.raises(vidclass.Error, match="metadata.csv"):
        vidclass.Dataset.from_video_folder(tmp_path)


def test_a_clip_without_a_label_is_named(tmp_path):
    (tmp_path / "metadata.csv").write_text("file_name,label\na.mp4,x\nb.mp4,\n")
    with pytest.raises(vidclass.Error, match="clip 2 has no label"):
        vidclass.Dataset.from_video_folder(tmp_path)


def test_a_split_keeps_all_classes(rows):
    data = vidclass.Dataset.from_clips(rows)
    assert data.of_split("val").classes == data.classes
    assert len(data.of_split("val")) == 2


def test_a_part_keeps_all_classes(rows):
    data = vidclass.Dataset.from_clips(rows)[:3]
    assert len(data) == 3 and len(data.classes) == 2


def test_what_cannot_be_is_told_when_it_is_used(tmp_path):
    data = vidclass.Dataset.from_lists(["a.mp4", "a.mp4"], ["x", "y"])
    with pytest.raises(vidclass.UsageError, match="listed twice"):
        data.write(tmp_path / "d.csv")


def test_a_layout_that_does_not_fit_is_refused(data):
    with pytest.raises(vidclass.UsageError, match="kinetics"):
        vidclass.Dataset(data, layout="kinetics")
