#include "vidclass/hooks.hpp"

namespace vidclass {

Hooks Hooks::named(const std::string& suffix) const {
  Hooks longer = *this;
  if (!progress) return longer;
  longer.progress = [progress = progress, suffix](ProgressState state) {
    state.stage += suffix;
    progress(state);
  };
  return longer;
}

}  // namespace vidclass
