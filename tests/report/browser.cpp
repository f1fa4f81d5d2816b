#include "browser.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "core/json.hpp"
#include "support/temp_dir.hpp"

namespace vidclass::report::testing {

namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string in_single_quotes(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

/// Addresses in Chromium's log of its network that a page asked for: those of the browser's
/// own have no origin.
std::string network_requests(const fs::path& log) {
  std::set<std::string> found;
  const Json document = try_parse_json(content_of(log));
  if (document.is_discarded()) throw std::runtime_error("the browser's network log is broken");
  for (const Json& event : document.at("events")) {
    if (!event.contains("params") || !event["params"].contains("url")) continue;
    const Json& request = event["params"];
    if (!request.contains("initiator") || request["initiator"] == "not an origin") continue;
    const std::string url = request["url"].get<std::string>();
    if (url.rfind("http", 0) == 0 || url.rfind("ws", 0) == 0) found.insert(url);
  }
  std::string lines;
  for (const std::string& url : found) lines += url + "\n";
  return lines;
}

}  // namespace

bool has_browser() { return std::system("command -v chromium >/dev/null 2>&1") == 0; }

Seen look_at(const fs::path& page, int seconds) {
  const vidclass::testing::TempDir dir;
  const fs::path dom = dir / "dom";
  const fs::path messages = dir / "messages";
  const fs::path net = dir / "net.json";
  const std::string command =
      "timeout 300 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage "
      "--disable-background-networking --disable-component-update --disable-sync "
      "--no-first-run --disable-default-apps --virtual-time-budget=" +
      std::to_string(1000 * seconds) +
      " "
      "--enable-logging=stderr --user-data-dir=" +
      in_single_quotes((dir / "profile").string()) +
      " --log-net-log=" + in_single_quotes(net.string()) + " --dump-dom " +
      in_single_quotes("file://" + fs::absolute(page).string()) + " >" +
      in_single_quotes(dom.string()) + " 2>" + in_single_quotes(messages.string());
  if (std::system(command.c_str()) != 0) {
    throw std::runtime_error("chromium failed: " + content_of(messages));
  }
  Seen seen;
  seen.dom = content_of(dom);
  std::istringstream lines(content_of(messages));
  for (std::string line; std::getline(lines, line);) {
    if (line.find("CONSOLE") != std::string::npos) seen.console += line + "\n";
  }
  seen.requests = network_requests(net);
  return seen;
}

Seen use(const fs::path& page, const std::string& script, int seconds) {
  std::string text = content_of(page);
  const std::string policy = "Content-Security-Policy";
  if (const auto at = text.find(policy); at != std::string::npos) {
    text.replace(at, policy.size(), "X-No-Policy");
  }
  const auto end = text.rfind("</body>");
  if (end == std::string::npos) throw std::runtime_error("the page has no end");
  text.insert(end,
              "<pre id=\"said\"></pre><script>{const say = (text) => { "
              "document.getElementById('said').textContent += `said: ${text}\\n`; };" +
                  script + "}</script>");
  const vidclass::testing::TempDir dir;
  std::ofstream(dir / "used.html", std::ios::binary) << text;
  return look_at(dir / "used.html", seconds);
}

}  // namespace vidclass::report::testing
