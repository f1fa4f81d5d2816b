#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <utility>
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
  ListFeed feed(clips, 0, cancel);
  DecoderPool pool({.clips = feed, .settings = wanted, .cancel = cancel}, 1);
  std::vector<std::size_t> kinds;
  while (const auto arrival = pool.next()) kinds.push_back(arrival->what.index());
  EXPECT_EQ(kinds, (std::vector<std::size_t>{0, 2, 2, 2, 2}));
}

TEST(DecoderPool, EndsWhenDestroyedThoughNothingWasTakenAndMuchIsLeft) {
  // Lives as long as the thread, which is left behind where destruction hangs or decodes it all.
  struct Job {
    TempDir dir;
    std::vector<video::ClipSource> clips;
    FeatureSettings wanted = settings();
    CancellationToken cancel;
  };
  const auto job = std::make_shared<Job>();
  job->clips.assign(200'000, make_sources(job->dir.path(), 1).front());
  std::promise<void> ended;
  auto end = ended.get_future();
  std::thread([job, ended = std::move(ended)]() mutable {
    {
      ListFeed feed(job->clips, 0, job->cancel);
      const DecoderPool pool({.clips = feed, .settings = job->wanted, .cancel = job->cancel}, 3);
      // Until the queue is full and all threads wait to hand over.
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
    }
    ended.set_value();
  }).detach();
  EXPECT_EQ(end.wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

TEST(DecoderCount, IsFourAtMostUnlessMoreAreWanted) {
  EXPECT_EQ(decoders_for(1), 1);
  EXPECT_EQ(decoders_for(3), 3);
  EXPECT_EQ(decoders_for(64), 4);
  EXPECT_LE(decoder_count(0, 100), 4U);
  EXPECT_EQ(decoder_count(7, 100), 7U);
}

TEST(DecoderCount, IsNotAboveThatOfTheClips) {
  EXPECT_EQ(decoder_count(7, 2), 2U);
  EXPECT_EQ(decoder_count(0, 1), 1U);
}

TEST(DecoderPool, ThrowsWhatADecoderThrew) {
  const TempDir dir;
  const auto clips = make_sources(dir.path(), 3);
  FeatureSettings wrong = settings();
  wrong.clip.frames = 0;
  const CancellationToken cancel;
  ListFeed feed(clips, 0, cancel);
  DecoderPool pool({.clips = feed, .settings = wrong, .cancel = cancel}, 2);
  EXPECT_THROW(while (pool.next()){}, UsageError);
}

}  // namespace
}  // namespace vidclass::features
