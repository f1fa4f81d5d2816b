#include "demo.hpp"

#include "core/safetensors.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <algorithm>

#include <set>
#include <stdexcept>

#include "core/atomic_file.hpp"

namespace vidclass::cli::testing {

namespace fs = std::filesystem;

namespace {

/// Held by one process at a time.
class FileLock {
public:
  explicit FileLock(const fs::path& path)
      : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX) != 0) {
      throw std::runtime_error("cannot lock " + path.string());
    }
  }
  ~FileLock() { ::close(descriptor_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

private:
  int descriptor_;
};

void run_or_throw(const Arguments& arguments) {
  const Result result = run(arguments);
  if (result.status != 0) throw std::runtime_error(arguments[0] + " failed: " + result.err);
}

/// Another text for another build of the program or its libraries.
std::string stamp_of_build(const fs::path& program) {
  std::set<fs::path> parts{program};
  for (const auto& entry : fs::directory_iterator(program.parent_path() / "lib")) {
    parts.insert(entry.path());
  }
  std::string stamp;
  for (const fs::path& part : parts) {
    const auto age = fs::last_write_time(part).time_since_epoch().count();
    stamp += part.filename().string() + " " + std::to_string(age) + "\n";
  }
  return stamp;
}

const fs::path& demo() {
  static const fs::path folder = [] {
    const fs::path program = VIDCLASS_PROGRAM;
    const fs::path dir = program.parent_path() / "test-demo";
    fs::create_directories(dir);
    const FileLock lock(dir / "lock");
    const std::string stamp = stamp_of_build(program);
    if (fs::exists(dir / "stamp") && read_text_file(dir / "stamp") == stamp) return dir;
    fs::remove(dir / "stamp");
    fs::remove_all(dir / "clips");
    run_or_throw({"generate", dir / "clips", "--groups", "4", "--clips-per-group", "1"});
    run_or_throw({"train", dir / "clips", "-o", dir / "model.safetensors", "--backbone", "mini",
                  "--epochs", "5", "--members", "1"});
    write_text(dir / "stamp", stamp);
    return dir;
  }();
  return folder;
}

}  // namespace

fs::path demo_clips() { return demo() / "clips"; }

fs::path demo_clip(const std::string& label, int group) {
  return demo_clips() / label / ("v_" + label + "_g0" + std::to_string(group) + "_c01.avi");
}

fs::path demo_model() { return demo() / "model.safetensors"; }

void copy_classes(const fs::path& folder, const std::vector<std::string>& labels) {
  for (const std::string& label : labels) {
    fs::create_directories(folder / label);
    fs::copy(demo_clips() / label, folder / label);
  }
}

void write_text(const fs::path& path, const std::string& text) {
  write_file_atomically(path, text);
}

void write_half(const fs::path& path, const fs::path& whole) {
  const std::string content = read_text_file(whole);
  write_file_atomically(path, content.substr(0, content.size() / 2));
}

bool same_tensors(const std::filesystem::path& a, const std::filesystem::path& b) {
  const SafetensorsFile first(a), second(b);
  const auto names = first.names();
  return second.names() == names &&
         std::all_of(names.begin(), names.end(), [&](const std::string& name) {
           const auto x = first.bytes(name), y = second.bytes(name);
           return std::equal(x.begin(), x.end(), y.begin(), y.end());
         });
}

}  // namespace vidclass::cli::testing
