// Options by name, from Python's keyword arguments.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "vidclass/classifier.hpp"
#include "vidclass/dataset.hpp"
#include "vidclass/frames.hpp"
#include "vidclass/options.hpp"
#include "vidclass/train.hpp"

namespace vidclass::python {

namespace nb = nanobind;

/// Takes options out of a dict; those that are None keep their defaults. Call finish() behind the
/// last.
class OptionReader {
public:
  explicit OptionReader(nb::dict options) : options_(std::move(options)) {}

  /// Raises TypeError naming the option if its value is of another type.
  template <typename Value>
  void take(const char* name, Value& value) {
    if (const nb::object given = find(name); !given.is_none()) value = cast<Value>(name, given);
  }
  template <typename Value>
  void take(const char* name, std::optional<Value>& value) {
    if (const nb::object given = find(name); !given.is_none()) value = cast<Value>(name, given);
  }
  /// One of several names, which `from` reads.
  template <typename Value, typename From>
  void choose(const char* name, Value& value, From from) {
    if (const nb::object given = find(name); !given.is_none()) {
      value = from(cast<std::string>(name, given));
    }
  }
  /// Whatever the option says, it is known.
  void pass(const char* name) { known_.insert(name); }
  /// Raises TypeError naming an option that nothing has taken.
  void finish() const;

private:
  /// None where it was not given.
  [[nodiscard]] nb::object find(const char* name);
  [[noreturn]] static void refuse(const char* name, const nb::object& given);

  template <typename Value>
  static Value cast(const char* name, const nb::object& given) {
    Value value{};
    if (!nb::try_cast(given, value)) refuse(name, given);
    return value;
  }

  nb::dict options_;
  std::set<std::string> known_;
};

void take(OptionReader& reader, FeatureOptions& options);
/// Unless `cached`, the cache that is named is not read.
void take(OptionReader& reader, MachineOptions& options, bool cached = true);
void take(OptionReader& reader, FrameOptions& options);
void take(OptionReader& reader, DatasetOptions& options);
void take(OptionReader& reader, ClassifierOptions& options);
/// Features and machine among them; of the data nothing.
void take(OptionReader& reader, TrainOptions& options);

/// Options all of which are in one struct.
template <typename Options>
[[nodiscard]] Options options_from(const nb::dict& given) {
  OptionReader reader(given);
  Options options;
  take(reader, options);
  reader.finish();
  return options;
}

}  // namespace vidclass::python
