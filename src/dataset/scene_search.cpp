#include "dataset/scene_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <mutex>

#include "core/cpu_clones.hpp"
#include "core/parallel.hpp"
#include "dataset/linkage.hpp"
#include "dataset/sets.hpp"

namespace vidclass::dataset {
namespace {

constexpr std::size_t edge_side = fingerprint_side - 2;  // cells that have neighbours on all sides
constexpr std::size_t edge_row = edge_side * 2;
constexpr int most_shift = 2;
// Of a picture without contrast there is nothing to tell.
constexpr float least_edges = 4;

// docs/scenes.md. Above these two clips are of one scene, ...
constexpr float same_look = 0.8F;
constexpr float same_layout = 0.65F;
// ... the logarithm of the odds changes so fast about them, ...
constexpr float look_slope = 18;
constexpr float layout_slope = 10;
// ... clusters become one scene, or one place, where its mean is above this, ...
constexpr std::array linkage_limits = {0.F, -1.F};
// ... and with all of these the two are of one recording.
constexpr float recorded_look = 0.88F;
constexpr float recorded_layout = 0.75F;
constexpr float recorded_ground = 10;  // grey levels, root mean square

VIDCLASS_INLINE float dot(const float* a, const float* b, std::size_t size) {
  constexpr std::size_t lanes = 8;  // or the compiler would have to keep the order of the sum
  std::array<float, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  for (; i < size; ++i) sums[0] += a[i] * b[i];
  float sum = 0;
  for (const float of_lane : sums) sum += of_lane;
  return sum;
}

/// The cells that a picture has in common with another, which is shifted against it.
struct CommonCells {
  std::size_t begin, rows, width;

  CommonCells(int right, int down)
      : begin(from(down) * edge_row + 2 * from(right)),
        rows(edge_side - static_cast<std::size_t>(std::abs(down))),
        width(edge_row - 2 * static_cast<std::size_t>(std::abs(right))) {}

private:
  static std::size_t from(int shift) { return static_cast<std::size_t>(std::max(0, shift)); }
};

VIDCLASS_INLINE float agreement(const float* one, const float* other, int right, int down) {
  const CommonCells of_one(right, down), of_other(-right, -down);
  float sum = 0;
  for (std::size_t row = 0; row < of_one.rows; ++row) {
    sum += dot(one + of_one.begin + row * edge_row, other + of_other.begin + row * edge_row,
               of_one.width);
  }
  return sum;
}

/// The gradient of a ground at each of its inner cells, x and y; its length is the root of what it
/// is, so that one strong edge does not drown the others.
std::vector<float> edges_of(std::span<const float> ground) {
  std::vector<float> edges;
  edges.reserve(edge_side * edge_row);
  for (std::size_t y = 1; y + 1 < fingerprint_side; ++y) {
    for (std::size_t x = 1; x + 1 < fingerprint_side; ++x) {
      const float* cell = ground.data() + y * fingerprint_side + x;
      const float across = cell[1] - cell[-1];
      const float down = cell[fingerprint_side] - *(cell - fingerprint_side);
      const float root = std::sqrt(std::hypot(across, down) + 2);
      edges.push_back(across / root);
      edges.push_back(down / root);
    }
  }
  return edges;
}

struct Likeness {
  float look = 0;    // cosine
  float layout = 0;  // the same of the edges, of the best shift
};

/// All that is needed of a clip to hold it against another.
class View {
public:
  explicit View(const SceneView& clip)
      : look_(clip.look), ground_(clip.ground), edges_(edges_of(clip.ground)) {
    look_length_ = std::sqrt(dot(look_.data(), look_.data(), look_.size()));
    for (int down = -most_shift; down <= most_shift; ++down) {
      for (int right = -most_shift; right <= most_shift; ++right) {
        const CommonCells cells(right, down);
        float squares = 0;
        for (std::size_t row = 0; row < cells.rows; ++row) {
          const float* begin = edges_.data() + cells.begin + row * edge_row;
          squares += dot(begin, begin, cells.width);
        }
        lengths_.push_back(std::sqrt(squares) + least_edges);
      }
    }
  }

