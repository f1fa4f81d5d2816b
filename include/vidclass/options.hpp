// How clips become features: which frames, which network, which machine.
//
// Every default of the library stands here, and the program's options show these.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace vidclass {

/// Which frames of a clip are taken.
enum class Sampling {
  /// Spread over the whole clip: the clip is cut into as many equal spans of
  /// time as frames are wanted, and the frame shown in the middle of each is
  /// taken, each frame at most once.
  uniform,
  /// The first consecutive frames, as the Keras example does.
  first,
  /// As uniform, with `candidates` times as many frames, of which training draws `frames`, one of
  /// each part. Clips to validate and test with are sampled as uniform.
  segment,
  /// Consecutive frames, every stride-th, from the middle of the clip.
  dense,
};

/// How a frame becomes a square of the network's size.
enum class Preprocess {
  /// Cropped to a square, resized with antialiasing (swscale, bicubic).
  standard,
  /// The Keras example: OpenCV's decoding, centre crop to the shorter side,
  /// then cv2.resize's bilinear interpolation without antialiasing.
  keras,
};

/// Which square of the picture is kept.
enum class Crop {
  /// The largest one in the middle.
  centre,
  /// One about what moves, the same for all frames of a clip: as wide as its movement, at
  /// least 0.35 of the picture's shorter side, and within the picture. The largest one in the
  /// middle where nothing moves. Not under Preprocess::keras.
  motion,
};

/// The arithmetic that a network runs in.
enum class Precision {
  /// bf16 where this CPU multiplies bfloat16 natively, else f32. Never int8, which
  /// differs more from f32 and needs a calibration.
  automatic,
  f32,
  /// Products of bfloat16 summed in float32. Runs on any CPU, quicker only on
  /// those with native instructions (AVX512-BF16, AMX).
  bf16,
  /// Convolutions of 8-bit whole numbers; the rest as `automatic`. Needs the ranges of
  /// the activations. Quick on CPUs with VNNI or AMX.
  int8,
};

/// Which vectors a frame gets, side by side.
enum class PoolingChoice {
  automatic,          // avg_motion_middle, without what the network lacks
  avg,                // the average over the positions of the network's last map
  avg_motion,         // also weighted by where the frame moves
  avg_middle,         // also of a map in the middle of the network
  avg_motion_middle,  // all of these
};

/// In which order a network takes the axes of its frames.
enum class InputLayout {
  automatic,       // told by where the axis of length 3 is
  channels_first,  // [N, 3, height, width]
  channels_last,   // [N, height, width, 3]
};

/// What is not worth decoding. A clip beyond one of these cannot be used, and the reason names the
/// limit. They change no numbers of the clips within.
struct Limits {
  /// Pixels of a frame, 16384 x 8192 by default: a damaged header may ask for a picture of
  /// gigabytes.
  std::int64_t max_pixels = std::int64_t{1} << 27;
  /// Seconds from the first frame to the end of the last, by the packets' timestamps (headers
  /// lie); a day by default.
  double max_duration = 24 * 60 * 60;
  /// Seconds of wall-clock time without a frame out of the decoder, or a packet out of the
  /// file, after which a clip is given up. Looked at between packets and reads.
  double max_stall = 60;
  /// Codecs that are decoded besides those that usual clips have, by FFmpeg's names ("magicyuv").
  /// Rare decoders are where most of FFmpeg's weaknesses are found: name one where you trust the
  /// clips.
  std::vector<std::string> allow_codecs{};
};

/// All of this but `device`, `batch` and the search for the network changes the features.
struct FeatureOptions {
  /// "xception" (ImageNet weights as Keras publishes them), "lite0" (EfficientNet-Lite0, ImageNet
  /// weights, built in; about 14 times quicker and less accurate), "mini" (a filter bank for
  /// tests), or a file: ONNX, or OpenVINO's .xml.
  std::string backbone = "xception";
  /// Of a network of a file: it is given (value - mean) / scale of each RGB value from 0 to 255;
  /// empty: ImageNet's mean and deviation.
  std::optional<std::array<double, 3>> mean{};
  std::optional<std::array<double, 3>> scale{};
  /// Of a network of a file.
  InputLayout input_layout = InputLayout::automatic;
  /// Of a network of a file: name of the tensor that holds the features, [N, D], or a map, whose
  /// average they are then; empty: the last global average pooling, else the first output.
  std::string feature{};
  /// Of a network of a file: name of the tensor that is the map in the middle; empty: the last map
  /// of the next finer grid than that of the features, where they are the average of a map.
  std::string middle{};
  Precision precision = Precision::automatic;
  /// An OpenVINO device, such as "CPU" or "GPU", or "cuda", "cuda:1", ...: by LibTorch.
  std::string device = "CPU";
  /// Side of the square frames in pixels; 0: the network's own (xception 299, lite0 224, mini 64).
  int size = 0;
  PoolingChoice pooling = PoolingChoice::automatic;
  int frames = 20;  // of a clip, 1 to 10000; shorter clips give those that they have
  Sampling sampling = Sampling::uniform;
  int stride = 1;      // dense: the distance of its frames, 1 to 10000
  int candidates = 3;  // segment: frames kept for each one drawn, 1 to 100
  /// Frames/s, 0 to 1000: sample from so many only; of folders of pictures: their rate. 0: all.
  double fps = 0;
  /// Empty: motion, but centre under Preprocess::keras.
  std::optional<Crop> crop{};
  Preprocess preprocess = Preprocess::standard;
  /// Features are rounded to float16 (relative error below 0.0005) and take half the room.
  bool half = false;
  /// Frames computed together; 0: what suits the load. Speed only.
  int batch = 0;
};

/// Where and within what bounds work is done. Changes no numbers.
struct MachineOptions {
  int threads = 0;  // of the CPU; 0: all
  /// Folder of the feature cache; empty: in the user's cache folder.
  std::filesystem::path cache{};
  Limits limits{};
};

}  // namespace vidclass
