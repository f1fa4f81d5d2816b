#include "backbone/limit.hpp"

#include <fstream>

#include "backbone/cpu.hpp"
#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/hash.hpp"

namespace vidclass::backbone {

std::filesystem::path limit_path(const std::filesystem::path& dir, const BackboneInfo& info,
                                 int threads) {
  const std::string key = sha256(format("{}\n{} threads\n{}\n{} px\n{}", cpu_name(), threads,
                                        info.fingerprint, info.size, to_string(info.precision)));
  return dir / format("{}-{}-{:.16}.txt", info.name, to_string(info.precision), key);
}

void keep_limit(const std::filesystem::path& path, double frames_per_second) {
  write_file_atomically(path, format("{:.6g}\n", frames_per_second));
}

std::optional<double> find_limit(const std::filesystem::path& path) {
  std::ifstream file(path);
  double limit = 0;
  if (!(file >> limit) || !(limit > 0)) return std::nullopt;
  return limit;
}

}  // namespace vidclass::backbone
