#include "train/kept_features.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "core/format.hpp"
#include "core/half.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

std::string last_error() { return std::error_code(errno, std::generic_category()).message(); }

}  // namespace

/// Clips one after another, read from any thread.
class ScratchFile final : public FeatureSource {
public:
  ScratchFile(std::size_t clips, std::filesystem::path dir) : dir_(std::move(dir)), places_(clips) {
    std::error_code error;
    if (dir_.empty()) dir_ = std::filesystem::temp_directory_path(error);
    std::filesystem::create_directories(dir_, error);
    std::string name = (dir_ / "vidclass-training-XXXXXX").string();
    file_ = mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0) throw Error(format("cannot write to {}: {}", dir_.string(), last_error()));
    unlink(name.c_str());
  }
  ~ScratchFile() override { close(file_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  /// From one thread at a time.
  void write(std::size_t clip, const Tensor& features) {
    const auto values = features.data<float>();
    float most = 0;
    for (const float value : values) most = std::max(most, std::abs(value));
    const float scale = most > 0 ? most : 1;
    std::vector<float> scaled(values.begin(), values.end());
    for (float& value : scaled) value /= scale;
    std::vector<std::uint16_t> halves(values.size());
    halves_from_floats(scaled, halves);
    places_.at(clip) = {.shape = features.shape(), .scale = scale, .offset = end_};
    const auto* from = reinterpret_cast<const char*>(halves.data());
    std::size_t left = halves.size() * sizeof(std::uint16_t);
    while (left > 0) {
      const ssize_t written = pwrite(file_, from, left, static_cast<off_t>(end_));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) {
        throw Error(format("cannot keep the features that heads are trained on in {}: {}",
                           dir_.string(), last_error()));
      }
      from += written;
      end_ += static_cast<std::size_t>(written);
      left -= static_cast<std::size_t>(written);
    }
  }

  [[nodiscard]] std::size_t size() const noexcept override { return places_.size(); }

  [[nodiscard]] std::shared_ptr<const Tensor> features(std::size_t clip) const override {
    const Place& place = places_.at(clip);
    Tensor features(DType::f32, place.shape);
    const auto values = features.data<float>();
    std::vector<std::uint16_t> halves(values.size());
    auto* to = reinterpret_cast<char*>(halves.data());
    std::size_t left = halves.size() * sizeof(std::uint16_t);
    std::size_t offset = place.offset;
    while (left > 0) {
      const ssize_t got = pread(file_, to, left, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        throw Error(format("cannot read back what was kept in {}: {}", dir_.string(),
                           got < 0 ? last_error() : "the file ends early"));
      }
      to += got;
      offset += static_cast<std::size_t>(got);
      left -= static_cast<std::size_t>(got);
    }
    floats_from_halves(halves, values);
    for (float& value : values) value *= place.scale;
    return std::make_shared<const Tensor>(std::move(features));
  }

private:
  struct Place {
    Shape shape{};
    float scale = 1;
    std::size_t offset = 0;
  };

  std::filesystem::path dir_;
  std::vector<Place> places_;
  int file_ = -1;
  std::size_t end_ = 0;
};

FeatureKeeper::FeatureKeeper(std::size_t clips, Room room) : room_(std::move(room)), kept_(clips) {}
FeatureKeeper::~FeatureKeeper() = default;

void FeatureKeeper::add(std::size_t clip, Tensor features) {
  const std::lock_guard lock(mutex_);
  bytes_ += features.bytes().size();
  if (!file_ && bytes_ <= room_.most_in_memory) {
    kept_.at(clip) = std::make_shared<const Tensor>(std::move(features));
    return;
  }
  if (!file_) {
    file_ = std::make_shared<ScratchFile>(kept_.size(), room_.dir);
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      if (const auto before = std::exchange(kept_[i], nullptr)) file_->write(i, *before);
    }
  }
  file_->write(clip, features);
}

std::shared_ptr<const FeatureSource> FeatureKeeper::finish() {
  if (file_) return std::move(file_);
  return std::make_shared<MemoryFeatures>(std::move(kept_));
}

}  // namespace vidclass::train
