#include "evaluate/calibration.hpp"

#include <algorithm>
#include <cmath>

#include "evaluate/outcome.hpp"
#include "vidclass/error.hpp"

namespace vidclass::evaluate {

Calibration compute_calibration(const Tensor& probabilities, std::span<const std::size_t> labels,
                                std::size_t bins) {
  if (bins == 0) throw Error("a calibration needs at least one bin");
  const std::vector<Outcome> clips = outcomes(probabilities, labels);
  Calibration result;
  result.bins.resize(bins);
  const double width = 1.0 / static_cast<double>(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    result.bins[i].low = static_cast<double>(i) * width;
    result.bins[i].high = i + 1 == bins ? 1 : static_cast<double>(i + 1) * width;
  }
  for (const Outcome& clip : clips) {
    // The last bin also takes what rounding has put above 1.
    const auto bin =
        std::find_if(result.bins.begin(), result.bins.end() - 1,
                     [&](const ReliabilityBin& b) { return clip.confidence <= b.high; });
    ++bin->clips;
    bin->confidence += clip.confidence;
    bin->accuracy += clip.right() ? 1 : 0;
    result.mean_confidence += clip.confidence;
  }
  const auto all = static_cast<double>(clips.size());
  result.mean_confidence /= all;
  for (ReliabilityBin& bin : result.bins) {
    if (bin.clips == 0) continue;
    const auto count = static_cast<double>(bin.clips);
    bin.confidence /= count;
    bin.accuracy /= count;
    result.ece += count / all * std::abs(bin.accuracy - bin.confidence);
  }
  return result;
}

}  // namespace vidclass::evaluate
