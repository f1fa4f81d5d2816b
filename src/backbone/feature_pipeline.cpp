#include "backbone/feature_pipeline.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <list>
#include <span>
#include <utility>
#include <vector>

#include "backbone/compiled.hpp"
#include "backbone/prepared.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

template <typename Number>
std::span<const Number> row(const Tensor& tensor, std::size_t index) {
  const std::size_t each = tensor.size() / tensor.dim(0);
  return tensor.data<Number>().subspan(index * each, each);
}

template <typename Number>
bool same_row(const Tensor& tensor, std::size_t a, std::size_t b) {
  const auto first = row<Number>(tensor, a);
  return std::memcmp(first.data(), row<Number>(tensor, b).data(), first.size_bytes()) == 0;
}

void copy_row(Tensor& tensor, std::size_t to, const float* values) {
  const std::size_t width = tensor.dim(1);
  std::copy_n(values, width, tensor.data<float>().data() + to * width);
}

}  // namespace

struct FeaturePipeline::Impl {
  struct Clip {
    Done result;
    std::size_t missing = 0;           // rows that are not computed yet
    std::vector<std::size_t> same_as;  // for each row, the one that is computed for it
  };
  /// The row of a clip that a place of a batch computes.
  struct Place {
    std::list<Clip>::iterator clip;
    std::size_t row;
  };
  struct Batch {
    Request* request = nullptr;
    std::vector<Place> places;
  };

  Backbone::Impl& network;
  std::vector<Request*> idle;
  Batch filling;              // its request is null while nothing is in it
  std::deque<Batch> running;  // oldest first
  std::list<Clip> clips;      // in the order of push()

  explicit Impl(Backbone::Impl& compiled) : network(compiled) {
    for (const auto& request : network.requests) idle.push_back(request.get());
  }

  void check_motion(const Tensor& maps, std::size_t count) const {
    if (!network.motion) {
      throw Error(format("{} was compiled without motion pooling", network.info.name));
    }
    check_motion_maps(network.info, maps, count);
  }

  void add(const Place& place, const Tensor& frames, const Tensor& motion) {
    if (filling.request == nullptr) {
      if (idle.empty()) finish_oldest();
      filling.request = idle.back();
      idle.pop_back();
    }
    const std::size_t at = filling.places.size();
    const auto put = [&](const char* name, auto values) {
      std::memcpy(filling.request->input(name).data() + at * values.size_bytes(), values.data(),
                  values.size_bytes());
    };
    put("frames", row<std::uint8_t>(frames, place.row));
    // Without maps any values serve for the weights: their result is not read.
    if (!motion.empty()) put("motion_map", row<float>(motion, place.row));
    filling.places.push_back(place);
    if (filling.places.size() == network.engine->batch()) start();
  }

  void start() {
    if (filling.request == nullptr) return;
    filling.request->start(filling.places.size());
    running.push_back(std::exchange(filling, {}));
  }

  void finish_oldest() {
    Batch batch = std::move(running.front());
    running.pop_front();
    idle.push_back(batch.request);
    batch.request->wait();
    for (const Pooling& pooling : poolings) {
      const bool given = (network.motion || !pooling.weighted) &&
                         (network.info.middle_size > 0 || !pooling.middle);
      if (given) take(pooling, batch);
    }
    for (const Place& place : batch.places) {
      if (--place.clip->missing == 0) complete(*place.clip);
    }
  }

  void take(const Pooling& pooling, const Batch& batch) {
    const std::span<const float> output = batch.request->output(pooling.name);
    for (std::size_t at = 0; at < batch.places.size(); ++at) {
      const Place& place = batch.places[at];
      Tensor& target = place.clip->result.features.*pooling.features;
      if (target.empty()) continue;
      copy_row(target, place.row, output.data() + at * target.dim(1));
    }
  }

  static void complete(Clip& clip) {
    for (std::size_t i = 0; i < clip.same_as.size(); ++i) {
      const std::size_t source = clip.same_as[i];
      if (source == i) continue;
      for (const Pooling& pooling : poolings) {
        Tensor& tensor = clip.result.features.*pooling.features;
        if (!tensor.empty()) copy_row(tensor, i, row<float>(std::as_const(tensor), source).data());
      }
    }
  }

  std::optional<Done> take_complete() {
    const auto found = std::find_if(clips.begin(), clips.end(),
                                    [](const Clip& clip) { return clip.missing == 0; });
    if (found == clips.end()) return std::nullopt;
    Done done = std::move(found->result);
    clips.erase(found);
    return done;
  }
};

FeaturePipeline::FeaturePipeline(Backbone& network)
    : impl_(std::make_unique<Impl>(*network.impl_)) {}

FeaturePipeline::~FeaturePipeline() {
  for (const auto& batch : impl_->running) {
    try {
      batch.request->wait();
    } catch (const Error&) {
      // Nobody reads the result any more.
    }
  }
}

void FeaturePipeline::push(std::size_t id, const Tensor& frames, const Tensor& motion) {
  check_frames(impl_->network.info, frames);
  const std::size_t count = frames.dim(0);
  const BackboneInfo& info = impl_->network.info;
  if (!motion.empty()) impl_->check_motion(motion, count);

  Impl::Clip clip;
  clip.result.id = id;
  for (const Pooling& pooling : poolings) {
    const std::size_t width = pooling.middle ? info.middle_size : info.feature_size;
    if (width == 0 || (pooling.weighted && motion.empty())) continue;
    clip.result.features.*pooling.features = Tensor(DType::f32, {count, width});
  }
  for (std::size_t i = 0; i < count; ++i) {
    const bool repeated = i > 0 && same_row<std::uint8_t>(frames, i, i - 1) &&
                          (motion.empty() || same_row<float>(motion, i, i - 1));
    clip.same_as.push_back(repeated ? clip.same_as.back() : i);
    if (!repeated) ++clip.missing;
  }
  const auto place = impl_->clips.insert(impl_->clips.end(), std::move(clip));
  for (std::size_t i = 0; i < count; ++i) {
    if (place->same_as[i] == i) impl_->add({place, i}, frames, motion);
  }
}

std::optional<FeaturePipeline::Done> FeaturePipeline::pop() {
  while (!impl_->running.empty() && impl_->running.front().request->done()) impl_->finish_oldest();
  return impl_->take_complete();
}

std::optional<FeaturePipeline::Done> FeaturePipeline::wait() {
  if (auto done = impl_->take_complete()) return done;
  impl_->start();
  while (!impl_->running.empty()) {
    impl_->finish_oldest();
    if (auto done = impl_->take_complete()) return done;
  }
  return std::nullopt;
}

}  // namespace vidclass::backbone
