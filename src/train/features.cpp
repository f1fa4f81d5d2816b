#include "train/features.hpp"

#include <cstring>
#include <random>
#include <utility>

#include "video/draw.hpp"

namespace vidclass::train {
namespace {

using Frames = std::shared_ptr<const Tensor>;

/// The rows of `all` that `choose(how many there are)` names; `all` itself if there are no
/// more than `most`, or if `most` is 0.
template <typename Choose>
Frames some_frames(Frames all, std::size_t most, const Choose& choose) {
  if (most == 0 || all->dim(0) <= most) return all;
  const std::vector<std::size_t> rows = choose(all->dim(0));
  const std::size_t width = all->dim(1);
  Tensor chosen(DType::f32, {rows.size(), width});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::memcpy(chosen.data<float>().data() + i * width,
                all->data<float>().data() + rows[i] * width, width * sizeof(float));
  }
  return std::make_shared<const Tensor>(std::move(chosen));
}

void add(Batch& batch, const LabelledFeatures& data, std::size_t clip, Frames frames) {
  batch.clips.push_back(data.make ? std::make_shared<const Tensor>(data.make(*frames))
                                  : std::move(frames));
  batch.labels.push_back(data.labels[clip]);
}

/// The clips of one set, then those of another.
class JoinedFeatures final : public FeatureSource {
public:
  JoinedFeatures(std::shared_ptr<const FeatureSource> first,
                 std::shared_ptr<const FeatureSource> second)
      : first_(std::move(first)), second_(std::move(second)) {}

  [[nodiscard]] std::size_t size() const noexcept override {
    return first_->size() + second_->size();
  }
  [[nodiscard]] std::shared_ptr<const Tensor> features(std::size_t clip) const override {
    return clip < first_->size() ? first_->features(clip)
                                 : second_->features(clip - first_->size());
  }

private:
  std::shared_ptr<const FeatureSource> first_;
  std::shared_ptr<const FeatureSource> second_;
};

/// Far from that of any other clip, epoch or training.
std::mt19937_64 generator_for(std::uint64_t seed, int epoch, std::size_t clip) {
  std::seed_seq sequence{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                         static_cast<std::uint32_t>(epoch), static_cast<std::uint32_t>(clip)};
  return std::mt19937_64(sequence);
}

}  // namespace

LabelledFeatures subset(const LabelledFeatures& data, std::vector<std::size_t> clips) {
  LabelledFeatures chosen;
  chosen.frames_drawn = data.frames_drawn;
  chosen.make = data.make;
  for (const std::size_t clip : clips) chosen.labels.push_back(data.labels.at(clip));
  if (data.augmented) chosen.augmented = std::make_shared<FeatureSubset>(data.augmented, clips);
  chosen.clips = std::make_shared<FeatureSubset>(data.clips, std::move(clips));
  return chosen;
}

LabelledFeatures joined(const LabelledFeatures& first, const LabelledFeatures& second) {
  LabelledFeatures both = first;
  both.clips = std::make_shared<JoinedFeatures>(first.clips, second.clips);
  both.augmented = first.augmented && second.augmented
                       ? std::make_shared<JoinedFeatures>(first.augmented, second.augmented)
                       : nullptr;
  both.labels.insert(both.labels.end(), second.labels.begin(), second.labels.end());
  return both;
}

Batch make_batch(const LabelledFeatures& data, std::span<const std::size_t> clips) {
  Batch batch;
  for (const std::size_t clip : clips) {
    add(batch, data, clip,
        some_frames(data.clips->features(clip), data.frames_drawn, [&](std::size_t available) {
          return video::middle_frames(available, data.frames_drawn);
        }));
  }
  return batch;
}

Batch draw_batch(const LabelledFeatures& data, std::span<const std::size_t> clips,
                 std::uint64_t seed, int epoch) {
  Batch batch;
  for (const std::size_t clip : clips) {
    std::mt19937_64 random = generator_for(seed, epoch, clip);
    const bool other = data.augmented && (random() >> 63) != 0;
    add(batch, data, clip,
        some_frames((other ? *data.augmented : *data.clips).features(clip), data.frames_drawn,
                    [&](std::size_t available) {
                      return video::draw_frames(available, data.frames_drawn, random);
                    }));
  }
  return batch;
}

}  // namespace vidclass::train
