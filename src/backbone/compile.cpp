#include "backbone/compile.hpp"

namespace vidclass::backbone {

ov::AnyMap compile_properties(const BackboneOptions& options, Precision precision, Load load) {
  // Between int8's convolutions (residual sums) as quickly as without them.
  const Precision real = precision == Precision::int8 ? resolve(Precision::automatic) : precision;
  const bool cpu = options.device == "CPU";
  // Graphics cards know the other half precision.
  const ov::element::Type half = cpu ? ov::element::bf16 : ov::element::f16;
  ov::AnyMap properties{
      ov::hint::inference_precision(real == Precision::bf16 ? half : ov::element::f32)};
  if (load == Load::few_frames) {
    properties.insert(ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY));
    if (cpu) properties.insert(ov::num_streams(1));
  } else {
    properties.insert(ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT));
  }
  if (cpu && options.threads > 0) {
    properties.insert(ov::inference_num_threads(options.threads));
    // Several processes with a share of the CPUs each would all be pinned to the first.
    properties.insert(ov::hint::enable_cpu_pinning(false));
  }
  if (!options.compiled_cache.empty()) {
    properties.insert(ov::cache_dir(options.compiled_cache.string()));
  }
  return properties;
}

std::size_t batch_for(const BackboneOptions& options, Load load) {
  if (options.batch > 0) return static_cast<std::size_t>(options.batch);
  // Side by side, single frames keep their maps in the caches of their cores; threads that share a
  // batch wait less for each other when there is more to share.
  return load == Load::many_frames ? 1 : 4;
}

}  // namespace vidclass::backbone
