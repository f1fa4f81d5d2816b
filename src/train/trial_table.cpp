#include "train/trial_table.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/json.hpp"
#include "train/settings.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

namespace fs = std::filesystem;

/// A file locked against other processes for as long as this lives.
class LockedFile {
public:
  explicit LockedFile(const fs::path& path)
      : path_(path), descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX) != 0) fail();
  }
  ~LockedFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;

  [[nodiscard]] bool is_empty() const { return ::lseek(descriptor_, 0, SEEK_END) == 0; }
  [[nodiscard]] bool ends_with_a_line() const {
    char last = '\n';
    const off_t size = ::lseek(descriptor_, 0, SEEK_END);
    return size == 0 || (::pread(descriptor_, &last, 1, size - 1) == 1 && last == '\n');
  }
  void append(const std::string& text) const {
    ::lseek(descriptor_, 0, SEEK_END);
    if (::write(descriptor_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) fail();
  }

private:
  [[noreturn]] void fail() const {
    throw Error(format("cannot write {}: {}", path_.string(), std::strerror(errno)));
  }

  fs::path path_;
  int descriptor_;
};

void make_folder(const fs::path& dir) {
  std::error_code error;
  if (!dir.empty()) fs::create_directories(dir, error);
  if (error) throw Error(format("cannot make the folder {}: {}", dir.string(), error.message()));
}

std::vector<std::string> whole_lines(const fs::path& path) {
  const std::string text = read_text_file(path);
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

TrialTable::TrialTable(fs::path path, std::string subject) : path_(std::move(path)) {
  make_folder(path_.parent_path());
  {
    const LockedFile file(path_);
    if (file.is_empty()) file.append(subject + "\n");
  }
  const auto lines = whole_lines(path_);
  std::string difference;
  try {
    difference = first_difference(parse_json(lines.empty() ? "" : lines[0]), parse_json(subject));
  } catch (const JsonException&) {
    throw Error(format("{} is not a table of trials", path_.string()));
  }
  if (!difference.empty()) {
    throw Error(
        format("{} is of another search: {}; name another table", path_.string(), difference));
  }
}

std::vector<TrialResult> TrialTable::results() const {
  std::vector<TrialResult> results;
  const auto lines = whole_lines(path_);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;  // after a line that was cut off
    try {
      const Json line = parse_json(lines[i]);
      results.push_back({{line.at("trial").get<int>(), line.at("rung").get<int>()},
                         line.at("val_loss").get<double>(),
                         line.at("val_top1").get<double>()});
    } catch (const JsonException&) {
      // A process was cut off while it wrote; its trial is tried again.
    }
  }
  return results;
}

std::unique_ptr<TrialTable::Claim> TrialTable::claim(const Trial& trial) const {
  const fs::path dir = path_.string() + ".claims";
  make_folder(dir);
  const fs::path path = dir / format("trial-{}-rung-{}", trial.number, trial.rung);
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    throw Error(format("cannot write {}: {}", path.string(), std::strerror(errno)));
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return nullptr;
  }
  return std::unique_ptr<Claim>(new Claim(descriptor));
}

TrialTable::Claim::~Claim() { ::close(descriptor_); }

void TrialTable::add(const TrialResult& result, const std::string& details) const {
  Json line{{"trial", result.trial.number},
            {"rung", result.trial.rung},
            {"val_loss", result.val_loss},
            {"val_top1", result.val_top1}};
  line.update(parse_json(details));
  std::string text = to_strict_text(line);
  text += '\n';
  const LockedFile file(path_);
  if (!file.ends_with_a_line()) text.insert(0, 1, '\n');
  file.append(text);
}

}  // namespace vidclass::train
