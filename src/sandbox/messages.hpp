// What goes to a decoder and comes back. What comes back is not trusted: a clip may have taken the
// decoder over.
#pragma once

#include <string>
#include <variant>

#include "sandbox/confine.hpp"
#include "video/clip_settings.hpp"
#include "video/clip_source.hpp"
#include "video/limits.hpp"
#include "video/sample.hpp"

namespace vidclass::sandbox {

/// A clip to decode; its file goes along as a descriptor.
struct Job {
  video::ClipSource clip;  // as video::as_open_file() gives it, or without a file
  video::ClipSettings settings;
  video::Limits limits;
  video::Parts parts;
  Bounds bounds;
};
[[nodiscard]] std::string to_text(const Job& job);
/// `file`: the descriptor that came along, which is duplicated. Throws Error.
[[nodiscard]] Job job_from(const std::string& text, int file);

/// How the process of a clip ended, as the process that started it saw it.
struct Ending {
  int exit_status = -1;    // if it ended by itself
  int signal = 0;          // that ended it, else 0
  bool timed_out = false;  // it was ended for that
};
[[nodiscard]] std::string to_text(const Ending& ending);
[[nodiscard]] Ending ending_from(const std::string& text);
[[nodiscard]] std::string to_text(const Layers& layers);
[[nodiscard]] Layers layers_from(const std::string& text);

/// Why a clip gave no frames.
struct Failure {
  std::string reason;
  bool wrong_use = false;  // of settings, rather than the clip's fault
};
using Sampled = std::variant<video::SampledClip, Failure>;

/// Writes it from the beginning of the file `descriptor` on. Throws Error.
void write_sampled(int descriptor, const Sampled& sampled);
/// Reads it, with the sizes that `job` leads to expect. Throws Error for anything else.
[[nodiscard]] Sampled read_sampled(int descriptor, const Job& job);

}  // namespace vidclass::sandbox
