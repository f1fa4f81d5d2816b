// The files that Keras keeps networks in. What comes from them is not trusted: nothing in them is
// executed, no path that they name is opened, and what is read is bounded.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/hdf5.hpp"
#include "core/json.hpp"

namespace vidclass::exchange {

/// A layer as its weights are found: in the layouts of HDF5 by its name, in those since by its
/// class, counted among the layers of that class ("GRU", 1: "gru_1").
struct KerasLayerKey {
  std::string class_name;
  std::string name;
  std::size_t number = 0;
};

/// An open `.keras` (Keras 3, and 2 from 2.12 on), whole-model HDF5 or `.weights.h5` file. One
/// thread at a time (see Hdf5File).
class KerasFile {
public:
  /// Tells the kinds apart by what is in them. Throws Error naming the file.
  explicit KerasFile(const std::filesystem::path& path);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Of the Keras that saved it, 2 or 3; 0 where the file does not tell.
  [[nodiscard]] int keras_version() const noexcept { return keras_version_; }
  /// What Keras calls the network's config, {"class_name", "config"}; null for weights alone.
  [[nodiscard]] const Json& config() const noexcept { return config_; }

  /// The weights of a layer, float32, in Keras's order; those of a layer within it (wrappers, the
  /// cells of recurrent layers) as well, forward before backward. None for a layer that has none.
  [[nodiscard]] std::vector<Tensor> weights(const KerasLayerKey& layer) const;

  /// Are layers found by their names, in the order of names()? Else by their classes.
  [[nodiscard]] bool keeps_order() const noexcept { return by_name_; }
  /// The layers' names, or their groups' ("gru", "gru_1", "dense"), sorted.
  [[nodiscard]] std::vector<std::string> names() const;

private:
  void find_layers();
  void number_groups();
  [[nodiscard]] std::vector<Tensor> numbered(const std::string& group) const;

  std::string name_;
  int keras_version_ = 0;
  Json config_;
  std::unique_ptr<Hdf5File> file_;
  bool by_name_ = false;
  std::string root_;  // of the layers' groups
  /// What these are called, by their class and place among it: "gru", "gru_1", ... Keras 2.13 and
  /// before count layers with weights twice: "gru", "gru_2", ...
  std::map<std::string, std::string> groups_;
};

/// "gru_1" to "gru" and 1, "gru" to "gru" and 0.
[[nodiscard]] std::pair<std::string, std::size_t> split_group(const std::string& group);

/// "GlobalAveragePooling1D" to "global_average_pooling1d", as Keras names groups.
[[nodiscard]] std::string snake_case(std::string_view class_name);

}  // namespace vidclass::exchange
