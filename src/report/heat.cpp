#include "report/heat.hpp"

#include <algorithm>
#include <cmath>

namespace vidclass::report {

void draw_heat(Canvas& canvas, const float* map, std::size_t grid, int left, int top, int side) {
  constexpr Colour tint{255, 60, 20, 0.62F};
  constexpr float least = 0.02F;  // below it nothing is to be seen
  const float scale = static_cast<float>(grid) / static_cast<float>(side);
  const auto last = static_cast<int>(grid) - 1;
  for (int y = 0; y < side; ++y) {
    const float v = (static_cast<float>(y) + 0.5F) * scale - 0.5F;
    const int v0 = static_cast<int>(std::floor(v));
    const float dv = v - static_cast<float>(v0);
    for (int x = 0; x < side; ++x) {
      const float u = (static_cast<float>(x) + 0.5F) * scale - 0.5F;
      const int u0 = static_cast<int>(std::floor(u));
      const float du = u - static_cast<float>(u0);
      const auto at = [&](int row, int column) {
        return map[static_cast<std::size_t>(std::clamp(row, 0, last)) * grid +
                   static_cast<std::size_t>(std::clamp(column, 0, last))];
      };
      const float value = std::lerp(std::lerp(at(v0, u0), at(v0, u0 + 1), du),
                                    std::lerp(at(v0 + 1, u0), at(v0 + 1, u0 + 1), du), dv);
      if (value > least) canvas.blend(left + x, top + y, tint, value);
    }
  }
}

}  // namespace vidclass::report
