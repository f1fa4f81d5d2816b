#include "video/clip_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <sstream>

#include "vidclass/error.hpp"

namespace vidclass {
namespace {

constexpr double longest = 1e8;  // seconds: three years, so that ticks cannot overflow

void require_form(const Tensor& pixels, std::size_t times, const std::string& name) {
  const Shape& shape = pixels.shape();
  if (pixels.dtype() != DType::u8 || shape.size() != 4 || shape[3] != 3) {
    throw UsageError(name + ": frames must be U8 of shape [T, H, W, 3], not " +
                     std::string(name_of(pixels.dtype())) + " of shape " + format_shape(shape));
  }
  if (times != shape[0]) {
    throw UsageError(name + ": " + std::to_string(shape[0]) + " frames need as many times, not " +
                     std::to_string(times));
  }
}

void require_order(const std::vector<double>& times, const std::string& name) {
  const auto refuse = [&](std::size_t i, const char* why) {
    std::ostringstream text;
    text << "the time of frame " << i << " is " << times[i] << " s: " << why;
    throw ClipError(name, text.str());
  };
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (!std::isfinite(times[i])) refuse(i, "it must be a number");
    if (i > 0 && times[i] <= times[i - 1]) refuse(i, "it must be above the one before it");
    if (times[i] - times[0] > longest) refuse(i, "it must be within 1e8 s of the first one");
  }
}

}  // namespace

ClipSource ClipSource::from_bytes(std::shared_ptr<const std::vector<std::byte>> bytes,
                                  std::string name, double from, std::optional<double> to) {
  if (!bytes) throw UsageError(name + ": a clip from bytes needs bytes, not a null pointer");
  ClipSource clip(std::move(name), from, to);
  clip.bytes_ = std::move(bytes);
  return clip;
}

ClipSource ClipSource::from_frames(Tensor pixels, std::vector<double> times, std::string name,
                                   double from, std::optional<double> to) {
  require_form(pixels, times.size(), name);
  if (pixels.empty()) throw ClipError(name, "no frames: " + format_shape(pixels.shape()));
  require_order(times, name);
  ClipSource clip(std::move(name), from, to);
  clip.frames_ = std::make_shared<const Frames>(Frames{std::move(pixels), std::move(times)});
  return clip;
}

ClipSource::OpenFile::~OpenFile() { ::close(descriptor); }

ClipSource ClipSource::from_descriptor(int descriptor, std::string name, double from,
                                       std::optional<double> to, Range range) {
  const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (own < 0) throw ClipError(name, std::string("cannot be read (") + std::strerror(errno) + ")");
  auto file = std::make_shared<OpenFile>(own, range.offset, 0);
  struct stat status {};
  if (::fstat(own, &status) != 0 || !S_ISREG(status.st_mode)) {
    throw ClipError(name, "not a regular file");
  }
  const std::int64_t left = status.st_size - range.offset;
  file->length = range.length.value_or(left);
  if (range.offset < 0 || left < 0 || file->length < 0 || file->length > left) {
    throw ClipError(name, "the file holds less than the part that is asked for");
  }
  ClipSource clip(std::move(name), from, to);
  clip.file_ = std::move(file);
  return clip;
}

}  // namespace vidclass
