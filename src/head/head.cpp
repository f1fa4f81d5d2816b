#include "head/head.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/arrays.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::head {
namespace {

constexpr std::array all_kinds{HeadKind::mean, HeadKind::keras_gru, HeadKind::gru,
                               HeadKind::moments};
constexpr std::array last_transforms{Transform::plain, Transform::centred, Transform::motion,
                                     Transform::centred_motion, Transform::contrast};
constexpr std::array middle_transforms{Transform::middle_plain, Transform::middle_centred,
                                       Transform::middle_motion, Transform::middle_centred_motion,
                                       Transform::middle_contrast};

/// The transform of the last map that is the same in kind.
Transform in_the_end(Transform transform) noexcept {
  for (std::size_t i = 0; i < middle_transforms.size(); ++i) {
    if (middle_transforms[i] == transform) return last_transforms[i];
  }
  return transform;
}

using Shapes = std::vector<std::pair<std::string, Shape>>;

void add_dense(Shapes& shapes, const std::string& name, std::size_t in, std::size_t out) {
  shapes.emplace_back(name + "/kernel", Shape{in, out});
  shapes.emplace_back(name + "/bias", Shape{out});
}

void add_gru(Shapes& shapes, const std::string& name, std::size_t in, std::size_t units) {
  shapes.emplace_back(name + "/kernel", Shape{in, 3 * units});
  shapes.emplace_back(name + "/recurrent_kernel", Shape{units, 3 * units});
  shapes.emplace_back(name + "/bias", Shape{2, 3 * units});
}

void add_norm(Shapes& shapes, std::size_t features) {
  shapes.emplace_back("norm/mean", Shape{features});
  shapes.emplace_back("norm/scale", Shape{features});
}

}  // namespace

std::string_view to_string(HeadKind kind) noexcept {
  switch (kind) {
    case HeadKind::mean:
      return "mean";
    case HeadKind::keras_gru:
      return "keras-gru";
    case HeadKind::gru:
      return "gru";
    case HeadKind::moments:
      return "moments";
    case HeadKind::layers:
      return "layers";
  }
  return "?";
}

std::string_view to_string(Transform transform) noexcept {
  switch (transform) {
    case Transform::plain:
      return "plain";
    case Transform::centred:
      return "centred";
    case Transform::motion:
      return "motion";
    case Transform::centred_motion:
      return "centred-motion";
    case Transform::contrast:
      return "contrast";
    case Transform::middle_plain:
      return "middle-plain";
    case Transform::middle_centred:
      return "middle-centred";
    case Transform::middle_motion:
      return "middle-motion";
    case Transform::middle_centred_motion:
      return "middle-centred-motion";
    case Transform::middle_contrast:
      return "middle-contrast";
  }
  return "?";
}

bool reads_transforms(HeadKind kind) noexcept {
  return kind == HeadKind::gru || kind == HeadKind::moments;
}

bool needs_motion(Transform transform) noexcept {
  const Transform kind = in_the_end(transform);
  return kind == Transform::motion || kind == Transform::centred_motion ||
         kind == Transform::contrast;
}

bool needs_middle(Transform transform) noexcept { return in_the_end(transform) != transform; }

bool is_centred(Transform transform) noexcept {
  const Transform kind = in_the_end(transform);
  return kind == Transform::centred || kind == Transform::centred_motion;
}

Transform in_the_middle(Transform transform) noexcept {
  for (std::size_t i = 0; i < last_transforms.size(); ++i) {
    if (last_transforms[i] == transform) return middle_transforms[i];
  }
  return transform;
}

std::size_t moments_of(Transform transform) noexcept {
  return is_centred(transform) ? 1 + cosine_moments : 1;
}

std::size_t width_of(Transform transform, const HeadSpec& spec) noexcept {
  const bool middle = needs_middle(transform);
  const std::size_t axes = middle ? spec.middle_axes : spec.axes;
  if (axes > 0) return axes;
  return middle ? spec.middle : spec.features;
}

std::size_t values_read(const HeadSpec& spec) noexcept {
  std::size_t values = 0;
  for (const Transform transform : spec.transforms) {
    const std::size_t rows = spec.kind == HeadKind::moments ? moments_of(transform) : 1;
    values += rows * width_of(transform, spec);
  }
  return values;
}

float moment_length(const HeadSpec& spec) noexcept {
  std::size_t count = 0;
  for (const Transform transform : spec.transforms) count += moments_of(transform);
  return moments_length / std::sqrt(static_cast<float>(count));
}

std::size_t input_width(const HeadSpec& spec) noexcept {
  return spec.poolings * (spec.features + spec.middle);
}

HeadKind head_kind_from(std::string_view name) {
  for (const HeadKind kind : all_kinds) {
    if (to_string(kind) == name) return kind;
  }
  throw UsageError(format("unknown head \"{}\": choose gru, moments, keras-gru or mean", name));
}

Transform transform_from(std::string_view name) {
  std::string names;
  for (const Transform last : last_transforms) {
    for (const Transform transform : {last, in_the_middle(last)}) {
      if (to_string(transform) == name) return transform;
      names += format("{}{}", names.empty() ? "" : ", ", to_string(transform));
    }
  }
  throw UsageError(format("unknown transform \"{}\": choose one of {}", name, names));
}

