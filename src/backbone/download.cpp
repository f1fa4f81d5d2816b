#include <curl/curl.h>

#include <cstdio>
#include <memory>
#include <system_error>

#include "core/format.hpp"
#include "vidclass/backbone/weights.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/hash.hpp"

namespace vidclass::backbone {
namespace fs = std::filesystem;

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

struct Transfer {
  const PublishedFile& file;
  const ProgressFunction& progress;
  const CancellationToken& cancel;
  std::uint64_t already = 0;  // bytes from an earlier, interrupted download
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

CURLcode fetch(const Transfer& transfer, const fs::path& part, std::string& reason) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) return initialised;
  const std::unique_ptr<CURL, FreeCurl> curl(curl_easy_init());
  const File out(std::fopen(part.c_str(), transfer.already > 0 ? "ab" : "wb"));
  if (!curl || !out) {
    reason = format("cannot write {}", part.string());
    return CURLE_WRITE_ERROR;
  }
  char message[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl.get(), CURLOPT_URL, transfer.file.url.c_str());
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
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, out.get());
  curl_easy_setopt(curl.get(), CURLOPT_RESUME_FROM_LARGE,
                   static_cast<curl_off_t>(transfer.already));
  // A server that sends more than was published need not be listened to.
  curl_easy_setopt(curl.get(), CURLOPT_MAXFILESIZE_LARGE,
                   static_cast<curl_off_t>(transfer.file.bytes));
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &transfer);
  const CURLcode code = curl_easy_perform(curl.get());
  reason = message[0] != '\0' ? message : curl_easy_strerror(code);
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    reason = format("the server sends more than the {} bytes of the published file",
                    transfer.file.bytes);
  }
  return code;
}

void check(const PublishedFile& file, const fs::path& part) {
  const auto bytes = fs::file_size(part);
  std::string wrong;
  if (bytes != file.bytes) {
    wrong = format("it has {} bytes instead of {}", bytes, file.bytes);
  } else if (const auto md5 = hash_file(HashKind::md5, part); md5 != file.md5) {
    wrong = format("its MD5 is {} instead of {}", md5, file.md5);
  }
  if (wrong.empty()) return;
  std::error_code ignored;
  fs::remove(part, ignored);
  throw Error(format("the download of {} is not the published file: {}; it was removed, try again",
                     file.url, wrong));
}

}  // namespace

void download(const PublishedFile& file, const fs::path& target, const ProgressFunction& progress,
              const CancellationToken& cancel) {
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  if (error) {
    throw Error(
        format("cannot make the folder {}: {}", target.parent_path().string(), error.message()));
  }
  const fs::path part = target.string() + ".part";
  const auto left_over = fs::file_size(part, error);
  const std::uint64_t already = error || left_over > file.bytes ? 0 : left_over;

  if (already < file.bytes) {
    std::string reason;
    Transfer transfer{file, progress, cancel, already};
    CURLcode code = fetch(transfer, part, reason);
    if ((code == CURLE_RANGE_ERROR || code == CURLE_HTTP_RETURNED_ERROR) && already > 0) {
      // The server cannot continue where we stopped, or has a shorter file now.
      transfer.already = 0;
      code = fetch(transfer, part, reason);
    }
    // What an earlier transfer brought is kept; a file that never got a byte is noise.
    if (fs::file_size(part, error) == 0) fs::remove(part, error);
    cancel.check();
    if (code != CURLE_OK) throw Error(format("cannot download {}: {}", file.url, reason));
  }
  check(file, part);
  fs::rename(part, target, error);
  if (error) throw Error(format("cannot write {}: {}", target.string(), error.message()));
}

}  // namespace vidclass::backbone
