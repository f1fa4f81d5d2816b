#include "dataset/linkage.hpp"

#include <gtest/gtest.h>

#include "core/random.hpp"

namespace vidclass::dataset {
namespace {

using Clusters = std::vector<std::size_t>;

/// Of pairs in the order (1,0), (2,0), (2,1), (3,0), ...
Similarities similarities_of(std::size_t size, const std::vector<float>& values) {
  Similarities similarities(size);
  std::size_t at = 0;
  for (std::size_t one = 0; one < size; ++one) {
    for (std::size_t other = 0; other < one; ++other) similarities.set(one, other, values[at++]);
  }
  return similarities;
}

/// Above 0.
Clusters clusters_of(Similarities similarities) {
  const float limit = 0;
  return average_linkage(std::move(similarities), {&limit, 1}).at(0);
}

/// The definition: of all pairs of clusters the most alike become one, again and again.
Clusters by_definition(const Similarities& similarities) {
  std::vector<Clusters> clusters;
  for (std::size_t i = 0; i < similarities.size(); ++i) clusters.push_back({i});
  const auto mean = [&](const Clusters& one, const Clusters& other) {
    double sum = 0;
    for (const std::size_t a : one) {
      for (const std::size_t b : other) sum += similarities.of(a, b);
    }
    return sum / static_cast<double>(one.size() * other.size());
  };
  while (true) {
    double most = 0;
    std::size_t into = 0, gone = 0;
    for (std::size_t a = 0; a < clusters.size(); ++a) {
      for (std::size_t b = a + 1; b < clusters.size(); ++b) {
        if (mean(clusters[a], clusters[b]) <= most) continue;
        most = mean(clusters[a], clusters[b]);
        into = a;
        gone = b;
      }
    }
    if (gone == 0) break;
    clusters[into].insert(clusters[into].end(), clusters[gone].begin(), clusters[gone].end());
    clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(gone));
  }
  Clusters cluster_of(similarities.size());
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    for (const std::size_t i : clusters[c]) cluster_of[i] = c;
  }
  return cluster_of;
}

TEST(AverageLinkage, JoinsWhatIsAlike) {
  EXPECT_EQ(clusters_of(similarities_of(3, {1, -1, -1})), (Clusters{0, 0, 1}));
}

TEST(AverageLinkage, LeavesTheUnlikeAlone) {
  EXPECT_EQ(clusters_of(similarities_of(3, {-1, -1, -1})), (Clusters{0, 1, 2}));
}

TEST(AverageLinkage, IsNotMisledByOnePairThatLooksAlike) {
  // 0, 1 and 2, 3 belong together; 1 and 2 look alike by chance.
  EXPECT_EQ(clusters_of(similarities_of(4, {5, -4, 3, -4, -4, 5})), (Clusters{0, 0, 1, 1}));
}

TEST(AverageLinkage, NumbersClustersByTheirFirstMembers) {
  EXPECT_EQ(clusters_of(similarities_of(3, {-1, -1, 1})), (Clusters{0, 1, 1}));
}

TEST(AverageLinkage, TakesOneThing) { EXPECT_EQ(clusters_of(Similarities(1)), (Clusters{0})); }

TEST(AverageLinkage, DoesAsItIsDefined) {
  Random random{7};
  // In none of them is a mean so near 0 that rounding decides.
  for (int round = 0; round < 40; ++round) {
    constexpr std::size_t size = 14;
    Similarities similarities(size);
    for (std::size_t one = 0; one < size; ++one) {
      for (std::size_t other = 0; other < one; ++other) {
        const float whole = one % 3 == other % 3 ? 2.F : -2.F;
        similarities.set(one, other, whole + random.between(-2.5F, 2.5F));
      }
    }
    EXPECT_EQ(clusters_of(similarities), by_definition(similarities)) << "round " << round;
  }
}

TEST(AverageLinkage, GoesOnToALowerLimit) {
  const std::vector<float> limits{0, -2};
  const auto clusters = average_linkage(similarities_of(3, {1, -1, -1}), limits);
  EXPECT_EQ(clusters.at(0), (Clusters{0, 0, 1}));
  EXPECT_EQ(clusters.at(1), (Clusters{0, 0, 0}));
}

TEST(SimilarityValues, AreKeptWithinTheirRange) {
  Similarities similarities(2);
  similarities.set(0, 1, 1e6F);
  EXPECT_EQ(similarities.of(1, 0), 100);
}

}  // namespace
}  // namespace vidclass::dataset
