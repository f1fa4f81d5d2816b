// An HTTP server on this machine that offers one file in several ways, and others by name.
#pragma once

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace vidclass::testing {

/// Offers `content` as (and, by offer(), other files with support for ranges)
///   /file       with support for ranges,
///   /whole      in whole only: ranges are ignored,
///   /slow       a little every now and then, with its length told,
///   /endless    without a length and without an end (for as long as it runs),
///   /moved      by a redirection to /file.
class FileServer {
public:
  explicit FileServer(std::string content = {}) : content_(std::move(content)) {
    server_.Get("/file", [this](const httplib::Request& request, httplib::Response& response) {
      ranges_ += request.has_header("Range") ? 1 : 0;
      response.set_content(content_, "application/octet-stream");
    });
    server_.Get("/whole", [this](const httplib::Request&, httplib::Response& response) {
      response.status = 200;
      response.set_chunked_content_provider("application/octet-stream",
                                            [this](std::size_t, httplib::DataSink& sink) {
                                              sink.write(content_.data(), content_.size());
                                              sink.done();
                                              return true;
                                            });
    });
    server_.Get("/slow", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content_provider(
          content_.size(), "application/octet-stream",
          [this](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            return sink.write(content_.data() + offset, std::min(length, content_.size() / 50));
          });
    });
    server_.Get("/endless", [this](const httplib::Request&, httplib::Response& response) {
      response.status = 200;
      response.set_chunked_content_provider(
          "application/octet-stream", [this](std::size_t, httplib::DataSink& sink) {
            const std::string more(1 << 16, 'x');
            sent_endless_ += more.size();
            // Enough to notice a client that would take it all.
            return sent_endless_ < endless_limit && sink.write(more.data(), more.size());
          });
    });
    server_.Get("/moved", [](const httplib::Request&, httplib::Response& response) {
      response.set_redirect("/file");
    });
    server_.Get(".*", [this](const httplib::Request& request, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      const auto found = offered_.find(request.path);
      if (found == offered_.end()) {
        response.status = 404;
      } else {
        ranges_ += request.has_header("Range") ? 1 : 0;
        response.set_content(found->second, "application/octet-stream");
      }
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::jthread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~FileServer() { server_.stop(); }
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;

  /// At "/<name>", and from now on.
  void offer(const std::string& name, std::string content) {
    const std::lock_guard lock(mutex_);
    offered_["/" + name] = std::move(content);
  }

  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  /// How often a part of /file was asked for.
  [[nodiscard]] int ranges() const noexcept { return ranges_; }
  [[nodiscard]] bool sent_all_of_endless() const noexcept { return sent_endless_ >= endless_limit; }

private:
  static constexpr std::size_t endless_limit = std::size_t{64} << 20;

  std::string content_;
  std::mutex mutex_;
  std::map<std::string, std::string> offered_;
  std::atomic<int> ranges_{0};
  std::atomic<std::size_t> sent_endless_{0};
  httplib::Server server_;
  int port_ = 0;
  std::jthread thread_;
};

}  // namespace vidclass::testing
