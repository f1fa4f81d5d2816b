// Decoding clips that nobody vouches for, in processes that can do nothing else.
#pragma once

#include <cstdint>
#include <memory>

#include "sandbox/confine.hpp"
#include "video/sample.hpp"

namespace vidclass::sandbox {

/// What happened so far.
struct Counts {
  std::uint64_t clips = 0;  // decoded or found to be unusable
  std::uint64_t crashes =
      0;  // processes of clips that ended in another way, too late ones among them
  std::uint64_t restarts = 0;  // of decoders that ended though nobody asked them to
};

/// Each clip is decoded by a process of its own, which gets an open file and gives frames back
/// through shared memory. It is a copy of a decoder (the program vidclass_decoder, which lies
/// beside the library, or where the environment variable VIDCLASS_DECODER says) that has seen no
/// clip, so that no clip can touch another. Thread-safe: each caller has a decoder to itself.
class Sandbox {
public:
  /// Starts a first decoder. Throws Error where there is none.
  explicit Sandbox(const Bounds& bounds = {});
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// As video::sample_clip(), with the same frames. Throws ClipError also where the clip crashes
  /// the decoder or takes more than the bounds, and for a folder of pictures. Frames that the
  /// caller decoded are sampled in this process.
  [[nodiscard]] video::SampledClip sample(const video::ClipSource& source,
                                          const video::ClipSettings& settings,
                                          const CancellationToken& cancel = {},
                                          const video::Limits& limits = {},
                                          video::Parts parts = {});

  /// Of the first decoder.
  [[nodiscard]] const Layers& layers() const noexcept;
  [[nodiscard]] Counts counts() const noexcept;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// sample() of a sandbox that lives as long as the sampler. Throws as Sandbox does.
[[nodiscard]] video::Sampler sandboxed_sampler(const std::shared_ptr<Sandbox>& sandbox);

}  // namespace vidclass::sandbox
