// Taking from a process what decoding does not need.
#pragma once

#include <cstdint>
#include <string>

namespace vidclass::sandbox {

/// What holds a decoder back on this machine.
struct Layers {
  bool no_new_privileges = false;
  int landlock = 0;  // the kernel's version of it; 0: it has none
  bool seccomp = false;
};
/// "no new privileges, Landlock 3, seccomp, limits of memory and time", for people.
[[nodiscard]] std::string to_string(const Layers& layers);

/// How much one clip may use.
struct Bounds {
  std::uint64_t memory = std::uint64_t{2} << 30;  // bytes of address space, beyond the libraries'
  std::uint64_t frames = std::uint64_t{1} << 30;  // bytes that come of it
  double seconds = 600;                           // of a clock, and of one CPU
};

/// For the process that starts decoders: from now on it and its children may open no file by name
/// and gain no privileges, where the kernel can see to that.
[[nodiscard]] Layers give_up_files();

/// System calls that a decoder may make, prepared. It may compute, and read, write and map what is
/// open. Calls that libraries try and can do without (opening files, sending signals, asking about
/// a terminal) fail; any other, such as for sockets, processes and programs, ends the process
/// (SIGSYS).
class CallFilter {
public:
  CallFilter();
  ~CallFilter();
  CallFilter(const CallFilter&) = delete;
  CallFilter& operator=(const CallFilter&) = delete;

  [[nodiscard]] bool ready() const noexcept { return filter_ != nullptr; }
  /// For this process, for good. False where the kernel refuses.
  [[nodiscard]] bool install() const noexcept;

private:
  void* filter_;
};

/// For the process of one clip, for good. `filter` is installed last.
[[nodiscard]] bool confine(const Bounds& bounds, const CallFilter& filter) noexcept;

}  // namespace vidclass::sandbox
