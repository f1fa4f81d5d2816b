#include "core/launcher.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <limits>
#include <string_view>
#include <system_error>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

constexpr int any = std::numeric_limits<int>::max();

bool is_set(const char* name) { return std::getenv(name) != nullptr; }

/// The text of a variable; "" where it is not set.
std::string text(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

[[noreturn]] void refuse(const char* name, const std::string& what) {
  throw UsageError(format("the environment has {}=\"{}\", {}", name, text(name), what));
}

int number(const char* name, int least, int most = any) {
  if (!is_set(name)) throw UsageError(format("the launcher set no {}", name));
  const std::string value = text(name);
  int parsed = 0;
  const char* end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, parsed);
  if (error != std::errc() || at != end || parsed < least || parsed > most) {
    refuse(name, most == any ? format("which is no whole number from {} on", least)
                             : format("which is no whole number from {} to {}", least, most));
  }
  return parsed;
}

/// Of a variable that need not be there: set to nothing is not set.
std::optional<int> optional_number(const char* name, int least, int most = any) {
  if (text(name).empty()) return std::nullopt;
  return number(name, least, most);
}

/// The variables of a launcher.
struct Launcher {
  const char* count;  // its sign: who sets this has started this process
  const char* rank;
  const char* local_count;  // null: it says that in a way of its own
  const char* local_rank;
};

constexpr Launcher torchrun{"WORLD_SIZE", "RANK", "LOCAL_WORLD_SIZE", "LOCAL_RANK"};
constexpr Launcher open_mpi{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK",
                            "OMPI_COMM_WORLD_LOCAL_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK"};
constexpr Launcher hydra{"PMI_SIZE", "PMI_RANK", "MPI_LOCALNRANKS", "MPI_LOCALRANKID"};
constexpr Launcher slurm{"SLURM_STEP_NUM_TASKS", "SLURM_PROCID", nullptr, "SLURM_LOCALID"};

/// Launchers are started by launchers, whose variables are inherited: the innermost counts.
const Launcher* launcher_of_this_process() {
  // torchrun is often started once a machine by srun or mpirun, never the other way round. A RANK
  // alone is nobody's: the name is too common, and without a size it says nothing.
  if (is_set(torchrun.count)) return &torchrun;
  // In a job of Slurm, mpirun starts its daemons with srun, so that what the daemons start sees
  // srun's variables too: of a step with one task a machine. Nobody but mpirun sets its own, and
  // only for what it starts: a program run beside mpirun, or from a batch script, has none of them.
  if (is_set(open_mpi.count)) return &open_mpi;
  // The same for mpirun of MPICH and Intel (hydra). srun may set PMI_SIZE as well, for every task,
  // and a shell that srun started hands its own to all that is run in it, another srun included.
  // Hydra alone sets MPI_LOCALNRANKS; within a step of Slurm, PMI_SIZE without it is srun's, whose
  // other variables are always those of the innermost step.
  if (is_set(hydra.count) && (is_set(hydra.local_count) || !is_set(slurm.count))) return &hydra;
  // Not SLURM_NTASKS, which tells of the whole job and stands in batch scripts and in shells of
  // salloc, beside a SLURM_PROCID of 0: one process that must not wait for others. The number of
  // tasks of the step is set by srun alone, and is 1 in an interactive shell.
  if (is_set(slurm.count)) return &slurm;
  return nullptr;
}

/// A port that the ranks of one job agree on and that neighbouring jobs rarely share.
int port_of_job(std::string_view job) {
  constexpr int first = 20'000;
  constexpr std::size_t count = 10'000;
  return first + static_cast<int>(std::hash<std::string_view>{}(job) % count);
}

/// "node[03-05,9],x" to "node03": the first host of a Slurm list; "" of "".
std::string first_host(const char* name) {
  const std::string list = text(name);
  const std::size_t bracket = list.find('[');
  const std::size_t comma = list.find(',');
  if (bracket == std::string::npos || comma < bracket) return list.substr(0, comma);
  const std::size_t end = list.find_first_of("-,]", bracket);
  const std::size_t close = list.find(']', bracket);
  if (end == std::string::npos || close == std::string::npos) {
    refuse(name, "which names no host; set MASTER_ADDR");
  }
  const std::size_t after = list.find(',', close);
  return list.substr(0, bracket) + list.substr(bracket + 1, end - bracket - 1) +
         list.substr(close + 1, after == std::string::npos ? after : after - close - 1);
}

/// Slurm tells how many machines there are, and spreads tasks evenly unless it is told otherwise.
std::optional<int> local_count_of_step(const Rank& rank) {
  const auto machines = optional_number("SLURM_STEP_NUM_NODES", 1, rank.count);
  if (!machines) return std::nullopt;
  return std::max((rank.count + *machines - 1) / *machines, rank.local_rank + 1);
}

}  // namespace

std::optional<Rank> rank_from_environment() {
  const Launcher* launcher = launcher_of_this_process();
  if (launcher == nullptr) return std::nullopt;
  Rank rank;
  rank.count = number(launcher->count, 1);
  rank.rank = number(launcher->rank, 0, rank.count - 1);
  if (launcher->local_count != nullptr) {
    rank.local_count = optional_number(launcher->local_count, 1, rank.count);
  }
  rank.local_rank =
      optional_number(launcher->local_rank, 0, rank.local_count.value_or(rank.count) - 1)
          .value_or(rank.rank);
  if (launcher == &slurm) {
    rank.local_count = local_count_of_step(rank);
    rank.port = port_of_job(text("SLURM_JOB_ID") + "." + text("SLURM_STEP_ID"));
  } else if (launcher == &open_mpi) {
    rank.port = port_of_job(text("PMIX_NAMESPACE"));
  }
  rank.port = optional_number("MASTER_PORT", 1, 65'535).value_or(rank.port);
  if (const std::string address = text("MASTER_ADDR"); !address.empty()) {
    rank.address = address;
  } else if (rank.local_count == rank.count) {
    rank.address = "127.0.0.1";
  } else if (launcher == &slurm) {
    rank.address = first_host("SLURM_STEP_NODELIST");
  }
  if (const auto seconds = optional_number("VIDCLASS_RANK_TIMEOUT", 1)) {
    rank.timeout_seconds = *seconds;
  }
  return rank;
}

}  // namespace vidclass
