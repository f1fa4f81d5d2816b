// What stands behind a Backbone.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <openvino/openvino.hpp>

#include "vidclass/backbone/backbone.hpp"

namespace vidclass::backbone {

struct Backbone::Impl {
  /// `model` is let go of when it is compiled. Throws Error.
  void compile(std::shared_ptr<ov::Model> model, const BackboneOptions& options,
               const BackboneInfo& about, Load load);

  BackboneInfo info;
  bool motion = false;
  bool cells = false;
  std::size_t batch = 1;
  ov::Core core;
  ov::CompiledModel compiled;
  std::vector<ov::InferRequest> requests;  // one more than run at a time
};

}  // namespace vidclass::backbone
