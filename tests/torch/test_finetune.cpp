#include "torch/finetune.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <limits>

#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/shared_data.hpp"
#include "support/temp_dir.hpp"
#include "torch/finetune/activation_reader.hpp"
#include "torch/made_up_activations.hpp"
#include "torch/tensors.hpp"
#include "torch/xception_module.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

using testing::made_up_activations;
using testing::small_finetuning;

FinetuneResult alone(const FinetuneData& data, const FinetuneOptions& options) {
  return finetune(data, options, *connect({}));
}

/// The same training on several ranks, each in a thread of its own; what rank 0 says.
FinetuneResult together(const FinetuneData& data, const FinetuneOptions& options, int ranks,
                        int port) {
  std::vector<std::future<FinetuneResult>> results;
  for (int rank = 0; rank < ranks; ++rank) {
    results.push_back(std::async(std::launch::async, [&, rank] {
      const auto others = connect({.rank = rank,
                                   .count = ranks,
                                   .local_count = ranks,
                                   .address = "127.0.0.1",
                                   .port = port,
                                   .timeout_seconds = 60});
      return finetune(data, options, *others);
    }));
  }
  FinetuneResult first = results[0].get();
  for (std::size_t i = 1; i < results.size(); ++i) {
    const FinetuneResult other = results[i].get();
    EXPECT_EQ(other.best_epoch, first.best_epoch);
  }
  return first;
}

float largest_difference(const NamedTensors& a, const NamedTensors& b) {
  float largest = 0;
  for (const auto& [name, tensor] : a) {
    const auto x = tensor.data<float>();
    const auto y = b.at(name).data<float>();
    for (std::size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  }
  return largest;
}

class Finetune : public ::testing::Test {
protected:
  vidclass::testing::TempDir dir;
  FinetuneData data = made_up_activations(dir.path(), 18, 9, 1);
};

TEST_F(Finetune, LearnsWhatOnlyTheBlocksCanSee) {
  // The features of the network as it came are noise; the activations tell the labels.
  FinetuneOptions options = small_finetuning();
  options.epochs = 60;
  const FinetuneResult result = alone(data, options);
  EXPECT_LT(result.epochs.front().val_top1, 0.7);
  EXPECT_GE(result.epochs.at(static_cast<std::size_t>(result.best_epoch)).val_top1, 0.85);
  EXPECT_GT(largest_difference(data.weights, result.weights), 1e-3F);
}

TEST_F(Finetune, BeginsWithAHeadThatWasTrainedOnTheFeaturesAsTheyCame) {
  XceptionModule blocks(data.weights, backbone::TunedBlocks::block14, {});
  blocks.eval();
  for (const auto* clips : {&data.train, &data.validation}) {
    for (const CachedClip& clip : *clips) {
      const ::torch::NoGradGuard no_grad;
      const SafetensorsFile file(clip.entry);
      const Tensor activations = file.load("activations");
      const Tensor features =
          to_tensor(blocks.features(read_activations(clip.entry).activations, {}));
      write_safetensors(clip.entry, {{"activations", activations},
                                     {"features", features},
                                     {"times", Tensor(DType::f64, {features.dim(0)})}});
    }
  }
  FinetuneOptions options = small_finetuning();
  options.epochs = 1;
  options.head_learning_rate = 1e-2;
  EXPECT_GE(alone(data, options).epochs.front().val_top1, 0.85);
}

TEST_F(Finetune, GivesTheSameForTheSameSeed) {
  const FinetuneResult a = alone(data, small_finetuning());
  const FinetuneResult b = alone(data, small_finetuning());
  EXPECT_EQ(largest_difference(a.weights, b.weights), 0);
}

/// Real weights, frames of noise at Xception's smallest size.
TEST_F(Finetune, TrainsTheLastBlockFromFrames) {
  VIDCLASS_NEED_SHARED_DATA();
  const vidclass::testing::Variable weights(
      "VIDCLASS_WEIGHTS_DIR", (vidclass::testing::shared_data() / "weights").string());
  const backbone::PreparedBackbone network(
      backbone::BackboneOptions{.size = 71, .precision = backbone::Precision::f32});
  std::mt19937_64 random(1);
  FinetuneData of_frames;
  of_frames.weights = backbone::weights_of(network, backbone::TunedBlocks::all);
  for (std::size_t i = 0; i < 6; ++i) {
    Tensor frames(DType::u8, {3, 71, 71, 3});
    for (std::uint8_t& value : frames.data<std::uint8_t>()) {
      value = static_cast<std::uint8_t>(random() % 200 + i % 3 * 20);
    }
    const auto entry = dir.path() / ("frames" + std::to_string(i));
    write_safetensors(entry, {{"activations", frames},
                              {"features", testing::random_tensor(random, {3, 2048}, 1)},
                              {"times", Tensor(DType::f64, {3})}});
    (i < 3 ? of_frames.train : of_frames.validation).push_back({entry, {}, i % 3});
  }
  FinetuneOptions options = small_finetuning();
  options.epochs = 2;
  options.from_frames = true;
  const FinetuneResult result = alone(of_frames, options);
  const NamedTensors block14 = backbone::weights_of(network, backbone::TunedBlocks::block14);
  ASSERT_EQ(result.weights.size(), block14.size());
  for (const auto& [name, tensor] : block14) {
    EXPECT_EQ(result.weights.at(name).shape(), tensor.shape()) << name;
  }
  EXPECT_EQ(result.epochs.size(), 3U);
}

TEST_F(Finetune, HasTheSameLossCurveWithSeveralClipsAtOnce) {
  const FinetuneResult one = alone(data, small_finetuning());
  FinetuneOptions options = small_finetuning();
  options.clips_at_once = 3;
  const FinetuneResult three = alone(data, options);
  ASSERT_EQ(three.epochs.size(), one.epochs.size());
  for (std::size_t i = 0; i < one.epochs.size(); ++i) {
    EXPECT_NEAR(three.epochs[i].train_loss, one.epochs[i].train_loss, 1e-4);
    EXPECT_NEAR(three.epochs[i].val_loss, one.epochs[i].val_loss, 1e-4);
  }
}

TEST_F(Finetune, SaysThatADeviceIsNotThere) {
  FinetuneOptions options = small_finetuning();
  options.device = "cuda:99";
  EXPECT_THROW((void)alone(data, options), UsageError);
}

TEST_F(Finetune, KeepsFrozenBatchNormsStatistics) {
  const FinetuneResult result = alone(data, small_finetuning());
  for (const char* name : {"gamma", "moving_mean", "moving_variance"}) {
    const std::string full = std::string("block14_sepconv2_bn/") + name;
    const auto before = data.weights.at(full).data<float>();
    const auto after = result.weights.at(full).data<float>();
    EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin())) << full;
  }
}

