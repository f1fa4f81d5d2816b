#include "pipeline/explain.hpp"

#include <algorithm>

#include "core/format.hpp"
#include "pipeline/content.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {

model::Model read_to_explain(const std::filesystem::path& file) {
  model::Model model = model::read(file);
  if (reads_arrays(model)) {
    throw UsageError(
        format("{} reads feature arrays, which tell of no frames and places", file.string()));
  }
  return model;
}

std::optional<std::size_t> place_of_label(const model::Model& model,
                                          const std::filesystem::path& file,
                                          const std::string& label) {
  if (label.empty()) return std::nullopt;
  const auto found = std::find(model.labels.begin(), model.labels.end(), label);
  if (found != model.labels.end()) return static_cast<std::size_t>(found - model.labels.begin());
  throw UsageError(
      format("the label \"{}\" is unknown to {}, which was trained for {} labels, "
             "\"{}\" among them",
             label, file.string(), model.labels.size(), model.labels.front()));
}

}  // namespace vidclass::pipeline
