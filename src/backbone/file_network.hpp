// A network of a file as a graph with our inputs and outputs.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <openvino/core/model.hpp>

#include "backbone/graph.hpp"
#include "backbone/network_file.hpp"

namespace vidclass::backbone {

class FileNetwork {
public:
  /// Reads the file. `size`: side of the frames, 0 for the file's own. Throws UsageError if there
  /// is no such file, or for a size that the network cannot take; Error naming the file and what
  /// is wrong with it.
  FileNetwork(const NetworkFile& file, int size);

  /// As given, with the layout and the feature's name as they were found.
  [[nodiscard]] const NetworkFile& file() const noexcept { return file_; }
  [[nodiscard]] int size() const noexcept { return size_; }
  [[nodiscard]] std::size_t feature_size() const noexcept { return feature_size_; }
  /// Side of the map that is averaged, in positions; 0 if the features are not an average.
  [[nodiscard]] std::size_t map_size() const noexcept { return map_size_; }
  /// SHA-256 over the file, all constants and how it is used but for the map in the middle.
  [[nodiscard]] std::string fingerprint() const;

  /// Channels and side of the map in the middle; 0: none was found.
  [[nodiscard]] std::size_t middle_size() const noexcept { return middle_size_; }
  [[nodiscard]] std::size_t middle_map_size() const noexcept { return middle_map_size_; }

  /// The graph of make_graph(): `motion` and `cells` need a map. A file made for one frame at a
  /// time gives a graph for a batch of 1.
  [[nodiscard]] std::shared_ptr<ov::Model> build(std::size_t batch,
                                                 const GraphOutputs& wanted) const;

private:
  [[nodiscard]] std::shared_ptr<ov::Model> reshaped(std::size_t batch) const;
  /// Some files are written for one frame at a time, with that number in their reshapings.
  [[nodiscard]] bool takes(std::size_t batch) const;

  NetworkFile file_;
  std::shared_ptr<ov::Model> model_;
  int size_ = 0;
  std::size_t feature_size_ = 0;
  std::size_t map_size_ = 0;
  std::size_t middle_size_ = 0;
  std::size_t middle_map_size_ = 0;
};

}  // namespace vidclass::backbone
