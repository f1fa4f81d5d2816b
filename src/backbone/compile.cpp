#include "backbone/compile.hpp"

namespace vidclass::backbone {

ov::AnyMap compile_properties(const BackboneOptions& options, Precision precision, Load load) {
  // Between int8's convolutions (residual sums) as quickly as without them.
  const Precision real = precision == Precision::int8 ? resolve(Precision::automatic) : precision;
  ov::AnyMap properties{ov::hint::inference_precision(real == Precision::bf16 ? ov::element::bf16
                                                                              : ov::element::f32)};
  if (load == Load::few_frames) {
    properties.insert(ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY));
    properties.insert(ov::num_streams(1));
  } else {
    properties.insert(ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT));
  }
  if (options.threads > 0) {
    properties.insert(ov::inference_num_threads(options.threads));
    // Several processes with a share of the CPUs each would all be pinned to the first.
    properties.insert(ov::hint::enable_cpu_pinning(false));
  }
  if (!options.compiled_cache.empty()) {
    properties.insert(ov::cache_dir(options.compiled_cache.string()));
  }
  return properties;
}

}  // namespace vidclass::backbone
