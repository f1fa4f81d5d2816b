// The results of a search in one file that several processes share.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "train/search.hpp"

namespace vidclass::train {

/// One line of JSON a result, after a line that says what is searched. A process claims
/// a trial with a lock on a file in TABLE.claims/; the system frees the lock when the
/// process ends, whichever way, so that a trial that was cut off is free again.
class TrialTable {
public:
  /// Makes the table if it is not there. `subject`: one line of JSON that tells one
  /// search from another. Throws Error naming what differs if the table is of another
  /// search, or the line that is damaged.
  TrialTable(std::filesystem::path path, std::string subject);

  /// Of all processes, as they are now. A last line that was cut off while it was
  /// written does not count.
  [[nodiscard]] std::vector<TrialResult> results() const;

  /// Holds a trial as long as it lives.
  class Claim {
  public:
    ~Claim();
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;

  private:
    friend class TrialTable;
    explicit Claim(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
  };

  /// Null if someone else has it. Throws Error.
  [[nodiscard]] std::unique_ptr<Claim> claim(const Trial& trial) const;
  /// Adds a line: the result and `details`, the members of a JSON object. Throws Error.
  void add(const TrialResult& result, const std::string& details) const;

private:
  std::filesystem::path path_;
};

}  // namespace vidclass::train
