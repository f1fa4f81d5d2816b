"""The notebook, from top to bottom.

$VIDCLASS_NOTEBOOK_PICTURES: a folder to leave its pictures in, for looking at them.
"""

import base64
import os
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="SKIPPED: no nbclient")
pytest.importorskip("matplotlib", reason="SKIPPED: no matplotlib")
pytest.importorskip("sklearn", reason="SKIPPED: no scikit-learn")

from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "examples" / "video_classification.ipynb"


@pytest.fixture(scope="module")
def outputs(data, tmp_path_factory):
    """Those of each cell, run on synthetic clips."""
    settings = {"VIDCLASS_DATA": str(data), "VIDCLASS_BACKBONE": "mini", "VIDCLASS_EPOCHS": "2"}
    os.environ.update(settings)
    try:
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        folder = tmp_path_factory.mktemp("notebook")
        NotebookClient(
            notebook, timeout=600, resources={"metadata": {"path": str(folder)}}
        ).execute()
    finally:
        for name in settings:
            del os.environ[name]
    return [cell.outputs for cell in notebook.cells]


def test_it_has_twelve_cells_without_outputs():
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    assert len(cells) == 12 and not any(cell.outputs for cell in cells)


def test_it_shows_its_pictures(outputs):
    pictures = [
        output.data["image/png"]
        for cell in outputs
        for output in cell
        if "image/png" in output.get("data", {})
    ]
    assert len(pictures) == 8
    if folder := os.environ.get("VIDCLASS_NOTEBOOK_PICTURES"):
        for number, picture in enumerate(pictures, 1):
            Path(folder, f"{number}.png").write_bytes(base64.b64decode(picture))


def test_it_tells_the_score(outputs):
    text = "".join(output.get("text", "") for output in outputs[7])
    assert "test clips: top-1" in text

