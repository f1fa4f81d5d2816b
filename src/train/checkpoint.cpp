#include "train/checkpoint.hpp"

#include <system_error>
#include <utility>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

constexpr const char* version_name = "vidclass.checkpoint";
/// Raise it with every change of what a checkpoint holds.
constexpr const char* this_version = "1";

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  write_safetensors(path, checkpoint.tensors,
                    {{version_name, this_version},
                     {"settings", to_strict_text(checkpoint.settings)},
                     {"state", to_strict_text(checkpoint.state)}});
}

std::optional<Checkpoint> read_checkpoint(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  const SafetensorsFile file(path);
  const auto written = file.metadata().find(version_name);
  if (written == file.metadata().end()) {
    throw Error(format("{} is not a checkpoint of a training", path.string()));
  }
  if (written->second != this_version) {
    throw Error(format("{} is a checkpoint of another version of vidclass ({} instead of {})",
                       path.string(), written->second, this_version));
  }
  try {
    return Checkpoint{.settings = parse_json(file.metadata().at("settings")),
                      .state = parse_json(file.metadata().at("state")),
                      .tensors = file.load_all()};
  } catch (const JsonException&) {
  } catch (const std::out_of_range&) {
  }
  throw Error(format("{} is damaged: what it says of itself cannot be read", path.string()));
}

void add_prefixed(NamedTensors& all, const std::string& prefix, NamedTensors some) {
  for (auto& [name, tensor] : some) all[prefix + "/" + name] = std::move(tensor);
}

NamedTensors take_prefixed(const NamedTensors& all, const std::string& prefix) {
  NamedTensors some;
  const std::string start = prefix + "/";
  for (auto at = all.lower_bound(start); at != all.end() && at->first.starts_with(start); ++at) {
    some.emplace(at->first.substr(start.size()), at->second);
  }
  return some;
}

}  // namespace vidclass::train
