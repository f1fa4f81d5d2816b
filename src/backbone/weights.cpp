#include "backbone/weights.hpp"

#include <cstdlib>
#include <system_error>

#include "backbone/xception_weights.hpp"
#include "core/format.hpp"
#include "core/hash.hpp"
#include "core/log.hpp"
#include "core/user_dirs.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace fs = std::filesystem;

const PublishedFile& xception_file() {
  static const PublishedFile file{
      .name = "xception_weights_tf_dim_ordering_tf_kernels_notop.h5",
      .url =
          "https://storage.googleapis.com/tensorflow/keras-applications/xception/"
          "xception_weights_tf_dim_ordering_tf_kernels_notop.h5",
      .bytes = 83'683'744,
      .md5 = "b0042744bf5b25fce3cb969f33bebb97"};
  return file;
}

WeightSource WeightSource::from_environment() {
  WeightSource source;
  if (const char* dir = std::getenv("VIDCLASS_WEIGHTS_DIR"); dir != nullptr && *dir != '\0') {
    source.weights_dir = dir;
  }
  source.cache_dir = user_cache_dir() / "weights";
  source.may_download = may_download_by_environment();
  return source;
}

std::optional<fs::path> find_weights(const WeightSource& source, const PublishedFile& file) {
  std::error_code error;
  if (source.weights_dir && fs::is_regular_file(*source.weights_dir / file.name, error)) {
    return *source.weights_dir / file.name;
  }
  if (fs::is_regular_file(source.cache_dir / file.name, error)) {
    return source.cache_dir / file.name;
  }
  return std::nullopt;
}

fs::path obtain_weights(const WeightSource& source, const PublishedFile& file,
                        const ProgressFunction& progress, const CancellationToken& cancel) {
  if (const auto found = find_weights(source, file)) return *found;

  std::string why = "downloading is switched off by VIDCLASS_OFFLINE";
  if (source.may_download) {
    log_info(format("downloading {} ({:.0f} MB) from {}", file.name,
                    static_cast<double>(file.bytes) / 1e6, file.url));
    try {
      download(file, source.cache_dir / file.name, progress, cancel);
      return source.cache_dir / file.name;
    } catch (const Cancelled&) {
      throw;
    } catch (const Error& error) {
      why = error.what();
    }
  }
  throw Error(
      format("the weights {} are not at hand ({}); put the file into {} or set "
             "VIDCLASS_WEIGHTS_DIR to the folder that has it, or take the backbone lite0, which is "
             "built in: many times quicker, and less accurate",
             file.name, why, source.cache_dir.string()));
}

WeightCheck verify_xception_weights(const fs::path& path) {
  WeightCheck check;
  check.path = path;
  check.values_sha256 = digest(read_xception_weights(path));
  check.md5 = hash_file(HashKind::md5, path);
  check.published_file = check.md5 == xception_file().md5;
  check.published_values = check.values_sha256 == published_xception_digest;
  return check;
}

}  // namespace vidclass::backbone
