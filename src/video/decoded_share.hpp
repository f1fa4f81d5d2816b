// How much of a clip has to be there.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace vidclass::video {

/// Frames that came of those that a container promised.
struct DecodedShare {
  std::size_t came = 0;
  std::size_t promised = 0;
};

/// What is to be said of a clip of which only a part came; empty where nearly all did. `complaint`:
/// why, or empty. Throws ClipError where less than a quarter came: what is spread over such a rest
/// is not spread over the clip, and encrypted or damaged packets that a decoder takes by chance
/// give a few frames of rubbish. Not more than a quarter, since two fields of a picture may be two
/// packets, and as a file that was cut in the middle is worth its first half.
[[nodiscard]] std::string judge_share(const std::filesystem::path& clip, DecodedShare share,
                                      const std::string& complaint);

}  // namespace vidclass::video
