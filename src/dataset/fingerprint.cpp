#include "dataset/fingerprint.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "core/hash.hpp"
#include "core/safetensors.hpp"
#include "vidclass/error.hpp"

namespace vidclass::dataset {
namespace {

static_assert(fingerprint_side == video::thumbnail_side);

/// Raised when the pictures or times of a clip would come out differently.
constexpr const char* version = "1";

}  // namespace

Fingerprint fingerprint_from(const video::Thumbnails& thumbnails) {
  Fingerprint fingerprint;
  for (const double time : thumbnails.times) {
    const double seconds = time - thumbnails.times.front();
    if (seconds >= fingerprint_length) break;
    fingerprint.times.push_back(static_cast<float>(seconds));
  }
  const auto pictures =
      thumbnails.pictures.data<std::uint8_t>().first(fingerprint.times.size() * fingerprint_pixels);
  fingerprint.pictures.assign(pictures.begin(), pictures.end());
  return fingerprint;
}

Fingerprint fingerprint_of(const video::ClipSource& clip, const CancellationToken& cancel,
                           const video::Limits& limits) {
  return fingerprint_from(
      video::thumbnails_of(clip, {.longest = fingerprint_length}, cancel, limits));
}

Fingerprint read_fingerprint(const std::filesystem::path& path) {
  const SafetensorsFile file(path);
  const Tensor pictures = file.load("pictures");
  const Tensor times = file.load("times");
  const auto bytes = pictures.data<std::uint8_t>();
  const auto seconds = times.data<float>();
  if (seconds.empty() || bytes.size() != seconds.size() * fingerprint_pixels) {
    throw Error("it holds no pictures for its times");
  }
  if (!std::is_sorted(seconds.begin(), seconds.end())) throw Error("its times do not ascend");
  return {{bytes.begin(), bytes.end()}, {seconds.begin(), seconds.end()}};
}

std::filesystem::path FingerprintStore::path_of(const std::string& content) const {
  const std::string key = sha256("fingerprint " + std::string(version) + " " + content);
  return dir_ / key.substr(0, 2) / (key + ".safetensors");
}

bool FingerprintStore::has(const std::string& content) const {
  std::error_code error;
  return std::filesystem::is_regular_file(path_of(content), error);
}

std::optional<Fingerprint> FingerprintStore::find(const std::string& content) const {
  if (!has(content)) return std::nullopt;
  try {
    return read_fingerprint(path_of(content));
  } catch (const Error&) {
    return std::nullopt;
  }
}

Fingerprint FingerprintStore::obtain(const std::string& content, const video::ClipSource& clip,
                                     const CancellationToken& cancel,
                                     const video::Limits& limits) const {
  if (auto fingerprint = find(content)) return *std::move(fingerprint);
  Fingerprint fingerprint = fingerprint_of(clip, cancel, limits);
  store(content, fingerprint);
  return fingerprint;
}

void FingerprintStore::store(const std::string& content, const Fingerprint& fingerprint) const {
  write_safetensors(path_of(content),
                    {{"pictures", Tensor::from<std::uint8_t>(
                                      {fingerprint.frames(), fingerprint_side, fingerprint_side},
                                      fingerprint.pictures)},
                     {"times", Tensor::from<float>({fingerprint.frames()}, fingerprint.times)}});
}

}  // namespace vidclass::dataset
