#include <mutex>
#include <span>

#include <nanobind/nanobind.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "call.hpp"
#include "errors.hpp"
#include "options.hpp"
#include "vidclass/explain.hpp"

namespace vidclass::python {
namespace {

/// None where there is nothing.
nb::object array_or_none(std::vector<float> values) {
  return values.empty() ? nb::none() : to_numpy(std::move(values));
}

/// May be called from several threads, which take turns. The second network, which explanations
/// need, is made when the first is asked for.
class Model {
public:
  Model(const std::filesystem::path& file, const nb::dict& given, nb::object progress)
      : file_(file), options_(options_from<ClassifierOptions>(given)) {
    Call call(std::move(progress));
    classifier_.emplace(call.run([&] { return Classifier(file_, options_, call.hooks()); }));
  }

  [[nodiscard]] const std::vector<std::string>& labels() const { return classifier_->labels(); }

  /// [(probabilities, appearance, motion, novelty, motion_weight, times, error)], None where there
  /// is no such array.
  [[nodiscard]] nb::list classify(const std::vector<ClipSource>& clips, nb::object progress) {
    Call call(std::move(progress));
    std::vector<Prediction> found = call.run([&] {
      const std::lock_guard turn(turn_);
      return classifier_->classify(std::span(clips), call.hooks());
    });
    nb::list result;
    for (Prediction& each : found) {
      result.append(nb::make_tuple(
          array_or_none(std::move(each.probabilities)), array_or_none(std::move(each.appearance)),
          array_or_none(std::move(each.motion)), each.novelty, each.motion_weight,
          to_numpy(std::move(each.times)), readable(each.error)));
    }
    return result;
  }

  [[nodiscard]] nb::dict explain(const ClipSource& clip, const std::string& label, int steps,
                                 nb::object progress) {
    Call call(std::move(progress));
    Explanation found = call.run([&] {
      const std::lock_guard turn(turn_);
      if (!explainer_ || steps != steps_) {
        explainer_.emplace(file_, ExplainOptions{.classifier = options_, .steps = steps},
                           call.hooks());
        steps_ = steps;
      }
      return explainer_->explain(clip, label, call.hooks());
    });
    nb::dict result;
    result["label"] = found.label;
    result["probabilities"] = to_numpy(std::move(found.probabilities));
    result["times"] = to_numpy(std::move(found.times));
    result["frames"] = to_numpy(std::move(found.frames));
    result["places"] = to_numpy(std::move(found.places));
    result["pictures"] = to_numpy(std::move(found.pictures));
    result["window"] = nb::make_tuple(found.left, found.top, found.width, found.height);
    result["log_odds"] = found.log_odds;
    result["log_odds_of_mean"] = found.log_odds_of_mean;
    if (auto& motion = found.motion) {
      nb::dict stream;
      stream["probabilities"] = to_numpy(std::move(motion->probabilities));
      stream["weight"] = motion->weight;
      stream["score"] = motion->score;
      stream["moments"] = to_numpy(std::move(motion->moments));
      stream["places"] = to_numpy(std::move(motion->places));
      result["motion"] = stream;
    } else {
      result["motion"] = nb::none();
    }
    return result;
  }

private:
  std::filesystem::path file_;
  ClassifierOptions options_;
  std::optional<Classifier> classifier_;
  std::optional<Explainer> explainer_;
  int steps_ = 0;
  std::mutex turn_;
};

}  // namespace

void bind_models(nb::module_& module) {
  nb::class_<Model>(module, "Model")
      .def(nb::init<const std::filesystem::path&, const nb::dict&, nb::object>(), nb::arg("file"),
           nb::arg("options"), nb::arg("progress").none())
      .def_prop_ro("labels", &Model::labels)
      .def("classify", &Model::classify, nb::arg("clips"), nb::arg("progress").none())
      .def("explain", &Model::explain, nb::arg("clip"), nb::arg("label"), nb::arg("steps"),
           nb::arg("progress").none());
}

}  // namespace vidclass::python
