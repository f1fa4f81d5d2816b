#include <nanobind/nanobind.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "call.hpp"
#include "errors.hpp"
#include "options.hpp"
#include "vidclass/dataset.hpp"
#include "vidclass/evaluate.hpp"

namespace vidclass::python {
namespace {

/// (path, label, group, split, start, end).
using Row = std::tuple<std::filesystem::path, std::string, std::string, std::string, double,
                       std::optional<double>>;

Dataset dataset_of(const std::filesystem::path& source, std::vector<std::string> labels,
                   const std::vector<Row>& rows) {
  Dataset data;
  data.source = source;
  data.labels = std::move(labels);
  for (const auto& [path, label, group, split, start, end] : rows) {
    data.clips.push_back(
        {.clip = ClipSource(path, start, end), .label = label, .group = group, .split = split});
  }
  return data;
}

nb::list rows_of(const Dataset& data) {
  nb::list rows;
  for (const auto& [clip, label, group, split] : data.clips) {
    rows.append(nb::make_tuple(clip.path, label, group, split, clip.start, clip.end));
  }
  return rows;
}

Dataset open(const std::filesystem::path& data, const nb::dict& given) {
  const auto options = options_from<DatasetOptions>(given);
  Call call;
  return call.run([&] { return read_dataset(data, options); });
}

void write(const Dataset& data, const std::filesystem::path& csv, bool overwrite) {
  Call call;
  call.run([&] { write_dataset(data, csv, overwrite); });
}

nb::dict train(const Dataset& data, const std::filesystem::path& model, const nb::dict& given,
               nb::object progress, nb::object epoch) {
  auto options = options_from<TrainOptions>(given);
  Call call(std::move(progress), std::move(epoch));
  options.on_epoch = call.on_epoch();
  const TrainReport report =
      call.run([&] { return train_model(data, model, options, call.hooks()); });
  nb::dict result;
  result["val_top1"] = report.val_top1;
  result["val_loss"] = report.val_loss;
  result["baseline_val_top1"] = report.baseline_val_top1;
  result["train_clips"] = report.train_clips;
  result["val_clips"] = report.val_clips;
  result["seconds"] = report.seconds;
  result["unusable"] = to_python(report.unusable);
  return result;
}

nb::dict evaluate(const std::filesystem::path& model, const Dataset& data, const nb::dict& given,
                  nb::object progress) {
  OptionReader reader(given);
  EvaluateOptions options;
  reader.take("split", options.split);
  reader.take("refuse_leaks", options.refuse_leaks);
  reader.take("report", options.report);
  reader.take("predictions", options.predictions);
  take(reader, options.classifier);
  reader.finish();
  Call call(std::move(progress));
  const EvaluationReport report =
      call.run([&] { return evaluate_model(model, data, options, call.hooks()); });
  nb::dict result;
  result["clips"] = report.clips;
  result["top1"] = report.top1;
  result["top1_interval"] = nb::make_tuple(report.top1_low, report.top1_high);
  result["top5"] = report.top5;
  result["mean_class_accuracy"] = report.mean_class_accuracy;
  result["loss"] = report.loss;
  result["baseline_top1"] = report.baseline_top1;
  result["majority"] = report.majority;
  result["chance"] = report.chance;
  result["labels"] = report.labels;
  result["confusion"] = report.confusion;
  result["unusable"] = to_python(report.unusable);
  nb::list warnings;
  for (const std::string& warning : report.warnings) warnings.append(readable(warning));
  result["warnings"] = warnings;
  return result;
}

}  // namespace

void bind_training(nb::module_& module) {
  nb::class_<TrainedEpoch>(module, "Epoch")
      .def_ro("seed", &TrainedEpoch::seed)
      .def_ro("member", &TrainedEpoch::member)
      .def_ro("epoch", &TrainedEpoch::epoch)
      .def_ro("train_loss", &TrainedEpoch::train_loss)
      .def_ro("val_loss", &TrainedEpoch::val_loss)
      .def_ro("val_top1", &TrainedEpoch::val_top1)
      .def_ro("learning_rate", &TrainedEpoch::learning_rate);
  nb::class_<Dataset>(module, "Dataset")
      .def(nb::new_(&dataset_of), nb::arg("source"), nb::arg("labels"), nb::arg("rows"))
      .def_static("open", open, nb::arg("data"), nb::arg("options"))
      .def_prop_ro("source", [](const Dataset& data) { return data.source; })
      .def_ro("layout", &Dataset::layout)
      .def_ro("labels", &Dataset::labels)
      .def_ro("notes", &Dataset::notes)
      .def("rows", rows_of)
      .def("write", write, nb::arg("csv"), nb::arg("overwrite"));
  module.def("train", train, nb::arg("data"), nb::arg("model"), nb::arg("options"),
             nb::arg("progress").none(), nb::arg("epoch").none());
  module.def("evaluate", evaluate, nb::arg("model"), nb::arg("data"), nb::arg("options"),
             nb::arg("progress").none());
}

}  // namespace vidclass::python
