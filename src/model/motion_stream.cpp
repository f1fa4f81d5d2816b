#include "model/motion_stream.hpp"

#include <string>
#include <utility>

#include "core/arrays.hpp"
#include "core/format.hpp"
#include "motion/fisher.hpp"
#include "vidclass/error.hpp"

namespace vidclass::model {
namespace {

constexpr const char* weights_name = "classifier/weights";
constexpr const char* bias_name = "classifier/bias";
constexpr const char* places_name = "places";

/// Calls `visit(name, tensor)` for each tensor of codebooks, constant or not.
template <typename Books, typename Visit>
void for_each_field(Books& codebooks, const Visit& visit) {
  for (std::size_t scale = 0; scale < codebooks.size(); ++scale) {
    for (std::size_t i = 0; i < motion::histograms.size(); ++i) {
      const auto name = [&](const char* field) {
        return format("{}/{}/{}", motion::scale_names[scale], motion::histograms[i].name, field);
      };
      auto& words = codebooks[scale].words[i];
      visit(name("mean"), words.mean);
      visit(name("axes"), words.axes);
      visit(name("shares"), words.shares);
      visit(name("means"), words.means);
      visit(name("variances"), words.variances);
    }
  }
}

Tensor take_tensor(NamedTensors& tensors, const std::string& name) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) throw Error(format("its motion stream lacks {}", name));
  if (found->second.dtype() != DType::f32) {
    throw Error(format("{} of its motion stream is of {}", name, name_of(found->second.dtype())));
  }
  return std::move(found->second);
}

void check_classifier(const train::LinearClassifier& classifier, std::size_t width,
                      std::size_t labels) {
  if (classifier.weights.shape() != Shape{width, labels} ||
      classifier.bias.shape() != Shape{labels}) {
    throw Error(format("its classifier of motion is {} with a bias {}; {} and {} are needed",
                       format_shape(classifier.weights.shape()),
                       format_shape(classifier.bias.shape()), format_shape({width, labels}),
                       format_shape({labels})));
  }
  for (const Tensor* tensor : {&classifier.weights, &classifier.bias}) {
    if (!all_finite(*tensor)) {
      throw Error("its classifier of motion holds values that are not finite");
    }
  }
}

}  // namespace

Tensor probabilities(const MotionStream& stream, const motion::Description& description) {
  std::vector<std::vector<float>> vectors{motion::fisher_vector(description, stream.codebooks)};
  if (stream.mirror) {
    vectors.push_back(motion::fisher_vector(motion::mirrored(description), stream.codebooks));
  }
  std::vector<const float*> rows;
  for (const std::vector<float>& vector : vectors) rows.push_back(vector.data());
  return train::probabilities(stream.classifier, rows, rows.size());
}

NamedTensors to_tensors(const MotionStream& stream) {
  NamedTensors tensors{{weights_name, stream.classifier.weights},
                       {bias_name, stream.classifier.bias}};
  for_each_field(stream.codebooks, [&](std::string name, const Tensor& tensor) {
    tensors.emplace(std::move(name), tensor);
  });
  if (!stream.places.looks.empty()) tensors.emplace(places_name, stream.places.looks);
  return tensors;
}

void take_tensors(MotionStream& stream, NamedTensors tensors, std::size_t labels) {
  for_each_field(stream.codebooks, [&](const std::string& name, Tensor& tensor) {
    tensor = take_tensor(tensors, name);
  });
  std::size_t width = 0;
  for (const motion::Codebook& codebook : stream.codebooks) {
    motion::check(codebook);
    width += codebook.fisher_width();
  }
  stream.classifier = {take_tensor(tensors, weights_name), take_tensor(tensors, bias_name)};
  check_classifier(stream.classifier, width, labels);
  if (tensors.contains(places_name)) stream.places.looks = take_tensor(tensors, places_name);
}

}  // namespace vidclass::model
