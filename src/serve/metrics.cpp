#include "serve/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>

namespace vidclass::serve {
namespace {

using prometheus::Histogram;

const Histogram::BucketBoundaries of_seconds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                             1,     2.5,  5,     10,   30,  60,   120};
const Histogram::BucketBoundaries of_clips{1, 2, 4, 8, 16, 32, 64};

/// A counter whose value is counted elsewhere.
void raise_to(prometheus::Counter& counter, std::uint64_t value) {
  const double more = static_cast<double>(value) - counter.Value();
  if (more > 0) counter.Increment(more);
}

}  // namespace

struct Metrics::Impl {
  prometheus::Registry registry;
  prometheus::Family<Histogram>& clip_seconds =
      prometheus::BuildHistogram()
          .Name("vidclass_clip_seconds")
          .Help("From a clip's arrival in full to its answer")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& responses = prometheus::BuildCounter()
                                                           .Name("vidclass_http_responses_total")
                                                           .Help("Responses by status code")
                                                           .Register(registry);
  Histogram& decode_seconds = prometheus::BuildHistogram()
                                  .Name("vidclass_decode_seconds")
                                  .Help("Decoding and sampling a clip that is not in the cache")
                                  .Register(registry)
                                  .Add({}, of_seconds);
  Histogram& batch_clips = prometheus::BuildHistogram()
                               .Name("vidclass_batch_clips")
                               .Help("Clips whose probabilities are computed in one go")
                               .Register(registry)
                               .Add({}, of_clips);
  prometheus::Counter& queue_full =
      counter("vidclass_queue_full_total", "Requests refused since the queue was full");
  prometheus::Counter& crashes =
      counter("vidclass_decoder_crashes_total", "Clips whose decoding crashed or passed a bound");
  prometheus::Counter& restarts =
      counter("vidclass_decoder_restarts_total", "Decoders that ended unasked and were replaced");
  prometheus::Gauge& connections = gauge("vidclass_connections", "Open connections");
  prometheus::Gauge& queue = gauge("vidclass_queue_clips", "Clips under way or waiting");
  prometheus::Gauge& uploads = gauge("vidclass_upload_bytes", "Bytes of uploads that are kept");

  prometheus::Counter& counter(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
  }
  prometheus::Gauge& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::clip_answered(const std::string& model, const std::string& outcome, double seconds) {
  impl_->clip_seconds.Add({{"model", model}, {"outcome", outcome}}, of_seconds).Observe(seconds);
}
void Metrics::responded(int status) {
  impl_->responses.Add({{"code", std::to_string(status)}}).Increment();
}
void Metrics::refused_queue_full() { impl_->queue_full.Increment(); }
void Metrics::clip_decoded(double seconds) { impl_->decode_seconds.Observe(seconds); }
void Metrics::answered_together(std::size_t clips) {
  impl_->batch_clips.Observe(static_cast<double>(clips));
}
void Metrics::set_connections(std::size_t open) {
  impl_->connections.Set(static_cast<double>(open));
}
void Metrics::set_queue(std::size_t clips) { impl_->queue.Set(static_cast<double>(clips)); }
void Metrics::set_upload_bytes(std::size_t bytes) {
  impl_->uploads.Set(static_cast<double>(bytes));
}

std::string Metrics::text(const sandbox::Sandbox* sandbox) {
  if (sandbox != nullptr) {
    const sandbox::Counts counts = sandbox->counts();
    raise_to(impl_->crashes, counts.crashes);
    raise_to(impl_->restarts, counts.restarts);
  }
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace vidclass::serve
