// The one family of exceptions that the library throws.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include "vidclass/export.hpp"

namespace vidclass {

/// Something asked for could not be done. The message is one line that names
/// the file or value and says what would be right. The program ends with 1.
class VIDCLASS_EXPORT Error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// The request itself is wrong: an unknown option value, a path that does not
/// exist, options that exclude each other. The program ends with 2.
class VIDCLASS_EXPORT UsageError : public Error {
public:
  using Error::Error;
};

/// One clip cannot be used. Never fatal to a whole job: callers collect these,
/// name them and go on.
class VIDCLASS_EXPORT ClipError : public Error {
public:
  ClipError(std::filesystem::path path, std::string reason)
      : Error(path.string() + ": " + reason), path_(std::move(path)), reason_(std::move(reason)) {}

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// Why, without the path.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

private:
  std::filesystem::path path_;
  std::string reason_;
};

/// The work was stopped on request (see CancellationToken).
class VIDCLASS_EXPORT Cancelled : public Error {
public:
  Cancelled() : Error("stopped on request") {}
};

}  // namespace vidclass
