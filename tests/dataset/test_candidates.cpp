#include "dataset/candidates.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/random.hpp"
#include "dataset/fingerprint.hpp"
#include "dataset/frame_code.hpp"

namespace vidclass::dataset {
namespace {

using Picture = std::vector<std::uint8_t>;

Picture textured(bool mirror) {
  Picture picture;
  for (std::size_t y = 0; y < fingerprint_side; ++y) {
    for (std::size_t i = 0; i < fingerprint_side; ++i) {
      const std::size_t x = mirror ? fingerprint_side - 1 - i : i;
      picture.push_back(static_cast<std::uint8_t>((x * x * 3 + y * 7 + x * y * 5) % 200));
    }
  }
  return picture;
}

TEST(FrameCode, OfTheMirrorImageIsTheMirroredCode) {
  EXPECT_EQ(frame_code(textured(true)), mirrored(frame_code(textured(false)).value()));
}

TEST(FrameCode, IsTheSameForABrighterPicture) {
  Picture brighter = textured(false);
  for (auto& value : brighter) value = static_cast<std::uint8_t>(value + 40);
  EXPECT_EQ(frame_code(brighter), frame_code(textured(false)));
}

TEST(FrameCode, IsAbsentForAFlatPicture) {
  EXPECT_FALSE(frame_code(Picture(fingerprint_pixels, 16)).has_value());
}

using Codes = std::vector<std::vector<std::uint64_t>>;

TEST(Candidates, AreClipsOfWhichTwoPartsOfACodeAgree) {
  const Codes codes{{0x1111'2222'3333'4444}, {0x1111'2222'FFFF'EEEE}, {0x1111'0000'0000'0000}};
  EXPECT_EQ(find_candidates(codes, 10), (std::vector<Candidate>{{0, 1, false}}));
}

TEST(Candidates, AreMirroredToo) {
  const std::uint64_t code = 0x0123'4567'89AB'CDEF;
  const auto found = find_candidates(Codes{{code}, {mirrored(code)}}, 10);
  EXPECT_EQ(found, (std::vector<Candidate>{{0, 1, true}}));
}

TEST(Candidates, AreAtMostSoManyOfTheBestAClip) {
  Codes codes(50, {0x1111'2222'3333'4444});
  codes.push_back({0x1111'2222'0000'0001, 0x5555'6666'7777'8888});
  codes.push_back({0x1111'2222'0000'0001, 0x5555'6666'7777'8888});
  const auto found = find_candidates(codes, 3);
  EXPECT_LE(found.size(), 3 * codes.size());
  EXPECT_NE(std::find(found.begin(), found.end(), Candidate{50, 51, false}), found.end());
}

TEST(Candidates, AreFewAmongUnlikeClips) {
  Random random(1);
  Codes codes(300);
  for (auto& of_clip : codes) {
    for (int i = 0; i < 30; ++i) of_clip.push_back(random.next());
  }
  EXPECT_LT(find_candidates(codes, 200).size(), 300U);
}

TEST(Candidates, OfNothingAreNone) { EXPECT_TRUE(find_candidates(Codes{{}, {}}, 10).empty()); }

}  // namespace
}  // namespace vidclass::dataset
