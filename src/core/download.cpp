#include "core/download.hpp"

#include <curl/curl.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <system_error>

#include "core/format.hpp"
#include "core/hash.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace fs = std::filesystem;

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Curl = std::unique_ptr<CURL, FreeCurl>;

/// What curl calls back with.
struct Transfer {
  const PublishedFile& file;  // its size is known
  const ProgressFunction& progress;
  const CancellationToken& cancel;
  std::uint64_t already = 0;  // bytes from an earlier, interrupted download
  std::FILE* out = nullptr;
  int write_error = 0;  // errno
};

/// Why a transfer ended.
struct Outcome {
  CURLcode code = CURLE_OK;
  std::string reason;
};

int on_progress(void* user, curl_off_t, curl_off_t now, curl_off_t, curl_off_t) {
  const auto& transfer = *static_cast<const Transfer*>(user);
  if (transfer.progress && now > 0) {
    const auto done = transfer.already + static_cast<std::uint64_t>(now);
    transfer.progress({"download (bytes)", done, transfer.file.bytes, {}});
  }
  // The limit on the file's size is of no use where the server does not tell it.
  const bool too_much = transfer.already + static_cast<std::uint64_t>(now) > transfer.file.bytes;
  return transfer.cancel.requested() || too_much ? 1 : 0;
}

std::size_t on_data(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t written = std::fwrite(data, size, count, transfer.out);
  if (written != count) transfer.write_error = errno;
  return written * size;
}

int on_cancel(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const CancellationToken*>(user)->requested() ? 1 : 0;
}

/// A handle with all that holds for every request. `message` must outlive it.
Curl prepared(const std::string& url, char* message) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  Curl curl(initialised == CURLE_OK ? curl_easy_init() : nullptr);
  if (!curl) throw Error("downloading is not possible: libcurl cannot be started");
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "https,http");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(curl.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, 20L);
  // A transfer below 1 kB/s for half a minute has stalled.
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_LIMIT, 1000L);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_TIME, 30L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "vidclass");
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, message);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  return curl;
}

Outcome fetch(Transfer& transfer, const fs::path& part) {
  char message[CURL_ERROR_SIZE] = "";
  const Curl curl = prepared(transfer.file.url, message);
  File out(std::fopen(part.c_str(), transfer.already > 0 ? "ab" : "wb"));
  if (!out)
    return {CURLE_WRITE_ERROR, format("cannot write {}: {}", part.string(), std::strerror(errno))};
  transfer.out = out.get();
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, on_data);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl.get(), CURLOPT_RESUME_FROM_LARGE,
                   static_cast<curl_off_t>(transfer.already));
  // A server that sends more than was published need not be listened to.
  curl_easy_setopt(curl.get(), CURLOPT_MAXFILESIZE_LARGE,
                   static_cast<curl_off_t>(transfer.file.bytes));
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &transfer);
  CURLcode code = curl_easy_perform(curl.get());
  // Where a transfer is continued, curl takes this answer for a success without content.
  constexpr long range_not_satisfiable = 416;
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK && status == range_not_satisfiable) code = CURLE_RANGE_ERROR;
  std::string reason = message[0] != '\0' ? message : curl_easy_strerror(code);
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    reason = format("the server sends more than the {} bytes of the published file",
                    transfer.file.bytes);
  }
  // What is still in the buffer may find the disk full, too.
  if (std::fflush(out.get()) != 0 && transfer.write_error == 0) transfer.write_error = errno;
  if (transfer.write_error != 0) {
    code = CURLE_WRITE_ERROR;
    reason = format("cannot write {}: {}", part.string(), std::strerror(transfer.write_error));
  }
  return {code, reason};
}

void check(const PublishedFile& file, const fs::path& part) {
  const auto bytes = fs::file_size(part);
  std::string wrong;
  if (bytes != file.bytes) {
    wrong = format("it has {} bytes instead of {}", bytes, file.bytes);
  } else if (!file.md5.empty()) {
    const std::string md5 = hash_file(HashKind::md5, part);
    if (md5 != file.md5) wrong = format("its MD5 is {} instead of {}", md5, file.md5);
  }
  if (wrong.empty()) return;
  std::error_code ignored;
  fs::remove(part, ignored);
  throw Error(format("the download of {} is not the published file: {}; it was removed, try again",
                     file.url, wrong));
}

fs::path part_of(const fs::path& target) { return target.string() + ".part"; }

}  // namespace

bool may_download_by_environment() {
  const char* offline = std::getenv("VIDCLASS_OFFLINE");
  return offline == nullptr || *offline == '\0';
}

std::uint64_t remote_size(const std::string& url, const CancellationToken& cancel) {
  char message[CURL_ERROR_SIZE] = "";
  const Curl curl = prepared(url, message);
  curl_easy_setopt(curl.get(), CURLOPT_NOBODY, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, on_cancel);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &cancel);
  const CURLcode code = curl_easy_perform(curl.get());
  cancel.check();
  if (code != CURLE_OK) {
    throw Error(format("cannot download {}: {}", url,
                       message[0] != '\0' ? message : curl_easy_strerror(code)));
  }
  curl_off_t length = -1;
  curl_easy_getinfo(curl.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length <= 0) {
    throw Error(format("cannot download {}: the server does not tell its size", url));
  }
  return static_cast<std::uint64_t>(length);
}

std::uint64_t downloaded_part(const fs::path& target) {
  std::error_code error;
  const auto bytes = fs::file_size(part_of(target), error);
  return error ? 0 : bytes;
}

void download(const PublishedFile& published, const fs::path& target,
              const ProgressFunction& progress, const CancellationToken& cancel) {
  std::error_code error;
  if (target.has_parent_path()) fs::create_directories(target.parent_path(), error);
  if (error) {
    throw Error(
        format("cannot make the folder {}: {}", target.parent_path().string(), error.message()));
  }
  PublishedFile file = published;
  if (file.bytes == 0) file.bytes = remote_size(file.url, cancel);
  const fs::path part = part_of(target);
  const std::uint64_t left_over = downloaded_part(target);
  const std::uint64_t already = left_over > file.bytes ? 0 : left_over;

  if (already < file.bytes) {
    Transfer transfer{file, progress, cancel, already};
    Outcome outcome = fetch(transfer, part);
    if ((outcome.code == CURLE_RANGE_ERROR || outcome.code == CURLE_HTTP_RETURNED_ERROR) &&
        already > 0) {
      // The server cannot continue where we stopped, or has a shorter file now.
      transfer.already = 0;
      outcome = fetch(transfer, part);
    }
    // What an earlier transfer brought is kept; a file that never got a byte is noise.
    if (fs::file_size(part, error) == 0) fs::remove(part, error);
    cancel.check();
    if (outcome.code != CURLE_OK) {
      throw Error(format("cannot download {}: {}", file.url, outcome.reason));
    }
  }
  check(file, part);
  fs::rename(part, target, error);
  if (error) throw Error(format("cannot write {}: {}", target.string(), error.message()));
}

}  // namespace vidclass
