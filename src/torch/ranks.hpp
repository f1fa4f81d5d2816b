// Several processes that train one model together.
#pragma once

#include <memory>
#include <span>
#include <string>

namespace vidclass::torch {

/// The place of this process among those that train together.
struct RankSettings {
  int rank = 0;
  int size = 1;
  /// Where rank 0 listens for the others.
  std::string address = "127.0.0.1";
  int port = 29500;
  /// Ranks on this machine.
  int local_size = 1;
  /// How long a rank waits for the others before it gives up.
  double timeout_seconds = 1800;
};

/// From the variables of the launcher: torchrun's RANK, WORLD_SIZE, LOCAL_WORLD_SIZE,
/// MASTER_ADDR, MASTER_PORT; Open MPI's OMPI_COMM_WORLD_RANK, _SIZE, _LOCAL_SIZE; MPICH's
/// PMI_RANK, PMI_SIZE, MPI_LOCALNRANKS; Slurm's (srun) SLURM_PROCID, SLURM_STEP_NUM_TASKS,
/// SLURM_STEP_NUM_NODES, SLURM_STEP_NODELIST. MASTER_ADDR and MASTER_PORT win over what the
/// launcher says, and VIDCLASS_RANK_TIMEOUT (seconds) over the time-out. One rank where none
/// of these is set. Throws UsageError naming a variable that is missing or wrong.
[[nodiscard]] RankSettings ranks_from_environment();

/// A sum over all ranks that is under way. Must not outlive its Ranks.
class PendingSum {
public:
  virtual ~PendingSum() = default;
  /// Returns when the values are the sums. Throws as Ranks does.
  virtual void wait() = 0;
};

/// The connection to the others. Every member must be called by all ranks in the same
/// order; each throws Error in one line when a rank is gone or silent for too long. One
/// thread at a time.
class Ranks {
public:
  virtual ~Ranks() = default;

  [[nodiscard]] virtual int rank() const noexcept = 0;
  [[nodiscard]] virtual int size() const noexcept = 0;
  /// Returns when all ranks have come here.
  virtual void wait_for_all() = 0;
  /// Replaces the values by their sums over all ranks.
  virtual void sum(std::span<double> values) = 0;
  /// The same, while this rank goes on; the values must not be touched until then.
  [[nodiscard]] virtual std::unique_ptr<PendingSum> start_sum(std::span<float> values) = 0;

  [[nodiscard]] bool first() const noexcept { return rank() == 0; }
};

/// Waits until all ranks are there. A size of 1 needs no network. Throws Error.
[[nodiscard]] std::unique_ptr<Ranks> connect(const RankSettings& settings);

}  // namespace vidclass::torch
