#include "train/kept_features.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

std::string last_error() { return std::error_code(errno, std::generic_category()).message(); }

}  // namespace

/// Clips one after another, read from any thread.
class ScratchFile final : public FeatureSource {
public:
  /// In `dir`, or else where the system has temporary files.
  ScratchFile(std::size_t clips, const std::filesystem::path& dir) : places_(clips) {
    std::error_code error;
    if (!dir.empty() && open_in(dir)) return;
    const std::string why = last_error();
    const auto other = std::filesystem::temp_directory_path(error);
    if (error || !open_in(other)) {
      throw Error(format("cannot write to {}: {}", dir.empty() ? other.string() : dir.string(),
                         dir.empty() ? last_error() : why));
    }
  }
  ~ScratchFile() override { close(file_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  /// From one thread at a time.
  void write(std::size_t clip, const Tensor& features) {
    places_.at(clip) = {.shape = features.shape(), .offset = end_};
    const auto* from = reinterpret_cast<const char*>(features.bytes().data());
    std::size_t left = features.bytes().size();
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
    Tensor features = Tensor::uninitialized(DType::f32, place.shape);
    auto* to = reinterpret_cast<char*>(features.bytes().data());
    std::size_t left = features.bytes().size();
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
    return std::make_shared<const Tensor>(std::move(features));
  }

private:
  bool open_in(const std::filesystem::path& dir) {
    std::error_code error;
    std::filesystem::create_directories(dir, error);
    std::string name = (dir / "vidclass-training-XXXXXX").string();
    file_ = mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0) return false;
    unlink(name.c_str());
    dir_ = dir;
    return true;
  }

  struct Place {
    Shape shape{};
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
