"""vidclass among scikit-learn's estimators."""

import numpy as np
import pytest

sklearn = pytest.importorskip("sklearn", reason="SKIPPED: no scikit-learn")

from sklearn.base import clone
from sklearn.datasets import make_blobs
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import vidclass
from vidclass.sklearn import LinearClassifier, VideoFeatures


@parametrize_with_checks([LinearClassifier()])
def test_the_classifier_passes(estimator, check):
    check(estimator)


def test_the_classifier_finds_what_scikit_learn_finds():
    X, y = make_blobs(200, 5, centers=3, cluster_std=4, random_state=1)
    ours = LinearClassifier(C=0.1).fit(X, y)
    theirs = LogisticRegression(C=0.1, tol=1e-8, max_iter=10_000).fit(X, y)
    assert np.abs(ours.predict_proba(X) - theirs.predict_proba(X)).max() < 2e-3


def test_balanced_lets_rare_classes_count():
    X, y = make_blobs([190, 10], 2, centers=[[0, 0], [2, 2]], random_state=1)
    assert (
        LinearClassifier(balanced=True).fit(X, y).predict(X).sum()
        > LinearClassifier().fit(X, y).predict(X).sum()
    )


def test_features_are_a_row_a_clip_with_names(data):
    paths = sorted(data.glob("*/*_g01_c01.avi"))
    features = VideoFeatures(backbone="mini", frames=4)
    rows = features.fit_transform(paths)
    assert rows.shape == (8, len(features.get_feature_names_out())) and rows.dtype == np.float32
    assert features.get_feature_names_out()[0] == "avg_0_mean"


def test_means_are_those_over_the_frames(clip):
    rows = VideoFeatures(backbone="mini", frames=4, over_time="mean").fit_transform([clip])
    values = vidclass.extract(clip, backbone="mini", frames=4)[0]
    assert np.allclose(rows[0], values.mean(axis=0), atol=1e-6)


def test_changes_do_not_know_what_rests(clip):
    rows = VideoFeatures(backbone="mini", frames=4, over_time="changes").fit_transform([clip])
    values = vidclass.extract(clip, backbone="mini", frames=4)[0]
    width = values.shape[1]
    assert rows.shape[1] == 4 * width
    assert np.allclose(rows[0, :width], values.std(axis=0), atol=1e-5)


def test_an_unusable_clip_raises_or_is_nan(clip, broken):
    with pytest.raises(vidclass.ClipError):
        VideoFeatures(backbone="mini").fit_transform([clip, broken])
    rows = VideoFeatures(backbone="mini", unusable="nan").fit_transform([clip, broken])
    assert not np.isnan(rows[0]).any() and np.isnan(rows[1]).all()


def test_an_unknown_kind_of_pooling_over_time_is_refused(clip):
    with pytest.raises(ValueError, match="over_time"):
        VideoFeatures(backbone="mini", over_time="max").fit([clip])


def test_features_can_be_cloned():
    assert clone(VideoFeatures(frames=3)).frames == 3


def test_a_grid_is_searched_with_groups_whole(rows):
    data = vidclass.Dataset.from_clips(rows)
    pipeline = make_pipeline(
        VideoFeatures(backbone="mini", frames=4), StandardScaler(), LinearClassifier()
    )
    search = GridSearchCV(
        pipeline, {"linearclassifier__C": [0.01, 1]}, cv=GroupKFold(3), error_score="raise"
    )
    search.fit(data.paths, data.labels, groups=data.groups)
    assert 0 <= search.best_score_ <= 1
    assert set(search.predict(data.paths)) <= set(data.classes)
