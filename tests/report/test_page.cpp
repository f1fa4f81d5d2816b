#include <gtest/gtest.h>

#include <cstring>

#include "report/base64.hpp"
#include "report/page.hpp"

namespace vidclass::report {
namespace {

std::string base64_of(std::string_view text) { return base64(std::as_bytes(std::span(text))); }

// RFC 4648, section 10.
TEST(Base64, GivesTheTestVectorsOfItsStandard) {
  EXPECT_EQ(base64_of(""), "");
  EXPECT_EQ(base64_of("f"), "Zg==");
  EXPECT_EQ(base64_of("fo"), "Zm8=");
  EXPECT_EQ(base64_of("foo"), "Zm9v");
  EXPECT_EQ(base64_of("foobar"), "Zm9vYmFy");
}

TEST(EscapeHtml, LeavesNoMarkup) {
  EXPECT_EQ(escape_html("<a href=\"x\">'&'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

TEST(JsonForHtml, CannotEndItsElement) {
  const std::string text = json_for_html({{"</script>", "<!--"}});
  EXPECT_EQ(text.find('<'), std::string::npos);
  EXPECT_EQ(parse_json(text), Json({{"</script>", "<!--"}}));
}

}  // namespace
}  // namespace vidclass::report
