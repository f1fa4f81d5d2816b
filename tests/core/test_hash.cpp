#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "core/hash.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

using testing::TempDir;

std::string md5(const std::string& text) {
  Hasher hasher(HashKind::md5);
  hasher.update(text);
  return hasher.finish();
}

// RFC 1321, appendix A.5.
TEST(Md5, OfNothing) { EXPECT_EQ(md5(""), "d41d8cd98f00b204e9800998ecf8427e"); }
TEST(Md5, OfAbc) { EXPECT_EQ(md5("abc"), "900150983cd24fb0d6963f7d28e17f72"); }
TEST(Md5, OfManyDigits) {
  EXPECT_EQ(md5("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a");
}

// FIPS 180-4's examples.
TEST(Sha256, OfNothing) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
TEST(Sha256, OfAbc) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
TEST(Sha256, OfTwoBlocks) {
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}
TEST(Sha256, OfAMillionAs) {
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hasher, DoesNotMindHowItIsFed) {
  Hasher hasher(HashKind::sha256);
  hasher.update("a");
  hasher.update("");
  hasher.update("bc");
  EXPECT_EQ(hasher.finish(), sha256("abc"));
}

TEST(Hasher, WorksOnAfterAMove) {
  Hasher first(HashKind::sha256);
  first.update("a");
  Hasher second(std::move(first));
  second.update("bc");
  EXPECT_EQ(second.finish(), sha256("abc"));
}

TEST(HashFile, IsTheHashOfItsContent) {
  const TempDir dir;
  // More than one reading buffer, and no multiple of it.
  const std::string content(1'000'003, 'x');
  std::ofstream(dir / "file", std::ios::binary) << content;
  EXPECT_EQ(hash_file(HashKind::sha256, dir / "file"), sha256(content));
}

TEST(HashFile, OfAnEmptyFileIsThatOfNothing) {
  const TempDir dir;
  std::ofstream(dir / "file").close();
  EXPECT_EQ(hash_file(HashKind::md5, dir / "file"), md5(""));
}

TEST(HashFile, OfAMissingFileIsAnError) {
  EXPECT_THROW((void)hash_file(HashKind::md5, "/nonesuch/file"), Error);
}

TEST(HashFile, OfAFolderIsAnError) {
  const TempDir dir;
  EXPECT_THROW((void)hash_file(HashKind::md5, dir.path()), Error);
}

}  // namespace
}  // namespace vidclass
