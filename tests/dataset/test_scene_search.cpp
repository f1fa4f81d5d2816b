#include "dataset/scene_search.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vidclass::dataset {
namespace {

using Numbers = std::vector<std::size_t>;

/// A look that is like others of its `kind` alone.
std::vector<float> look(std::size_t kind) {
  std::vector<float> values(8, 0.1F);
  values[kind] = 1;
  return values;
}

std::vector<float> flat() { return std::vector<float>(fingerprint_pixels, 100); }

/// Waves, of which different places have different ones, moved to the right by so many cells.
std::vector<float> waves(int place, int moved = 0, float brighter = 0) {
  std::vector<float> ground;
  for (int y = 0; y < static_cast<int>(fingerprint_side); ++y) {
    for (int x = 0; x < static_cast<int>(fingerprint_side); ++x) {
      const double at = x - moved;
      ground.push_back(brighter +
                       static_cast<float>(120 + 60 * std::sin((0.5 + 0.37 * place) * at + place) *
                                                    std::cos((1.3 - 0.29 * place) * y)));
    }
  }
  return ground;
}

Numbers scenes_of(const std::vector<SceneView>& clips) {
  return find_scenes(clips, {}, 1).scene_of;
}
Numbers recordings_of(const std::vector<SceneView>& clips) {
  return find_scenes(clips, {}, 1).recording_of;
}

TEST(FoundScenes, AreToldByWhatClipsLookLike) {
  EXPECT_EQ(scenes_of({{look(0), flat()}, {look(1), flat()}, {look(0), flat()}}),
            (Numbers{0, 1, 0}));
}

TEST(FoundScenes, AreToldByTheirGroundsWhereLooksDiffer) {
  EXPECT_EQ(scenes_of({{look(0), waves(1)}, {look(1), waves(2)}, {look(2), waves(1)}}),
            (Numbers{0, 1, 0}));
}

TEST(FoundScenes, AreToldByAGroundThatIsMovedALittle) {
  EXPECT_EQ(scenes_of({{look(0), waves(1)}, {look(1), waves(1, 2)}}), (Numbers{0, 0}));
}

TEST(FoundScenes, AreNotToldByGroundsWithoutContrast) {
  EXPECT_EQ(scenes_of({{look(0), flat()}, {look(1), flat()}}), (Numbers{0, 1}));
}

TEST(FoundScenes, AreTheSameOnAnyNumberOfThreads) {
  std::vector<SceneView> clips;
  for (std::size_t i = 0; i < 40; ++i)
    clips.push_back({look(i % 7), waves(static_cast<int>(i % 5))});
  EXPECT_EQ(find_scenes(clips, {}, 1).scene_of, find_scenes(clips, {}, 4).scene_of);
}

TEST(FoundScenes, AreNoneOfNoClips) { EXPECT_TRUE(scenes_of({}).empty()); }

TEST(FoundScenes, HoldWhatIsSaidToBelongTogether) {
  const std::vector<SceneView> clips{{look(0), waves(1)}, {look(1), waves(2)}};
  const std::vector<std::pair<std::size_t, std::size_t>> together{{0, 1}};
  const Scenes found = find_scenes(clips, together, 1);
  EXPECT_EQ(found.scene_of, (Numbers{0, 0}));
  EXPECT_EQ(found.recording_of, (Numbers{0, 0}));
}

TEST(FoundRecordings, AgreeInLooksAndGrounds) {
  EXPECT_EQ(recordings_of({{look(0), waves(1)}, {look(0), waves(1, 0, 3)}}), (Numbers{0, 0}));
}

TEST(FoundRecordings, AreNotClipsThatLookAlikeBeforeAnotherGround) {
  EXPECT_EQ(recordings_of({{look(0), waves(1)}, {look(0), waves(2)}}), (Numbers{0, 1}));
}

TEST(FoundRecordings, AreNotClipsOfOneGroundInOtherLight) {
  EXPECT_EQ(recordings_of({{look(0), waves(1)}, {look(0), waves(1, 0, 30)}}), (Numbers{0, 1}));
}

TEST(Ground, IsTheMedianOfEachPixel) {
  Fingerprint clip;
  for (int frame = 0; frame < 5; ++frame) {
    clip.times.push_back(static_cast<float>(frame));
    // Something bright passes by in one frame.
    clip.pictures.insert(clip.pictures.end(), fingerprint_pixels, frame == 2 ? 250 : 40);
  }
  EXPECT_EQ(ground_of(clip), std::vector<float>(fingerprint_pixels, 40));
}

}  // namespace
}  // namespace vidclass::dataset
