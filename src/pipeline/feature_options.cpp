#include "pipeline/feature_options.hpp"

#include <sched.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <system_error>
#include <thread>

#include "core/file_system.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "core/user_dirs.hpp"
#include "features/decoder_pool.hpp"
#include "pipeline/torch_library.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

struct PoolingName {
  PoolingChoice choice;
  std::string_view name;
  bool motion;
  bool middle;
};
constexpr PoolingName pooling_names[] = {
    {PoolingChoice::automatic, "auto", true, true},
    {PoolingChoice::avg, "avg", false, false},
    {PoolingChoice::avg_motion, "avg,motion", true, false},
    {PoolingChoice::avg_middle, "avg,middle", false, true},
    {PoolingChoice::avg_motion_middle, "avg,motion,middle", true, true}};

const PoolingName& names_of(PoolingChoice choice) noexcept {
  return *std::find_if(std::begin(pooling_names), std::end(pooling_names),
                       [&](const PoolingName& each) { return each.choice == choice; });
}

void set_network(const FeatureOptions& from, backbone::BackboneOptions& options) {
  if (backbone::is_network_file(from.backbone)) {
    backbone::NetworkFile file{.path = std::filesystem::absolute(from.backbone),
                               .feature = from.feature,
                               .middle = from.middle};
    if (from.mean) file.mean = *from.mean;
    if (from.scale) file.scale = *from.scale;
    file.layout = from.input_layout;
    options.file = std::move(file);
    return;
  }
  options.name = backbone::find_backbone(from.backbone).name;
  const std::pair<const char*, bool> of_files[] = {
      {"mean", from.mean.has_value()},
      {"scale", from.scale.has_value()},
      {"input-layout", from.input_layout != InputLayout::automatic},
      {"feature", !from.feature.empty()},
      {"middle", !from.middle.empty()}};
  for (const auto& [name, given] : of_files) {
    if (!given) continue;
    throw UsageError(
        format("{} is for networks of files (.onnx, .xml): {} takes frames in its own way", name,
               options.name));
  }
}

void set_pooling(const FeatureOptions& from, backbone::BackboneOptions& options) {
  const PoolingName& chosen = names_of(from.pooling);
  // Whether a file has one is seen when it is read.
  const bool has_middle = options.file || backbone::find_backbone(options.name).middle_size > 0;
  const bool needs_middle = chosen.middle && from.pooling != PoolingChoice::automatic;
  if (needs_middle && !has_middle) {
    throw UsageError(
        format("pooling {}: this network has no map in the middle that is pooled: choose avg{}",
               chosen.name, chosen.motion ? ",motion" : ""));
  }
  options.motion = chosen.motion;
  options.middle = chosen.middle && has_middle;
  options.needs_middle = needs_middle;
}

/// Once.
void warn_of_claims_between_machines(const std::filesystem::path& cache) {
  const std::string_view kind = network_file_system(cache);
  if (kind.empty()) return;
  static std::once_flag told;
  std::call_once(told, [&] {
    log_warning(
        format("the feature cache {} is on {}, where locks hold for the processes of one machine: "
               "several machines may compute the same clips; give each a share of its own "
               "(vidclass extract --shard I/N)",
               cache.string(), kind));
  });
}

/// CPUs that this process may use.
int own_cpus() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace

std::filesystem::path feature_cache_folder(const MachineOptions& machine) {
  return machine.cache.empty() ? user_cache_dir() / "features" : machine.cache;
}

std::filesystem::path feature_cache(const MachineOptions& machine) {
  const std::filesystem::path wanted = feature_cache_folder(machine);
  std::error_code error;
  if (std::filesystem::exists(wanted, error) && !std::filesystem::is_directory(wanted, error)) {
    throw UsageError(format("the feature cache {} is no folder", wanted.string()));
  }
  const WritableFolder folder = writable_or_temporary(wanted);
  static std::once_flag told;
  if (!folder.problem.empty()) {
    std::call_once(told, [&] {
      log_warning(
          format("the feature cache {} cannot be written ({}), so nothing is kept for later "
                 "runs; choose another folder (--cache, or the variable XDG_CACHE_HOME)",
                 wanted.string(), folder.problem));
    });
  }
  return folder.path;
}

std::filesystem::path compiled_cache() {
  return writable_or_temporary(user_cache_dir() / "compiled").path;
}

std::filesystem::path calibration_dir() {
  return writable_or_temporary(user_cache_dir() / "calibrations").path;
}

std::filesystem::path limits_dir() {
  return writable_or_temporary(user_cache_dir() / "limits").path;
}

features::ExtractOptions extract_options(const FeatureOptions& options,
                                         const MachineOptions& machine) {
  const Crop crop =
      options.crop.value_or(options.preprocess == Preprocess::keras ? Crop::centre : Crop::motion);
  features::ExtractOptions result{.backbone = {.size = options.size,
                                               .precision = options.precision,
                                               .batch = options.batch,
                                               .threads = machine.threads,
                                               .compiled_cache = compiled_cache(),
                                               .calibration_dir = calibration_dir()},
                                  .clip = {.sampling = options.sampling,
                                           .frames = options.frames,
                                           .preprocess = options.preprocess,
                                           .stride = options.stride,
                                           .candidates = options.candidates,
                                           .fps = options.fps,
                                           .crop = crop},
                                  .cache_dir = feature_cache(machine),
                                  .limits = machine.limits,
                                  .half = options.half,
                                  .limits_dir = limits_dir()};
  set_network(options, result.backbone);
  set_device(options.device, result.backbone.device, result.backbone.engine);
  if (result.backbone.engine && options.precision == Precision::int8) {
    throw UsageError(format("int8 does not run on {}: choose bf16 or f32", options.device));
  }
  set_pooling(options, result.backbone);
  if (const auto rank = rank_from_environment()) take_rank(result, *rank);
  return result;
}

void take_rank(features::ExtractOptions& options, const Rank& rank) {
  options.rank = rank.rank;
  options.ranks = rank.count;
  const bool bound = own_cpus() < static_cast<int>(std::thread::hardware_concurrency());
  // A launcher that binds each process to CPUs has divided them already.
  const int share =
      bound ? own_cpus() : std::max(1, own_cpus() / rank.local_count.value_or(rank.count));
  if (options.backbone.threads == 0) options.backbone.threads = share;
  if (options.decoders == 0) options.decoders = features::decoders_for(share);
  if (rank.count > rank.local_count.value_or(1)) {
    warn_of_claims_between_machines(options.cache_dir);
  }
}

void set_device(const std::string& name, std::string& device, backbone::MakeEngine& engine) {
  device = name;
  choose_device(device, engine);
}

std::string_view to_string(PoolingChoice pooling) noexcept { return names_of(pooling).name; }

PoolingChoice pooling_from(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(pooling_names), std::end(pooling_names),
                   [&](const PoolingName& each) { return each.name == name; });
  if (found != std::end(pooling_names)) return found->choice;
  throw UsageError(
      format("unknown pooling \"{}\": choose auto, avg, avg,motion, avg,middle or "
             "avg,motion,middle",
             name));
}

}  // namespace vidclass::pipeline
