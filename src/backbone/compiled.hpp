// What stands behind a Backbone.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "backbone/backbone.hpp"
#include "backbone/engine.hpp"

namespace vidclass::backbone {

struct Backbone::Impl {
  BackboneInfo info;
  bool motion = false;
  bool cells = false;
  std::unique_ptr<Engine> engine;
  std::vector<std::unique_ptr<Request>> requests;
};

}  // namespace vidclass::backbone
