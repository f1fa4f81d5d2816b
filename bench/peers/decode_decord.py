"""decord, one thread; see decode_common.py."""

from decode_common import indices, main
from decord import VideoReader, cpu


def decode(clip, frames):
    reader = VideoReader(clip, ctx=cpu(0), num_threads=1)
    return list(reader.get_batch(indices(len(reader), frames)).asnumpy())


main(decode)
