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
#include "support/environment.hpp"
#include "support/shared_data.hpp"
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
    std::printf("%s from %s of %s: largest difference %.2g\n", GetParam().engine,
                frames ? "frames" : "features", model.backbone.c_str(), largest);
    return largest;
  }

  [[nodiscard]] double difference_from_frames(const char* name, int size) const {
    const model::Model model = testing::made_up_model(name, size);
    backbone::BackboneOptions options;
    options.name = name;
    options.size = size;
    options.precision = backbone::Precision::f32;
    options.motion = true;
    options.middle = true;
    backbone::Backbone network(backbone::PreparedBackbone(options), backbone::Load::few_frames);
    return difference(model, true, frame_trials(model, network, 7));
  }

  TempDir dir_;
};

TEST_P(InPeer, HeadsComputeWhatTheModelDoes) {
  const model::Model model = testing::made_up_model("mini", 64);
  EXPECT_LT(difference(model, false, feature_trials(model)), 1e-5);
}

TEST_P(InPeer, FramesGiveWhatTheModelDoes) { EXPECT_LT(difference_from_frames("lite0", 64), 1e-4); }

TEST_P(InPeer, FramesOfXceptionGiveWhatTheModelDoes) {
  VIDCLASS_NEED_SHARED_DATA();
  const std::string weights = (vidclass::testing::shared_data() / "weights").string();
  const vidclass::testing::Variable folder("VIDCLASS_WEIGHTS_DIR", weights);
  EXPECT_LT(difference_from_frames("xception", 96), 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Engines, InPeer,
                         ::testing::Values(Peer{"onnxruntime", "onnx", "onnx"},
                                           Peer{"openvino", "onnx", "openvino"},
                                           Peer{"torch", "torch", "torch"},
                                           Peer{"keras", "keras3", "keras"}),
                         [](const auto& each) { return each.param.engine; });

TEST(BenchmarkApp, RunsTheExportedNetwork) {
  VIDCLASS_NEED_PEER("onnx");
  const TempDir dir;
  ExportRequest request{.model = testing::write_made_up_model(dir.path(), "lite0", 64),
                        .format = "openvino",
                        .output = dir / "net.xml"};
  request.options.frames = true;
  static_cast<void>(export_model(request));
  const std::string command =
      vidclass::testing::peer_python("onnx").string() +
      " -c 'from openvino.tools.benchmark.main import main; main()' -m " + request.output.string() +
      " -d CPU -niter 2 -nireq 1 -data_shape 'frames[1,6,64,64,3],motion_map[1,6,4,4],lengths[1]'";
  std::string said;
  std::FILE* output = ::popen((command + " 2>&1").c_str(), "r");
  for (int c = std::fgetc(output); c != EOF; c = std::fgetc(output)) said += static_cast<char>(c);
  EXPECT_EQ(::pclose(output), 0) << said;
  EXPECT_NE(said.find("Throughput"), std::string::npos) << said;
}

}  // namespace
}  // namespace vidclass::exchange
