"""Clips for PyTorch's DataLoader."""

import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="SKIPPED: no PyTorch")

import vidclass
from vidclass.torch import ClipDataset


@pytest.fixture
def labelled(rows):
    return vidclass.Dataset.from_clips(rows)


@pytest.mark.parametrize("workers", [0, 2])
def test_frames_come_in_batches(labelled, workers):
    loader = torch.utils.data.DataLoader(
        ClipDataset(labelled, split="train", frames=4, size=32), batch_size=4, num_workers=workers
    )
    batches = list(loader)
    assert [batch.shape for batch, _ in batches] == [(4, 4, 32, 32, 3)] * 2
    assert torch.cat([labels for _, labels in batches]).tolist() == [1] * 4 + [0] * 4


@pytest.mark.parametrize("workers", [0, 2])
def test_features_come_in_batches(labelled, workers):
    clips = ClipDataset(labelled, kind="features", frames=4, backbone="mini")
    batch, _ = next(iter(torch.utils.data.DataLoader(clips, batch_size=12, num_workers=workers)))
    expected = np.stack(list(vidclass.extract(labelled.paths, backbone="mini", frames=4)))
    assert batch.numpy().tobytes() == expected.tobytes()


def test_a_short_clip_repeats_its_last_frame(labelled):
    pixels, _ = ClipDataset(labelled, frames=60, size=16)[0]
    own = len(vidclass.read_frames(labelled.paths[0], frames=60, size=16).pixels)
    assert len(pixels) == 60 and own < 60
    assert (pixels[own:] == pixels[own - 1]).all()


def test_a_transform_makes_the_item(labelled):
    clips = ClipDataset(labelled, frames=2, size=16, transform=lambda x: x.permute(0, 3, 1, 2))
    pixels, _ = clips[0]
    assert pixels.shape == (2, 3, 16, 16)


def test_an_unusable_clip_raises(rows, broken):
    rows = [*rows, vidclass.LabelledClip(str(broken), "Rise")]
    clips = ClipDataset(vidclass.Dataset.from_clips(rows))
    with pytest.raises(vidclass.ClipError):
        clips[len(clips) - 1]
    with pytest.raises(vidclass.ClipError):
        ClipDataset(vidclass.Dataset.from_clips(rows), kind="features", backbone="mini")


@pytest.mark.parametrize("first", ["torch", "vidclass"])
def test_a_gru_is_trained_beside_pytorch(labelled, tmp_path, first):
    """Two libraries of LibTorch in one process, in either order."""
    labelled.write(tmp_path / "d.csv")
    model = str(tmp_path / "m.safetensors")
    train = (
        f"import vidclass; vidclass.train({str(tmp_path / 'd.csv')!r}, {model!r}, backbone='mini',"
        " frames=4, head='gru', epochs=2, members=1, ensemble='motion', motion=False)\n"
    )
    use = "import torch; print(torch.nn.GRU(2, 3)(torch.ones(1, 1, 2))[0].shape)\n"
    script = use + train + use if first == "torch" else train + use
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "torch.Size([1, 1, 3])" in done.stdout
    assert vidclass.load(model).labels == ["Brighten", "Rise"]
