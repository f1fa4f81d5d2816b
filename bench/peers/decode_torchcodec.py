"""torchcodec, one thread, approximate seeking (its quickest mode); see decode_common.py."""

import torch
from decode_common import indices, main
from torchcodec.decoders import VideoDecoder

torch.set_num_threads(1)


def decode(clip, frames):
    decoder = VideoDecoder(
        clip, dimension_order="NHWC", num_ffmpeg_threads=1, seek_mode="approximate"
    )
    wanted = indices(decoder.metadata.num_frames, frames)
    return list(decoder.get_frames_at(wanted).data.numpy())


main(decode)