TEST_F(Finetune, TrainsBatchNormsWhenAsked) {
  FinetuneOptions options = small_finetuning();
  options.train_batch_norm = true;
  options.epochs = 8;
  const FinetuneResult result = alone(data, options);
  ASSERT_GT(result.best_epoch, 0);
  const std::string name = "block14_sepconv2_bn/moving_mean";
  const auto before = data.weights.at(name).data<float>();
  const auto after = result.weights.at(name).data<float>();
  EXPECT_FALSE(std::equal(before.begin(), before.end(), after.begin()));
}

TEST_F(Finetune, TakesMirroredEntriesWhereThereAreSome) {
  FinetuneData mirrored = data;
  for (CachedClip& clip : mirrored.train) clip.mirrored = dir / "nowhere";
  EXPECT_THROW((void)alone(mirrored, small_finetuning()), Error);
}

TEST_F(Finetune, HasTheSameLossCurveOnTwoAndFourRanks) {
  const FinetuneResult one = alone(data, small_finetuning());
  for (const int ranks : {2, 4}) {
    SCOPED_TRACE(ranks);
    const FinetuneResult several = together(data, small_finetuning(), ranks, 29'610 + ranks);
    ASSERT_EQ(several.epochs.size(), one.epochs.size());
    for (std::size_t i = 0; i < one.epochs.size(); ++i) {
      EXPECT_NEAR(several.epochs[i].train_loss, one.epochs[i].train_loss, 1e-4);
      EXPECT_NEAR(several.epochs[i].val_loss, one.epochs[i].val_loss, 1e-4);
    }
    EXPECT_LT(largest_difference(one.weights, several.weights), 1e-3F);
  }
}

/// The training is stopped in the middle of its second epoch.
void stop_in_second_epoch(const FinetuneData& data, const FinetuneOptions& options) {
  const CancellationToken stop;
  const ProgressFunction stop_soon = [&](const ProgressState& state) {
    if (state.done > data.train.size() + 5) stop.request();
  };
  EXPECT_THROW((void)finetune(data, options, *connect({}), {.progress = stop_soon, .cancel = stop}),
               Cancelled);
}

TEST_F(Finetune, ResumedEndsWithTheSameWeightsBitForBit) {
  for (const bool batch_norm : {false, true}) {
    SCOPED_TRACE(batch_norm);
    FinetuneOptions options = small_finetuning();
    options.train_batch_norm = batch_norm;
    const FinetuneResult undisturbed = alone(data, options);
    options.checkpoint = dir / ("checkpoint" + std::to_string(batch_norm));
    stop_in_second_epoch(data, options);
    options.resume = true;
    const FinetuneResult resumed = alone(data, options);
    EXPECT_EQ(largest_difference(undisturbed.weights, resumed.weights), 0);
    ASSERT_EQ(resumed.epochs.size(), undisturbed.epochs.size());
    for (std::size_t i = 0; i < resumed.epochs.size(); ++i) {
      EXPECT_EQ(resumed.epochs[i].train_loss, undisturbed.epochs[i].train_loss);
      EXPECT_EQ(resumed.epochs[i].val_loss, undisturbed.epochs[i].val_loss);
    }
  }
}

TEST_F(Finetune, TellsOfEveryEpochAlsoWhenResumed) {
  FinetuneOptions options = small_finetuning();
  options.checkpoint = dir / "checkpoint";
  stop_in_second_epoch(data, options);
  options.resume = true;
  std::vector<int> told;
  const auto tell = [&](const FinetuneEpoch& epoch) { told.push_back(epoch.epoch); };
  (void)finetune(data, options, *connect({}), {.on_epoch = tell});
  EXPECT_EQ(told, (std::vector<int>{0, 1, 2, 3}));
}

TEST_F(Finetune, ResumesWithAnotherNumberOfRanks) {
  FinetuneOptions options = small_finetuning();
  const FinetuneResult undisturbed = alone(data, options);
  options.checkpoint = dir / "checkpoint";
  stop_in_second_epoch(data, options);
  options.resume = true;
  const FinetuneResult resumed = together(data, options, 2, 29'630);
  ASSERT_EQ(resumed.epochs.size(), undisturbed.epochs.size());
  for (std::size_t i = 0; i < resumed.epochs.size(); ++i) {
    EXPECT_NEAR(resumed.epochs[i].train_loss, undisturbed.epochs[i].train_loss, 1e-4);
  }
  EXPECT_LT(largest_difference(undisturbed.weights, resumed.weights), 1e-3F);
}

TEST_F(Finetune, ThatHadEndedIsNotTrainedAgain) {
  FinetuneOptions options = small_finetuning();
  options.checkpoint = dir / "checkpoint";
  const FinetuneResult first = alone(data, options);
  options.resume = true;
  const FinetuneResult again = alone(data, options);
  EXPECT_EQ(largest_difference(first.weights, again.weights), 0);
  EXPECT_EQ(again.clips_per_second, 0);
}

TEST_F(Finetune, RefusesTheCheckpointOfAnotherTraining) {
  FinetuneOptions options = small_finetuning();
  options.checkpoint = dir / "checkpoint";
  (void)alone(data, options);
  options.resume = true;
  options.learning_rate = 0.5;
  try {
    (void)alone(data, options);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("learning rate 0.01"), std::string::npos)
        << error.what();
    EXPECT_NE(std::string(error.what()).find("learning rate 0.5"), std::string::npos);
  }
}

TEST_F(Finetune, EndsInOneLineWhenARankIsLost) {
  FinetuneOptions options = small_finetuning();
  options.epochs = 1000;
  const auto settings = [](int rank) {
    return Rank{.rank = rank,
                .count = 2,
                .local_count = 2,
                .address = "127.0.0.1",
                .port = 29'620,
                .timeout_seconds = 20};
  };
  CancellationToken stop;
  std::size_t steps = 0;
  auto lost = std::async(std::launch::async, [&] {
    const auto others = connect(settings(1));
    const ProgressFunction stop_soon = [&](const ProgressState&) {
      if (++steps == 5) stop.request();
    };
    (void)finetune(data, options, *others, {.progress = stop_soon, .cancel = stop});
  });
  std::string message;
  try {
    const auto others = connect(settings(0));
    (void)finetune(data, options, *others);
  } catch (const Error& error) {
    message = error.what();
  }
  EXPECT_THROW(lost.get(), Cancelled);
  EXPECT_NE(message.find("rank 0 of 2 lost the others"), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST(Connect, WantsTheAddressOfSeveralMachines) {
  EXPECT_EQ(vidclass::testing::message_of<UsageError>(
                [] { static_cast<void>(connect({.rank = 0, .count = 4, .local_count = 2})); }),
            "the ranks may run on several machines: set MASTER_ADDR to the address of rank 0");
}

TEST_F(Finetune, NamesADamagedEntry) {
  std::ofstream(data.train[3].entry, std::ios::binary) << "no tensors";
  try {
    (void)alone(data, small_finetuning());
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("train3"), std::string::npos) << error.what();
  }
}

TEST_F(Finetune, StopsOnRequest) {
  const CancellationToken cancel;
  cancel.request();
  EXPECT_THROW((void)finetune(data, small_finetuning(), *connect({}), {.cancel = cancel}),
               Cancelled);
}

TEST_F(Finetune, RefusesSettingsOutOfRange) {
  FinetuneOptions options = small_finetuning();
  options.learning_rate = 0;
  EXPECT_THROW((void)alone(data, options), UsageError);
}

}  // namespace
}  // namespace vidclass::torch
