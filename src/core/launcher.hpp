// What launchers of parallel jobs tell each process.
#pragma once

#include <optional>

namespace vidclass {

/// This process among those that were started together.
struct Rank {
  int rank = 0;  // 0 <= rank < count
  int count = 1;
  int local_count = 1;  // those on this machine, as far as the launcher says; else `count`
  int local_rank = 0;   // its number among these, as far as the launcher says; else `rank`
};

/// From the environment of mpirun (Open MPI: OMPI_COMM_WORLD_RANK, _SIZE, _LOCAL_SIZE,
/// _LOCAL_RANK; MPICH and Intel MPI: PMI_RANK, PMI_SIZE, MPI_LOCALNRANKS, MPI_LOCALRANKID),
/// torchrun (RANK, WORLD_SIZE, LOCAL_WORLD_SIZE, LOCAL_RANK) and srun (SLURM_PROCID,
/// SLURM_NTASKS, SLURM_NTASKS_PER_NODE, SLURM_LOCALID), in this order; empty without a launcher, or
/// where its numbers make no sense.
[[nodiscard]] std::optional<Rank> rank_from_environment();

}  // namespace vidclass
