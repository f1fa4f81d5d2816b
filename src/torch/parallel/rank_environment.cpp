#include <charconv>
#include <cstdlib>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>

#include "core/format.hpp"
#include "torch/ranks.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

std::optional<std::string> text(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::optional<int> number(const char* name, int smallest,
                          int largest = std::numeric_limits<int>::max()) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  int parsed = 0;
  const char* end = value->data() + value->size();
  const auto [at, error] = std::from_chars(value->data(), end, parsed);
  if (error != std::errc() || at != end || parsed < smallest || parsed > largest) {
    throw UsageError(format(
        "the environment has {}=\"{}\", which is no whole number from {}{}", name, *value, smallest,
        largest == std::numeric_limits<int>::max() ? std::string(" on")
                                                   : format(" to {}", largest)));
  }
  return parsed;
}

int required(const char* name, int smallest) {
  const auto value = number(name, smallest);
  if (!value) throw UsageError(format("the launcher set no {}", name));
  return *value;
}

/// A port that the ranks of one job agree on and that neighbouring jobs rarely share.
int port_of_job(std::string_view job) {
  constexpr int first = 20'000;
  constexpr std::size_t count = 10'000;
  return first + static_cast<int>(std::hash<std::string_view>{}(job) % count);
}

/// "node[03-05,9],x" to "node03": the first host of a Slurm list.
std::string first_host(const std::string& list) {
  const std::size_t bracket = list.find('[');
  const std::size_t comma = list.find(',');
  if (bracket == std::string::npos || comma < bracket) return list.substr(0, comma);
  const std::size_t end = list.find_first_of("-,]", bracket);
  const std::size_t close = list.find(']', bracket);
  if (end == std::string::npos || close == std::string::npos) {
    throw UsageError(
        format("the environment has SLURM_STEP_NODELIST=\"{}\", which names no host; "
               "set MASTER_ADDR",
               list));
  }
  const std::size_t after = list.find(',', close);
  return list.substr(0, bracket) + list.substr(bracket + 1, end - bracket - 1) +
         list.substr(close + 1, after == std::string::npos ? after : after - close - 1);
}

}  // namespace

RankSettings ranks_from_environment() {
  RankSettings settings;
  std::optional<std::string> address;
  if (text("WORLD_SIZE")) {
    settings.size = required("WORLD_SIZE", 1);
    settings.rank = required("RANK", 0);
    settings.local_size = number("LOCAL_WORLD_SIZE", 1).value_or(1);
    if (settings.size > 1 && !text("MASTER_ADDR")) {
      throw UsageError("WORLD_SIZE is set but MASTER_ADDR, the address of rank 0, is not");
    }
  } else if (text("OMPI_COMM_WORLD_SIZE")) {
    settings.size = required("OMPI_COMM_WORLD_SIZE", 1);
    settings.rank = required("OMPI_COMM_WORLD_RANK", 0);
    settings.local_size = number("OMPI_COMM_WORLD_LOCAL_SIZE", 1).value_or(1);
    settings.port = port_of_job(text("PMIX_NAMESPACE").value_or(""));
  } else if (text("PMI_SIZE") && text("MPI_LOCALNRANKS")) {  // srun may set the first alone
    settings.size = required("PMI_SIZE", 1);
    settings.rank = required("PMI_RANK", 0);
    settings.local_size = required("MPI_LOCALNRANKS", 1);
  } else if (text("SLURM_STEP_NUM_TASKS")) {
    settings.size = required("SLURM_STEP_NUM_TASKS", 1);
    settings.rank = required("SLURM_PROCID", 0);
    const int nodes = number("SLURM_STEP_NUM_NODES", 1).value_or(1);
    settings.local_size = (settings.size + nodes - 1) / nodes;
    settings.port =
        port_of_job(text("SLURM_JOB_ID").value_or("") + "." + text("SLURM_STEP_ID").value_or(""));
    if (nodes > 1) address = first_host(text("SLURM_STEP_NODELIST").value_or(""));
  }
  if (settings.rank >= settings.size) {
    throw UsageError(format("the launcher says that this is rank {} of {}; ranks count from 0",
                            settings.rank, settings.size));
  }
  if (const auto named = text("MASTER_ADDR")) address = named;
  if (settings.local_size < settings.size && (!address || address->empty())) {
    throw UsageError("the ranks run on several machines: set MASTER_ADDR to the address of rank 0");
  }
  if (address) settings.address = *address;
  settings.port = number("MASTER_PORT", 1, 65'535).value_or(settings.port);
  settings.timeout_seconds =
      number("VIDCLASS_RANK_TIMEOUT", 1).value_or(static_cast<int>(settings.timeout_seconds));
  return settings;
}

}  // namespace vidclass::torch