Shapes parameter_shapes(const HeadSpec& spec) {
  Shapes shapes;
  switch (spec.kind) {
    case HeadKind::mean:
      add_norm(shapes, spec.features);
      add_dense(shapes, "classifier", spec.features, spec.labels);
      break;
    case HeadKind::keras_gru:
      add_gru(shapes, "gru", spec.features, keras_gru_units[0]);
      add_gru(shapes, "gru_1", keras_gru_units[0], keras_gru_units[1]);
      add_dense(shapes, "dense", keras_gru_units[1], keras_dense_units);
      add_dense(shapes, "dense_1", keras_dense_units, spec.labels);
      break;
    case HeadKind::gru: {
      const std::size_t read = values_read(spec);
      add_norm(shapes, read);
      add_dense(shapes, "projection", read, spec.projection);
      add_gru(shapes, "forward", spec.projection, spec.hidden);
      add_gru(shapes, "backward", spec.projection, spec.hidden);
      add_dense(shapes, "classifier", 2 * spec.hidden, spec.labels);
      break;
    }
    case HeadKind::moments: {
      const std::size_t read = values_read(spec);
      shapes.emplace_back("norm/mean", Shape{read});
      add_dense(shapes, "classifier", read, spec.labels);
      break;
    }
    case HeadKind::layers:
      return parameter_shapes(spec.layers, spec.features, spec.steps, spec.labels);
  }
  if (spec.axes > 0) shapes.emplace_back("axes/last", Shape{spec.features, spec.axes});
  if (spec.middle_axes > 0)
    shapes.emplace_back("axes/middle", Shape{spec.middle, spec.middle_axes});
  return shapes;
}

std::size_t parameter_count(const HeadSpec& spec) {
  std::size_t count = 0;
  for (const auto& [name, shape] : parameter_shapes(spec)) {
    const bool trained = !name.starts_with("norm/") && !name.starts_with("axes/") &&
                         name.find("/moving_") == std::string::npos;
    if (trained) count += element_count(shape);
  }
  return count;
}

namespace {

void check_transforms(const HeadSpec& spec) {
  const auto any = [&](auto asks) {
    return std::any_of(spec.transforms.begin(), spec.transforms.end(), asks);
  };
  if (spec.transforms.empty())
    throw Error(format("a {} head needs a transform", to_string(spec.kind)));
  if (spec.poolings < 2 && any(needs_motion)) {
    throw Error(format("a {} head with a transform of motion needs two poolings of a frame",
                       to_string(spec.kind)));
  }
  if (spec.middle == 0 && any(needs_middle)) {
    throw Error(format("a {} head with a transform of the middle needs features of it",
                       to_string(spec.kind)));
  }
}

void check_axes(const HeadSpec& spec) {
  if (spec.axes == 0 && spec.middle_axes == 0) return;
  if (!reads_transforms(spec.kind)) {
    throw Error(format("a {} head reads features, not axes", to_string(spec.kind)));
  }
  // Both maps or neither: what is read of one would outweigh what is read of the other.
  if (spec.axes == 0 || spec.axes > spec.features || spec.middle_axes > spec.middle ||
      (spec.middle > 0) != (spec.middle_axes > 0)) {
    throw Error(format("a head of {} and {} features cannot read along {} and {} axes",
                       spec.features, spec.middle, spec.axes, spec.middle_axes));
  }
}

}  // namespace

void check(const Head& head) {
  const HeadSpec& spec = head.spec;
  if (spec.features == 0 || spec.labels < 2) {
    throw Error(format("a head of {} features and {} labels is none: it needs at least 1 and 2",
                       spec.features, spec.labels));
  }
  if (spec.kind == HeadKind::gru && (spec.projection == 0 || spec.hidden == 0)) {
    throw Error("a gru head needs at least one projected feature and one hidden unit");
  }
  if (spec.poolings < 1 || spec.poolings > 2) {
    throw Error(format("a head reads 1 or 2 poolings of a frame, not {}", spec.poolings));
  }
  if (reads_transforms(spec.kind)) check_transforms(spec);
  check_axes(spec);
  const Shapes shapes = parameter_shapes(spec);
  for (const auto& [name, shape] : shapes) {
    const auto found = head.parameters.find(name);
    if (found == head.parameters.end()) throw Error(format("the parameter {} is missing", name));
    const Tensor& tensor = found->second;
    if (tensor.dtype() != DType::f32 || tensor.shape() != shape) {
      throw Error(format("the parameter {} is {} {} instead of F32 {}", name,
                         name_of(tensor.dtype()), format_shape(tensor.shape()),
                         format_shape(shape)));
    }
    if (!all_finite(tensor)) {
      throw Error(format("the parameter {} holds values that are not finite", name));
    }
  }
  for (const auto& [name, tensor] : head.parameters) {
    if (std::none_of(shapes.begin(), shapes.end(),
                     [&, &wanted = name](const auto& shape) { return shape.first == wanted; })) {
      throw Error(
          format("the parameter {} does not belong to a {} head", name, to_string(spec.kind)));
    }
  }
}

}  // namespace vidclass::head
