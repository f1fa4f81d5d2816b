"""Models: predict, explain, evaluate."""

import numpy as np
import pytest

import vidclass


def probabilities(prediction):
    return prediction.probabilities.tolist()


def test_a_path_has_the_probabilities_that_the_program_gives(model, model_file, clip, program):
    document = program("predict", model_file, clip)
    told = {each["label"]: each["probability"] for each in document["clips"][0]["predictions"]}
    found = dict(model.predict(clip).top(2))
    assert {label: np.float32(value) for label, value in told.items()} == {
        label: np.float32(value) for label, value in found.items()
    }


def test_bytes_have_those_of_their_file(model, clip):
    assert probabilities(model.predict(clip.read_bytes())) == probabilities(model.predict(clip))


def test_frames_are_taken_from_an_array(model, clip):
    frames = vidclass.read_frames(clip, frames=8, size=64).pixels
    assert model.predict(frames).probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_frames_that_are_not_contiguous_are_taken_as_they_are(model, clip):
    frames = vidclass.read_frames(clip, frames=8, size=64).pixels
    doubled = np.repeat(frames, 2, axis=0)
    assert probabilities(model.predict(doubled[::2])) == probabilities(model.predict(frames))


def test_a_list_has_one_prediction_each_in_its_order(model, data):
    paths = sorted(data.glob("*/*_g01_c01.avi"))
    found = model.predict(paths)
    assert [each.name for each in found] == [str(path) for path in paths]
    assert probabilities(found[3]) == probabilities(model.predict(paths[3]))


def test_of_a_list_an_unusable_clip_has_an_error(model, clip, broken):
    found = model.predict([broken, clip])
    assert found[0].error and found[0].probabilities is None and found[0].label is None
    assert found[1].label in model.labels


def test_one_unusable_clip_raises(model, broken):
    with pytest.raises(vidclass.ClipError) as raised:
        model.predict(broken)
    assert raised.value.path == str(broken)
    assert str(raised.value) == f"{broken}: {raised.value.reason}"


def test_an_empty_list_has_no_predictions(model):
    assert model.predict([]) == []


def test_a_span_of_a_clip_has_frames_of_it(model, clip):
    assert model.predict(vidclass.Clip(clip, 0.2)).times.min() >= 0.2


@pytest.mark.parametrize(
    "frames",
    [
        np.zeros((3, 8, 8), np.uint8),
        np.zeros((3, 8, 8, 3), np.float32),
        np.zeros((3, 8, 8, 4), np.uint8),
    ],
)
def test_an_array_of_another_form_is_refused(model, frames):
    with pytest.raises(vidclass.UsageError, match="uint8 of shape"):
        model.predict(frames)


def test_an_array_without_frames_is_refused(model):
    with pytest.raises(vidclass.ClipError, match="no frames"):
        model.predict(np.zeros((0, 8, 8, 3), np.uint8))


def test_times_must_be_as_many_as_frames(clip):
    with pytest.raises(vidclass.UsageError, match="as many times"):
        vidclass.Clip(np.zeros((3, 8, 8, 3), np.uint8), times=[0, 1])


def test_a_model_that_is_not_there_is_a_usage_error(tmp_path):
    with pytest.raises(vidclass.UsageError, match="none.safetensors"):
        vidclass.load(tmp_path / "none.safetensors")


def test_a_file_that_is_no_model_is_an_error_of_one_line(broken):
    with pytest.raises(vidclass.Error) as raised:
        vidclass.load(broken)
    assert "\n" not in str(raised.value)


def test_an_unknown_option_is_named(model_file):
    with pytest.raises(TypeError, match="there is no option sequence"):
        vidclass.load(model_file, sequence=2)


def test_an_option_of_another_type_is_named(model_file):
    with pytest.raises(TypeError, match="threads has a value of the wrong type: 'two'"):
        vidclass.load(model_file, threads="two")


def test_an_explanation_has_a_share_of_each_frame(model, clip):
    found = model.explain(clip, "Rise")
    assert found.label == "Rise"
    assert found.frames.shape == found.times.shape == (4,)
    assert found.places.shape[0] == 4 and found.pictures.shape[3] == 3
    assert found.motion is None


def test_an_explanation_is_of_a_label_that_the_model_knows(model, clip):
    with pytest.raises(vidclass.UsageError, match="Jump"):
        model.explain(clip, "Jump")


def test_an_evaluation_is_that_of_the_program(model, model_file, rows, program, tmp_path):
    data = vidclass.Dataset.from_clips(rows)
    data.write(tmp_path / "d.csv")
    found = model.evaluate(data)
    told = program("evaluate", model_file, tmp_path / "d.csv")
    assert (found.clips, found.top1, found.loss) == (told["clips"], told["top1"], told["loss"])
    assert found.confusion.tolist() == told["confusion"]


def test_an_evaluation_writes_its_page(model, rows, tmp_path):
    model.evaluate(vidclass.Dataset.from_clips(rows), report=tmp_path / "page.html")
    assert "<html" in (tmp_path / "page.html").read_text()
