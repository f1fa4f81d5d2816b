#include "vidclass/learn/mixture.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "learn/score.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::learn {
namespace {

using head::View;

/// -ln p(true label) of each clip under the average of the members' probabilities.
std::vector<double> losses(const HeldOut& held_out, const std::vector<Views>& members) {
  std::vector<const float*> read;
  for (const Views& views : members) {
    const auto found = std::find(held_out.views.begin(), held_out.views.end(), views);
    const auto index = static_cast<std::size_t>(found - held_out.views.begin());
    read.push_back(held_out.probabilities.at(index).data<float>().data());
  }
  const std::size_t width = held_out.probabilities.at(0).dim(1);
  std::vector<double> of_clips;
  for (std::size_t clip = 0; clip < held_out.labels.size(); ++clip) {
    double sum = 0;
    for (const float* values : read) {
      sum += static_cast<double>(values[clip * width + held_out.labels[clip]]);
    }
    of_clips.push_back(surprise_of(sum / static_cast<double>(read.size())));
  }
  return of_clips;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// Standard error of the mean of `values` when those of a group come together: the deviation of
/// the groups' sums about their share of the total.
double standard_error(const std::vector<double>& values, const std::vector<std::size_t>& groups) {
  const double centre = mean(values);
  std::map<std::size_t, double> excess;
  for (std::size_t i = 0; i < values.size(); ++i) excess[groups.at(i)] += values[i] - centre;
  if (excess.size() < 2) return INFINITY;
  double squares = 0;
  for (const auto& [group, sum] : excess) squares += sum * sum;
  const auto count = static_cast<double>(excess.size());
  return std::sqrt(squares * count / (count - 1)) / static_cast<double>(values.size());
}

}  // namespace

std::string_view to_string(Mixture mixture) noexcept {
  switch (mixture) {
    case Mixture::balanced:
      return "balanced";
    case Mixture::changes:
      return "changes";
    case Mixture::scene:
      break;
  }
  return "scene";
}

Mixture mixture_from(std::string_view name) {
  for (const Mixture mixture : all_mixtures) {
    if (name == to_string(mixture)) return mixture;
  }
  throw UsageError("there are no views \"" + std::string(name) +
                   "\"; choose auto, balanced, changes or scene");
}

std::vector<Views> member_views(Mixture mixture, std::size_t poolings) {
  if (poolings < 2) {
    switch (mixture) {
      case Mixture::balanced:
        return {{View::centred}, {View::centred}, {View::plain}};
      case Mixture::changes:
        return {{View::centred}};
      case Mixture::scene:
        break;
    }
    return {{View::plain}, {View::plain}, {View::centred}};
  }
  const Views moving{View::centred_motion};
  const Views changing{View::centred, View::centred_motion};
  const Views scene{View::plain, View::motion};
  switch (mixture) {
    case Mixture::balanced:
      return {moving, changing, scene};
    case Mixture::changes:
      return {moving, changing};
    case Mixture::scene:
      break;
  }
  return {scene, scene, changing};
}

std::vector<Views> distinct_views(std::size_t poolings) {
  std::vector<Views> distinct;
  for (const Mixture mixture : all_mixtures) {
    for (Views& views : member_views(mixture, poolings)) {
      if (std::find(distinct.begin(), distinct.end(), views) == distinct.end()) {
        distinct.push_back(std::move(views));
      }
    }
  }
  return distinct;
}

MixtureChoice choose_mixture(const HeldOut& held_out, std::size_t poolings) {
  if (held_out.labels.empty()) throw Error("no clip was held out to choose views by");
  MixtureChoice choice;
  std::vector<std::vector<double>> of_clips;
  for (const Mixture mixture : all_mixtures) {
    of_clips.push_back(losses(held_out, member_views(mixture, poolings)));
    choice.loss.push_back(mean(of_clips.back()));
  }
  const auto clearly_beats = [&](Mixture better, Mixture worse) {
    const std::vector<double>& a = of_clips[static_cast<std::size_t>(better)];
    const std::vector<double>& b = of_clips[static_cast<std::size_t>(worse)];
    std::vector<double> gain;
    for (std::size_t clip = 0; clip < a.size(); ++clip) gain.push_back(b[clip] - a[clip]);
    return mean(gain) > 2 * standard_error(gain, held_out.groups);
  };
  // What knows the scene gains little where it is better, and costs much where the test was
  // filmed elsewhere than all groups were, which no fold can show: so the evidence must be clear.
  choice.mixture = Mixture::changes;
  for (const Mixture bolder : {Mixture::balanced, Mixture::scene}) {
    if (clearly_beats(bolder, choice.mixture)) choice.mixture = bolder;
  }
  return choice;
}

}  // namespace vidclass::learn
