"""PyAV, one thread, in order, only the kept frames converted; see decode_common.py."""

import av
from decode_common import indices, main


def decode(clip, frames):
    with av.open(clip) as container:
        stream = container.streams.video[0]
        stream.thread_count = 1
        wanted = set(indices(stream.frames, frames))
        kept = []
        for number, frame in enumerate(container.decode(stream)):
            if number in wanted:
                kept.append(frame.to_ndarray(format="rgb24"))
                if len(kept) == len(wanted):
                    break
        return kept


main(decode)
