#include <mutex>
#include <span>

#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "call.hpp"
#include "errors.hpp"
#include "options.hpp"
#include "vidclass/extract.hpp"
#include "vidclass/linear.hpp"

namespace vidclass::python {
namespace {

using Matrix = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

/// May be called from several threads, which take turns.
class Extractor {
public:
  /// With "cache" False nothing is kept or looked up.
  Extractor(const nb::dict& given, nb::object progress) {
    const nb::object cache = given.get("cache", nb::none());
    const bool uncached = cache.is(nb::bool_(false));
    OptionReader reader(given);
    FeatureOptions options;
    MachineOptions machine;
    take(reader, options);
    take(reader, machine, !uncached);
    reader.finish();
    Call call(std::move(progress));
    extractor_.emplace(call.run([&] {
      return uncached ? FeatureExtractor::without_cache(options, machine, call.hooks())
                      : FeatureExtractor(options, machine, call.hooks());
    }));
  }

  /// [(pooling, width)].
  [[nodiscard]] std::vector<std::pair<std::string, std::size_t>> blocks() const {
    std::vector<std::pair<std::string, std::size_t>> blocks;
    for (const auto& [pooling, width] : extractor_->blocks()) blocks.emplace_back(pooling, width);
    return blocks;
  }

  /// [(values, times, error)], the arrays of an unusable clip None.
  [[nodiscard]] nb::list extract(const std::vector<ClipSource>& clips, nb::object progress) {
    Call call(std::move(progress));
    std::vector<ClipFeatures> found = call.run([&] {
      const std::lock_guard turn(turn_);
      return extractor_->extract(std::span(clips), call.hooks());
    });
    nb::list result;
    for (ClipFeatures& each : found) {
      const bool usable = each.error.empty();
      result.append(nb::make_tuple(usable ? to_numpy(std::move(each.values)) : nb::none(),
                                   usable ? to_numpy(std::move(each.times)) : nb::none(),
                                   readable(each.error)));
    }
    return result;
  }

private:
  std::optional<FeatureExtractor> extractor_;
  std::mutex turn_;
};

/// (weights [D, L], bias [L]).
nb::tuple fit(const Matrix& rows, const std::vector<std::size_t>& labels, std::size_t label_count,
              double strength, bool balanced, int most_iterations) {
  const Tensor values = to_tensor<float>(rows);
  Call call;
  LinearClassifier fitted = call.run([&] {
    return fit_linear(
        values, labels, label_count,
        {.strength = strength, .balanced = balanced, .most_iterations = most_iterations},
        call.hooks().cancel);
  });
  return nb::make_tuple(to_numpy(std::move(fitted.weights)), to_numpy(std::move(fitted.bias)));
}

}  // namespace

void bind_features(nb::module_& module) {
  nb::class_<Extractor>(module, "Extractor")
      .def(nb::init<const nb::dict&, nb::object>(), nb::arg("options"), nb::arg("progress").none())
      .def("blocks", &Extractor::blocks)
      .def("extract", &Extractor::extract, nb::arg("clips"), nb::arg("progress").none());
  module.def("fit_linear", fit, nb::arg("rows").noconvert(), nb::arg("labels"),
             nb::arg("label_count"), nb::arg("strength"), nb::arg("balanced"),
             nb::arg("most_iterations"));
}

}  // namespace vidclass::python
