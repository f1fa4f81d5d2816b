#include "report/font.hpp"

#include <cstdint>
#include <new>
#include <vector>

#include <ft2build.h>
#include FT_FREETYPE_H

#include "core/format.hpp"
#include "report/embedded.hpp"
#include "vidclass/error.hpp"

namespace vidclass::report {
namespace {

void require(FT_Error code, const char* doing) {
  if (code != 0) throw Error(format("{} failed (FreeType's error {})", doing, code));
}

struct CodePoint {
  std::uint32_t value = 0xFFFD;
  std::size_t bytes = 1;
};

/// The first of `text`, which is not empty.
CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || length > text.size()) return {};
  std::uint32_t value = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3FU);
  }
  return {value, length};
}

std::vector<std::uint32_t> code_points(std::string_view text) {
  std::vector<std::uint32_t> points;
  while (!text.empty()) {
    const CodePoint point = decode(text);
    points.push_back(point.value < 0x20 ? ' ' : point.value);
    text.remove_prefix(point.bytes);
  }
  return points;
}

}  // namespace

struct Font::Impl {
  explicit Impl(int pixels) {
    require(FT_Init_FreeType(&library), "starting FreeType");
    const std::string_view file = embedded::font();
    const FT_Error code = FT_New_Memory_Face(library, reinterpret_cast<const FT_Byte*>(file.data()),
                                             static_cast<FT_Long>(file.size()), 0, &face);
    if (code != 0 || FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(pixels)) != 0) {
      FT_Done_FreeType(library);
      throw Error("the font inside the library cannot be opened");
    }
  }
  ~Impl() {
    FT_Done_Face(face);
    FT_Done_FreeType(library);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  FT_Library library = nullptr;
  FT_Face face = nullptr;
};

Font::Font(int pixels) : impl_(std::make_unique<Impl>(pixels)) {}
Font::~Font() = default;

int Font::ascent() const noexcept {
  return static_cast<int>((impl_->face->size->metrics.ascender + 63) >> 6);
}
int Font::descent() const noexcept {
  return static_cast<int>((63 - impl_->face->size->metrics.descender) >> 6);
}

int Font::width(std::string_view text) {
  FT_Pos width = 0;
  for (const std::uint32_t point : code_points(text)) {
    if (FT_Load_Char(impl_->face, point, FT_LOAD_TARGET_LIGHT) != 0) continue;
    width += impl_->face->glyph->advance.x;
  }
  return static_cast<int>((width + 63) >> 6);
}

std::string Font::shortened(std::string_view text, int most) {
  if (width(text) <= most) return std::string(text);
  std::string best;
  std::string so_far;
  while (!text.empty()) {
    const std::size_t bytes = decode(text).bytes;
    so_far += text.substr(0, bytes);
    text.remove_prefix(bytes);
    std::string candidate = so_far + "\u2026";
    if (width(candidate) > most) break;
    best = std::move(candidate);
  }
  return best;
}

void Font::draw(Canvas& canvas, int x, int y, std::string_view text, Colour colour) {
  FT_Pos pen = FT_Pos{x} * 64;
  for (const std::uint32_t point : code_points(text)) {
    if (FT_Load_Char(impl_->face, point, FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT) != 0) continue;
    const FT_GlyphSlot glyph = impl_->face->glyph;
    const int left = static_cast<int>(pen >> 6) + glyph->bitmap_left;
    const int top = y - glyph->bitmap_top;
    for (unsigned row = 0; row < glyph->bitmap.rows; ++row) {
      const unsigned char* line =
          glyph->bitmap.buffer + static_cast<std::ptrdiff_t>(row) * glyph->bitmap.pitch;
      for (unsigned column = 0; column < glyph->bitmap.width; ++column) {
        canvas.blend(left + static_cast<int>(column), top + static_cast<int>(row), colour,
                     static_cast<float>(line[column]) / 255);
      }
    }
    pen += glyph->advance.x;
  }
}

}  // namespace vidclass::report
