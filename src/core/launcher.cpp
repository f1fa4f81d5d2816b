#include "core/launcher.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace vidclass {
namespace {

std::optional<int> number(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  const std::string_view text(value);
  int result = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return result;
}

struct Launcher {
  const char* rank;
  const char* count;
  const char* local_count;
  const char* local_rank;
};

constexpr std::array launchers{
    Launcher{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE",
             "OMPI_COMM_WORLD_LOCAL_RANK"},
    Launcher{"PMI_RANK", "PMI_SIZE", "MPI_LOCALNRANKS", "MPI_LOCALRANKID"},
    Launcher{"RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "LOCAL_RANK"},
    // Last, because srun's variables are also seen by what mpirun starts in a job of it.
    Launcher{"SLURM_PROCID", "SLURM_NTASKS", "SLURM_NTASKS_PER_NODE", "SLURM_LOCALID"}};

}  // namespace

std::optional<Rank> rank_from_environment() {
  for (const Launcher& launcher : launchers) {
    const auto rank = number(launcher.rank);
    const auto count = number(launcher.count);
    if (!rank || !count || *rank < 0 || *rank >= *count) continue;
    const int local = number(launcher.local_count).value_or(*count);
    const int local_rank = number(launcher.local_rank).value_or(*rank);
    return Rank{*rank, *count, local >= 1 && local <= *count ? local : *count,
                local_rank >= 0 ? local_rank : *rank};
  }
  return std::nullopt;
}

}  // namespace vidclass
