#include <gtest/gtest.h>

#include <vector>

#include "features/clips.hpp"
#include "features/decoder_pool.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

using testing::make_sources;
using testing::TempDir;

FeatureSettings settings() {
  FeatureSettings result;
  result.clip.frames = 4;
  result.clip.size = 32;
  return result;
}

TEST(DecoderPool, AnnouncesTheNetworkOnceAndFirst) {
  const TempDir dir;
  const auto clips = make_sources(dir.path(), 4);
  const FeatureSettings wanted = settings();
  const CancellationToken cancel;
  DecoderPool pool({.clips = clips, .settings = wanted, .cancel = cancel}, 1);
  std::vector<std::size_t> kinds;
  while (const auto arrival = pool.next()) kinds.push_back(arrival->what.index());
  EXPECT_EQ(kinds, (std::vector<std::size_t>{0, 2, 2, 2, 2}));
}

TEST(DecoderPool, CanBeDestroyedBeforeAnythingWasTaken) {
  const TempDir dir;
  const auto clips = make_sources(dir.path(), 12);
  const FeatureSettings wanted = settings();
  const CancellationToken cancel;
  { const DecoderPool pool({.clips = clips, .settings = wanted, .cancel = cancel}, 3); }
  SUCCEED();
}

TEST(DecoderPool, ThrowsWhatADecoderThrew) {
  const TempDir dir;
  const auto clips = make_sources(dir.path(), 3);
  FeatureSettings wrong = settings();
  wrong.clip.frames = 0;
  const CancellationToken cancel;
  DecoderPool pool({.clips = clips, .settings = wrong, .cancel = cancel}, 2);
  EXPECT_THROW(while (pool.next()){}, UsageError);
}

}  // namespace
}  // namespace vidclass::features
