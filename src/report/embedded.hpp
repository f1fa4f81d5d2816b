// Files inside the library (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace vidclass::report::embedded {

[[nodiscard]] std::string_view chart_js();  // Chart.js, as Debian's libjs-chart.js has it
[[nodiscard]] std::string_view font();      // DejaVu Sans, as Debian's fonts-dejavu-core has it
[[nodiscard]] std::string_view style_css();
[[nodiscard]] std::string_view common_js();
[[nodiscard]] std::string_view report_html();
[[nodiscard]] std::string_view report_js();
[[nodiscard]] std::string_view compare_html();
[[nodiscard]] std::string_view compare_js();

}  // namespace vidclass::report::embedded
