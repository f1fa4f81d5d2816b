// Dense optical flow without the camera's movement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace vidclass::motion {

/// Where each pixel of a picture goes, in rows: `across` and `down` hold width * height values
/// each, in pixels of the pictures that were compared.
struct Flow {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<float> across;
  std::vector<float> down;
};

/// What computes the flow, with its version: another may give slightly other numbers.
[[nodiscard]] std::string flow_fingerprint();

/// The flow between two grey pictures of width * height pixels, at half their size, by dense
/// inverse search (Kroeger et al. 2016) as OpenCV has it, its preset "ultrafast". The first call
/// sets OpenCV's number of threads in this process to 1: on several, its result depends on how
/// many. Thread-safe.
[[nodiscard]] Flow flow_between(std::span<const std::uint8_t> first,
                                std::span<const std::uint8_t> second, std::size_t width,
                                std::size_t height);

/// Takes out of it an affine movement of the whole picture (the camera's), fitted by least squares
/// to those pixels that follow it, in four rounds.
void remove_camera(Flow& flow);

}  // namespace vidclass::motion
