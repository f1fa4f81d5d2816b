#include "core/hash.hpp"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {

struct Hasher::Impl {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
};

Hasher::Hasher(HashKind kind) : impl_(std::make_unique<Impl>()) {
  const EVP_MD* digest = kind == HashKind::md5 ? EVP_md5() : EVP_sha256();
  if (!impl_->context || EVP_DigestInit_ex(impl_->context.get(), digest, nullptr) != 1) {
    throw Error("the checksum cannot be computed: OpenSSL refuses the algorithm");
  }
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size());
}
void Hasher::update(std::string_view text) {
  update(std::as_bytes(std::span(text.data(), text.size())));
}

std::string Hasher::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(impl_->context.get(), digest.data(), &size);
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += format("{:02x}", digest[i]);
  return text;
}

std::string sha256(std::string_view text) {
  Hasher hasher(HashKind::sha256);
  hasher.update(text);
  return hasher.finish();
}

std::string hash_file(HashKind kind, const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(format("cannot read {}: {}", path.string(), std::strerror(errno)));
  Hasher hasher(kind);
  std::vector<char> buffer(1 << 18);
  while (file) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hasher.update(std::string_view(buffer.data(), static_cast<std::size_t>(file.gcount())));
  }
  if (file.bad()) throw Error(format("cannot read {}: {}", path.string(), std::strerror(errno)));
  return hasher.finish();
}

}  // namespace vidclass