  VIDCLASS_FOR_EACH_CPU static Likeness likeness(const View& one, const View& other) {
    Likeness likeness{dot(one.look_.data(), other.look_.data(), one.look_.size()) /
                          std::max(one.look_length_ * other.look_length_, 1e-9F),
                      -1};
    std::size_t shift = 0;
    for (int down = -most_shift; down <= most_shift; ++down) {
      for (int right = -most_shift; right <= most_shift; ++right, ++shift) {
        // The other's cells are those of the opposite shift.
        const float lengths = one.lengths_[shift] * other.lengths_[shifts - 1 - shift];
        const float agreed = agreement(one.edges_.data(), other.edges_.data(), right, down);
        likeness.layout = std::max(likeness.layout, agreed / lengths);
      }
    }
    return likeness;
  }

  [[nodiscard]] static bool same_ground(const View& one, const View& other) {
    float squares = 0;
    for (std::size_t i = 0; i < fingerprint_pixels; ++i) {
      squares += (one.ground_[i] - other.ground_[i]) * (one.ground_[i] - other.ground_[i]);
    }
    return squares < recorded_ground * recorded_ground * static_cast<float>(fingerprint_pixels);
  }

private:
  static constexpr std::size_t shifts = (2 * most_shift + 1) * (2 * most_shift + 1);

  std::span<const float> look_;
  std::span<const float> ground_;
  std::vector<float> edges_;
  float look_length_ = 0;
  std::vector<float> lengths_;  // of what it has in common with another, for each shift
};

float odds_of_one_scene(const Likeness& likeness) {
  return std::max(look_slope * (likeness.look - same_look),
                  layout_slope * (likeness.layout - same_layout));
}

bool of_one_recording(const Likeness& likeness) {
  return likeness.look > recorded_look && likeness.layout > recorded_layout;
}

}  // namespace

std::vector<float> ground_of(const Fingerprint& clip) {
  std::vector<float> ground;
  std::vector<std::uint8_t> values(clip.frames());
  for (std::size_t pixel = 0; pixel < fingerprint_pixels; ++pixel) {
    for (std::size_t frame = 0; frame < values.size(); ++frame) {
      values[frame] = clip.picture(frame)[pixel];
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    ground.push_back(*middle);
  }
  return ground;
}

Scenes find_scenes(std::span<const SceneView> clips,
                   std::span<const std::pair<std::size_t, std::size_t>> together, int threads,
                   const ProgressFunction& progress, const CancellationToken& cancel) {
  if (clips.empty()) return {};
  const std::vector<View> views(clips.begin(), clips.end());
  Similarities similarities(clips.size());
  Sets recordings(clips.size());
  std::mutex mutex;
  for_each_index(
      clips.size(), threads,
      [&](std::size_t one) {
        for (std::size_t other = 0; other < one; ++other) {
          const Likeness likeness = View::likeness(views[one], views[other]);
          similarities.set(one, other, odds_of_one_scene(likeness));
          if (!of_one_recording(likeness) || !View::same_ground(views[one], views[other])) continue;
          const std::lock_guard lock(mutex);
          recordings.join(one, other);
        }
      },
      "compare scenes", progress, cancel);
  for (const auto& [one, other] : together) recordings.join(one, other);
  Scenes found;
  found.recording_of = recordings.numbered();
  const auto clusters = average_linkage(std::move(similarities), linkage_limits);
  Sets sets(clips.size());
  sets.join_equal(found.recording_of);
  sets.join_equal(clusters[0]);
  found.scene_of = sets.numbered();
  sets.join_equal(clusters[1]);
  found.place_of = sets.numbered();
  return found;
}

}  // namespace vidclass::dataset
