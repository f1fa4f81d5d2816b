// What happens in a generated clip, frame by frame.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "core/random.hpp"

namespace vidclass::dataset {

/// Two classes that show the same frames, one backwards.
enum class Action { move, rise, approach, brighten };

struct ActionClass {
  std::string_view name;
  Action action;
  bool backwards;
};

/// In the order of their names, so that all layouts number them alike.
constexpr std::array<ActionClass, 8> action_classes = {{{"Approach", Action::approach, false},
                                                        {"Brighten", Action::brighten, false},
                                                        {"Darken", Action::brighten, true},
                                                        {"Fall", Action::rise, true},
                                                        {"MoveLeft", Action::move, true},
                                                        {"MoveRight", Action::move, false},
                                                        {"Recede", Action::approach, true},
                                                        {"Rise", Action::rise, false}}};

/// One frame. Lengths are fractions of the frame's shorter side.
struct Moment {
  float x = 0, y = 0;              // of the object's centre, from the middle of the frame
  float radius = 0;                // of the object
  float angle = 0;                 // of the object, in radians
  float light = 1;                 // all brightness is multiplied by it
  float shake_x = 0, shake_y = 0;  // of the camera
};

/// The moments of a clip of `frames` frames, played forwards. Everything stays
/// within the central square.
[[nodiscard]] std::vector<Moment> plan_action(Action action, int frames, Random& random);

}  // namespace vidclass::dataset
