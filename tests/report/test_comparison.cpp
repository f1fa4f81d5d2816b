#include <gtest/gtest.h>

#include "browser.hpp"
#include "made_up_report.hpp"
#include "report/comparison.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::report::testing {
namespace {

using vidclass::testing::TempDir;

Comparison made_up_comparison(const std::vector<std::string>& labels) {
  return {.runs = {{"first", {}, to_json(made_up_report(labels, 4).evaluation)},
                   {labels[0], {}, to_json(made_up_report(labels, 6).evaluation)}},
          .warnings = {"other clips"},
          .command = "vidclass compare"};
}

TEST(ComparisonInABrowser, ShowsRunsWithoutErrorsOrRequests) {
  VIDCLASS_NEED_BROWSER();
  const TempDir dir;
  write_comparison(dir / "c.html", made_up_comparison({"<img src=x>", "b", "c"}));
  const Seen seen = look_at(dir / "c.html");
  EXPECT_EQ(seen.console, "");
  EXPECT_EQ(seen.requests, "");
  EXPECT_NE(seen.dom.find("<canvas"), std::string::npos);
  EXPECT_EQ(seen.dom.find("<img src=\"x\""), std::string::npos);
}

}  // namespace
}  // namespace vidclass::report::testing
