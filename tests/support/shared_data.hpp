// Real clips, weights and reference values that lie beside the project.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

namespace vidclass::testing {

/// The folder `shared/data` beside the checkout.
inline std::filesystem::path shared_data() {
  return std::filesystem::path(VIDCLASS_SHARED_DIR) / "data";
}

}  // namespace vidclass::testing

/// Skips the running test, saying so, where the real data is absent.
#define VIDCLASS_NEED_SHARED_DATA()                               \
  if (!std::filesystem::exists(vidclass::testing::shared_data())) \
  GTEST_SKIP() << "SKIPPED: ../shared/data not found"
