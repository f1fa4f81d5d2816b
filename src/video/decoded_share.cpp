#include "video/decoded_share.hpp"

#include "vidclass/error.hpp"

namespace vidclass::video {

std::string judge_share(const std::filesystem::path& clip, DecodedShare share,
                        const std::string& complaint) {
  constexpr double least = 0.25;
  constexpr double nearly_all = 0.9;
  const auto promised = static_cast<double>(share.promised);
  const auto came = static_cast<double>(share.came);
  if (came >= nearly_all * promised) return {};
  const std::string text = "only " + std::to_string(share.came) + " of " +
                           std::to_string(share.promised) + " frames can be decoded" +
                           (complaint.empty() ? "" : " (" + complaint + ")");
  if (came < least * promised) throw ClipError(clip, text);
  return text;
}

}  // namespace vidclass::video
