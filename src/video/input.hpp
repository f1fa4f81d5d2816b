// What a demuxer reads: a file, one that is open, or its bytes in memory.
#pragma once

#include <memory>

#include "video/clip_source.hpp"
#include "video/ffmpeg.hpp"
#include "video/stall_guard.hpp"

namespace vidclass::video {

/// Files and memory are closed in different ways.
using Input = std::unique_ptr<AVIOContext, void (*)(AVIOContext*)>;

/// Opens a regular local file, or what a clip from bytes or from a descriptor has, which it keeps
/// alive. `guard`, if
/// any, must outlive it, and ends reads that take too long. Throws ClipError with the reason, for
/// nothing to read, too.
[[nodiscard]] Input open_input(const ClipSource& source, const StallGuard* guard);

/// The same clip with its file open, as it can be handed to another process: a file is opened,
/// bytes are copied. Not for folders and decoded frames. Throws ClipError as open_input() does,
/// Error.
[[nodiscard]] ClipSource as_open_file(const ClipSource& source);

/// AVIOInterruptCB::callback for a `guard` that may be null.
[[nodiscard]] int is_interrupted(void* guard);

/// What FFmpeg is told of the name: its ending alone, for files and for memory, by which it tells
/// some formats from others.
[[nodiscard]] std::string name_for_ffmpeg(const ClipSource& source);

}  // namespace vidclass::video
