#include "core/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <string>
#include <utility>

#include "core/text.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("vidclass",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->set_level(spdlog::level::off);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *instance;
}

struct Handler {
  std::mutex mutex;
  MessageFunction function;
};

Handler& handler() {
  static Handler instance;
  return instance;
}

void hand_over(MessageLevel level, std::string_view message) {
  const std::lock_guard lock(handler().mutex);
  if (handler().function) handler().function(level, std::string(message));
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::off:
      break;
  }
  return spdlog::level::off;
}

}  // namespace

void set_message_handler(MessageFunction function) {
  const std::lock_guard lock(handler().mutex);
  handler().function = std::move(function);
}

void set_log_level(LogLevel level) { logger().set_level(spdlog_level(level)); }

void log_debug(std::string_view message) { logger().debug("{}", printable(message)); }
void log_info(std::string_view message) {
  logger().info("{}", printable(message));
  hand_over(MessageLevel::info, message);
}
void log_warning(std::string_view message) {
  logger().warn("warning: {}", printable(message));
  hand_over(MessageLevel::warning, message);
}
void log_error(std::string_view message) { logger().error("error: {}", printable(message)); }

}  // namespace vidclass
