#include "serve/options.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass::serve {

NamedModel named_model_from(const std::string& text) {
  const std::size_t at = text.find('=');
  NamedModel named;
  named.file = at == std::string::npos ? text : text.substr(at + 1);
  named.name = at == std::string::npos ? named.file.stem().string() : text.substr(0, at);
  const bool fits = !named.name.empty() && named.name.size() <= 100 &&
                    std::all_of(named.name.begin(), named.name.end(), [](unsigned char c) {
                      return std::isalnum(c) || c == '-' || c == '_' || c == '.';
                    });
  if (!fits || named.file.empty()) {
    throw UsageError(
        format("{}: a model is FILE or NAME=FILE, and its name of letters, digits and "
               "-_. alone",
               text));
  }
  return named;
}

std::string token_from(const std::filesystem::path& file) {
  if (file.empty()) {
    const char* given = std::getenv("VIDCLASS_TOKEN");
    return given == nullptr ? "" : std::string(trim(given));
  }
  const std::string text = read_text_file(file);
  const std::string token(trim(text));
  if (token.empty()) throw UsageError(format("{} holds no token", file.string()));
  return token;
}

}  // namespace vidclass::serve
