// Exported networks in the programs that they are for, where these are installed
// (tests/exchange/setup.sh).
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "core/npy_writer.hpp"
#include "exchange/export.hpp"
#include "exchange/format.hpp"
#include "exchange/trial.hpp"
#include "made_up_model.hpp"
#include "peers.hpp"
#include "support/temp_dir.hpp"

namespace vidclass::exchange {
namespace {

namespace fs = std::filesystem;
using vidclass::testing::TempDir;

struct Peer {
  const char* engine;
  const char* environment;  // of tests/exchange/setup.sh
  const char* format;
};
std::ostream& operator<<(std::ostream& out, const Peer& each) { return out << each.engine; }

class InPeer : public ::testing::TestWithParam<Peer> {
protected:
  void SetUp() override { VIDCLASS_NEED_PEER(GetParam().environment); }

  /// What the peer says is the largest difference.
  [[nodiscard]] double difference(const model::Model& model, bool frames,
                                  const std::vector<Trial>& trials) const {
    const fs::path file = dir_ / ("net" + std::string(format_named(GetParam().format).ending));
    model::write(dir_ / "model.safetensors", model);
    ExportRequest request{
        .model = dir_ / "model.safetensors", .format = GetParam().format, .output = file};
    request.options.frames = frames;
    static_cast<void>(export_model(request));
    const fs::path calls = dir_ / "calls";
    for (std::size_t i = 0; i < trials.size(); ++i) {
      const fs::path call = calls / std::to_string(i);
      fs::create_directories(call);
      for (const auto& [name, values] : trials[i].inputs) write_npy(call / (name + ".npy"), values);
      write_npy(call / "expected.npy", trials[i].expected);
    }
    const std::string command = vidclass::testing::peer_python(GetParam().environment).string() +
                                " " + VIDCLASS_TESTS_DIR "/exchange/run_peer.py " +
                                GetParam().engine + " " + file.string() + " " + calls.string();
    std::FILE* output = ::popen(command.c_str(), "r");
    double largest = -1;
    const int read = std::fscanf(output, "%lf", &largest);
    EXPECT_EQ(::pclose(output), 0) << command;
    EXPECT_EQ(read, 1);
    return largest;
  }

  TempDir dir_;
};

TEST_P(InPeer, HeadsComputeWhatTheModelDoes) {
  const model::Model model = testing::made_up_model("mini", 64);
  EXPECT_LT(difference(model, false, feature_trials(model)), 1e-5);
}

TEST_P(InPeer, FramesGiveWhatTheModelDoes) {
  const model::Model model = testing::made_up_model("lite0", 64);
  backbone::BackboneOptions options;
  options.name = "lite0";
  options.size = 64;
  options.precision = backbone::Precision::f32;
  options.motion = true;
  options.middle = true;
  backbone::Backbone network(backbone::PreparedBackbone(options), backbone::Load::few_frames);
  EXPECT_LT(difference(model, true, frame_trials(model, network)), 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Engines, InPeer,
                         ::testing::Values(Peer{"onnxruntime", "onnx", "onnx"},
                                           Peer{"openvino", "onnx", "openvino"},
                                           Peer{"torch", "torch", "torch"}),
                         [](const auto& each) { return each.param.engine; });

}  // namespace
}  // namespace vidclass::exchange
