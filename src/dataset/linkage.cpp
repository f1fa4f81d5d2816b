#include "dataset/linkage.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace vidclass::dataset {
namespace {

struct Merger {
  std::size_t into, gone;  // `into` is the lower one
  float similarity;
};

class Linkage {
public:
  Linkage(Similarities similarities, float limit)
      : similarities_(std::move(similarities)),
        limit_(limit),
        members_(similarities_.size(), 1),
        open_(similarities_.size()) {
    std::iota(open_.begin(), open_.end(), std::size_t{0});
  }

  /// In which a cluster goes by its first member.
  std::vector<Merger> run() {
    std::vector<std::size_t> chain;
    while (!open_.empty()) {
      if (chain.empty()) chain.push_back(open_.front());
      const std::size_t last = chain.back();
      const std::size_t before = chain.size() > 1 ? chain[chain.size() - 2] : last;
      const std::optional<std::size_t> next = nearest(last, before);
      if (!next) {
        // Mergers of others bring nothing nearer than it is now.
        close(last);
        chain.pop_back();
      } else if (*next == before) {
        chain.resize(chain.size() - 2);
        merge(std::min(last, before), std::max(last, before));
      } else {
        chain.push_back(*next);
      }
    }
    return std::move(mergers_);
  }

private:
  /// The most alike of the open clusters, `before` among equals; nothing where none is above
  /// the limit.
  [[nodiscard]] std::optional<std::size_t> nearest(std::size_t cluster, std::size_t before) const {
    std::optional<std::size_t> best;
    float most = limit_;
    if (before != cluster) {
      most = similarities_.of(cluster, before);
      best = before;
    }
    for (const std::size_t other : open_) {
      if (other == cluster) continue;
      const float similarity = similarities_.of(cluster, other);
      if (similarity > most) {
        most = similarity;
        best = other;
      }
    }
    return best;
  }

  void close(std::size_t cluster) {
    open_.erase(std::lower_bound(open_.begin(), open_.end(), cluster));
  }

  void merge(std::size_t into, std::size_t gone) {
    mergers_.push_back({into, gone, similarities_.of(into, gone)});
    close(gone);
    const auto one = static_cast<float>(members_[into]);
    const auto other = static_cast<float>(members_[gone]);
    for (const std::size_t third : open_) {
      if (third == into) continue;
      similarities_.set(
          into, third,
          (one * similarities_.of(into, third) + other * similarities_.of(gone, third)) /
              (one + other));
    }
    members_[into] += members_[gone];
  }

  Similarities similarities_;
  float limit_;
  std::vector<Merger> mergers_;
  std::vector<std::size_t> members_;
  std::vector<std::size_t> open_;  // that may still grow, ascending
};

std::vector<std::size_t> clusters_above(std::size_t size, const std::vector<Merger>& mergers,
                                        float limit) {
  std::vector<std::size_t> parent(size);
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  for (const Merger& merger : mergers) {
    if (merger.similarity > limit) parent[merger.gone] = merger.into;
  }
  std::vector<std::size_t> cluster_of(size);
  std::size_t clusters = 0;
  for (std::size_t i = 0; i < size; ++i) {
    cluster_of[i] = parent[i] == i ? clusters++ : cluster_of[parent[i]];
  }
  return cluster_of;
}

}  // namespace

void Similarities::set(std::size_t one, std::size_t other, float similarity) {
  constexpr float most = 100;
  values_[place_of(one, other)] =
      static_cast<std::int16_t>(std::lround(std::clamp(similarity, -most, most) * scale));
}

std::vector<std::vector<std::size_t>> average_linkage(Similarities similarities,
                                                      std::span<const float> limits) {
  const std::size_t size = similarities.size();
  const std::vector<Merger> mergers =
      Linkage(std::move(similarities), *std::min_element(limits.begin(), limits.end())).run();
  std::vector<std::vector<std::size_t>> clusters;
  for (const float limit : limits) clusters.push_back(clusters_above(size, mergers, limit));
  return clusters;
}

}  // namespace vidclass::dataset
