// What launchers of parallel jobs tell each process.
#pragma once

#include <optional>
#include <string>

namespace vidclass {

/// This process among those that were started together, and where they meet.
struct Rank {
  int rank = 0;  // 0 <= rank < count
  int count = 1;
  /// Those on this machine; empty where the launcher does not say.
  std::optional<int> local_count{};
  int local_rank = 0;  // its number among these, as far as the launcher says; else `rank`
  /// Where rank 0 listens for the others; empty where they are not known to be on one machine and
  /// nobody says.
  std::string address{};
  int port = 29500;
  /// How long a rank waits for the others before it gives up.
  double timeout_seconds = 1800;
};

/// From the environment of torchrun (WORLD_SIZE, RANK, LOCAL_WORLD_SIZE, LOCAL_RANK), mpirun (Open
/// MPI: OMPI_COMM_WORLD_SIZE, _RANK, _LOCAL_SIZE, _LOCAL_RANK; MPICH and Intel MPI: PMI_SIZE,
/// PMI_RANK, MPI_LOCALNRANKS, MPI_LOCALRANKID) or srun (SLURM_STEP_NUM_TASKS, SLURM_PROCID,
/// SLURM_STEP_NUM_NODES, SLURM_LOCALID, SLURM_STEP_NODELIST), in this order. MASTER_ADDR and
/// MASTER_PORT win over what the launcher says of the meeting place, VIDCLASS_RANK_TIMEOUT
/// (seconds) over the time-out. Empty without a launcher. Throws UsageError naming a variable that
/// is missing or whose value makes no sense.
[[nodiscard]] std::optional<Rank> rank_from_environment();

}  // namespace vidclass
