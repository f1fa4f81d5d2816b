"""Puts other grounds behind the actors of clips from a resting camera: the same actions, elsewhere.

    other_grounds.py CLIPS.csv GROUNDS OUT

CLIPS.csv has path,label,group,split; its clips of the splits train and val are taken. GROUNDS is
"noise" (coloured 1/f noise) or a folder of videos, of which a part of a frame is taken. Writes
OUT/<label>/<name>.avi (motion JPEG) and OUT/clips.csv. All that is random is seeded.

The actor is what differs from the ground: the median over time and then over wide neighbourhoods,
so that people who hardly move are not part of it. That needs an even ground, as ut6's first place
has.
"""

import csv
import pathlib
import sys

import cv2
import numpy

LEAST_DIFFERENCE = 26  # grey levels, of colours as vectors
LEAST_SHARE = 0.006  # of the picture, for what counts as an actor


def read_video(path):
    video = cv2.VideoCapture(str(path))
    frames = []
    while True:
        good, frame = video.read()
        if not good:
            return numpy.stack(frames), video.get(cv2.CAP_PROP_FPS)
        frames.append(frame)


def actors(frames):
    """The share of each pixel that is an actor, one picture a frame."""
    height, width = frames.shape[1:3]
    median = numpy.median(frames[:: max(1, len(frames) // 40)], 0).astype(numpy.uint8)
    small = cv2.resize(median, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = min(151, int(min(height, width) * 0.15) | 1)
    ground = cv2.resize(cv2.medianBlur(small, reach), (width, height)).astype(numpy.float32)
    closing = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (13, 13))
    for frame in frames:
        difference = numpy.sqrt(((frame.astype(numpy.float32) - ground) ** 2).sum(2))
        mask = (cv2.GaussianBlur(difference, (0, 0), 1.5) > LEAST_DIFFERENCE).astype(numpy.uint8)
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, closing)
        count, parts, facts, _ = cv2.connectedComponentsWithStats(mask)
        areas = facts[:, cv2.CC_STAT_AREA]
        large = [part for part in range(1, count) if areas[part] > LEAST_SHARE * mask.size]
        yield cv2.GaussianBlur(numpy.isin(parts, large).astype(numpy.float32), (0, 0), 1.2)


def noise(random, height, width):
    ground = numpy.zeros((height, width, 3), numpy.float32) + random.uniform(40, 190, 3)
    for scale, deviation in ((2, 8), (4, 7), (8, 6), (16, 6), (32, 7), (64, 8)):
        shape = (height // scale + 2, width // scale + 2)
        grey = random.normal(size=(*shape, 1))
        colour = 0.3 * random.normal(size=(*shape, 3))
        grain = cv2.resize((grey + colour).astype(numpy.float32), (width, height),
                           interpolation=cv2.INTER_CUBIC)
        ground += grain * deviation
    return numpy.clip(ground, 0, 255)


def part_of_a_frame(random, videos, height, width):
    frames, _ = read_video(videos[random.integers(len(videos))])
    frame = frames[len(frames) // 2]
    side = int(min(frame.shape[:2]) * random.uniform(0.5, 0.9))
    across = min(frame.shape[1], side * width // height)
    y = random.integers(0, frame.shape[0] - side + 1)
    x = random.integers(0, frame.shape[1] - across + 1)
    part = frame[y : y + side, x : x + across]
    return cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC).astype(numpy.float32)


def main():
    source, grounds, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    random = numpy.random.default_rng(5)
    videos = [] if grounds == "noise" else sorted(pathlib.Path(grounds).rglob("*.mp4"))
    with open(source) as clips:
        rows = [row for row in csv.DictReader(clips) if row["split"] in ("train", "val")]
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "clips.csv", "w", newline="") as made:
        writer = csv.writer(made)
        writer.writerow(["path", "label", "group"])
        for row in rows:
            frames, rate = read_video(source.parent / row["path"])
            height, width = frames.shape[1:3]
            ground = (part_of_a_frame(random, videos, height, width) if videos
                      else noise(random, height, width))
            name = pathlib.Path(row["label"]) / (pathlib.Path(row["path"]).stem + ".avi")
            (out / name).parent.mkdir(exist_ok=True)
            writing = cv2.VideoWriter(str(out / name), cv2.VideoWriter_fourcc(*"MJPG"), rate,
                                      (width, height))
            writing.set(cv2.VIDEOWRITER_PROP_QUALITY, 95)
            for frame, actor in zip(frames, actors(frames)):
                share = actor[..., None]
                writing.write(numpy.clip(frame * share + ground * (1 - share), 0, 255)
                              .astype(numpy.uint8))
            writing.release()
            writer.writerow([name, row["label"], row["group"]])


if __name__ == "__main__":
    main()
