"""A grid over pooling and strength, groups kept whole, then the test clips.

grid.py CSV [CACHE]
"""

import sys

import vidclass
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from vidclass.sklearn import LinearClassifier, VideoFeatures

data = vidclass.Dataset(sys.argv[1])
cache = sys.argv[2] if len(sys.argv) > 2 else None
test = data.of_split("test")
known = vidclass.Dataset.from_clips([clip for clip in data if clip.split != "test"])
pipeline = make_pipeline(
    VideoFeatures(backbone="lite0", cache=cache, progress=False),
    StandardScaler(),
    LinearClassifier(),
)
grid = {
    "videofeatures__over_time": ["mean", "changes"],
    "linearclassifier__C": [1e-6, 1e-4, 1e-2],
}
search = GridSearchCV(pipeline, grid, cv=GroupKFold(5), error_score="raise")
search.fit(known.paths, known.labels, groups=known.groups)
for options, score in zip(search.cv_results_["params"], search.cv_results_["mean_test_score"]):
    print(f"{score:.3f} on groups left out: {options}")
print(f"chosen: {search.best_params_}")
print(f"test: {search.score(test.paths, test.labels):.3f} of {len(test)} clips")
