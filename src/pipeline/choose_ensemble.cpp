#include "pipeline/choose_ensemble.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "core/format.hpp"
#include "core/random.hpp"
#include "pipeline/cross_validate.hpp"
#include "pipeline/train_heads.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

constexpr int folds = 3;
constexpr std::size_t least_groups = 6;
// Of each label some more than there are folds.
constexpr std::size_t least_clips_of_a_label = 6;

/// Places of clips with these groups and labels, ascending: all, or of each label an equal number,
/// drawn from as many groups as there are.
std::vector<std::size_t> clips_to_choose_by(const std::vector<std::size_t>& groups,
                                            const std::vector<std::size_t>& labels,
                                            std::size_t label_count, std::uint64_t seed) {
  std::vector<std::size_t> places(groups.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  if (places.size() <= most_clips_to_choose_by) return places;
  Random random{seed, 3};
  random.shuffle(places);
  // Which clip of its group and label each is: first ones come first.
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> so_far;
  std::vector<std::size_t> turn(places.size());
  for (const std::size_t place : places) turn[place] = so_far[{labels[place], groups[place]}]++;
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return turn[a] < turn[b]; });
  const std::size_t most = std::max(least_clips_of_a_label, most_clips_to_choose_by / label_count);
  std::vector<std::size_t> taken(label_count);
  std::erase_if(places, [&](std::size_t place) { return ++taken[labels[place]] > most; });
  std::sort(places.begin(), places.end());
  return places;
}

/// The same options for the choice: one head of each design, half as long, nothing kept.
train::TrainOptions for_the_choice(train::TrainOptions options, std::size_t heads,
                                   std::size_t clips) {
  const int epochs = train::chosen_recipe(options, clips).epochs;
  options.epochs = std::max(1, epochs / 2);
  options.members = static_cast<int>(heads);
  options.checkpoints = {};
  return options;
}

/// Progress of one fold as a part of all.
ProgressFunction part_of(const ProgressFunction& progress, int fold) {
  if (!progress) return {};
  return [progress, fold](const ProgressState& state) {
    progress({"choose ensemble", state.done + static_cast<std::size_t>(fold) * state.total,
              state.total * folds, state.detail});
  };
}

void append(Tensor& to, const Tensor& rows) {
  if (to.empty()) {
    to = rows;
    return;
  }
  Tensor both(DType::f32, {to.dim(0) + rows.dim(0), to.dim(1)});
  const auto target = both.data<float>();
  std::copy_n(to.data<float>().begin(), to.data<float>().size(), target.begin());
  std::copy_n(rows.data<float>().begin(), rows.data<float>().size(),
              target.begin() + static_cast<std::ptrdiff_t>(to.data<float>().size()));
  to = std::move(both);
}

}  // namespace

EnsembleChoice choose_ensemble(const dataset::Manifest& manifest, const DataFeatures& features,
                               const train::TrainOptions& given, const Hooks& hooks) {
  const std::vector<std::size_t> groups = groups_to_train_with(manifest, features);
  const std::size_t group_count =
      groups.empty() ? 0 : 1 + *std::max_element(groups.begin(), groups.end());
  EnsembleChoice result;
  model::EnsembleRecord& choice = result.record;
  if (group_count < least_groups) {
    choice.reason = groups.empty() ? "the clips' groups (scenes, persons) are not known"
                                   : format("{} groups are too few to choose by", group_count);
    return result;
  }

  train::TrainOptions options = given;
  set_sizes(options.spec, features, manifest.labels.size());
  train::HeldOut held_out;
  const train::FrameFeatures available = train::frame_features(options.spec);
  held_out.designs = train::distinct_designs(available);
  held_out.probabilities.resize(held_out.designs.size());
  const std::vector<std::size_t> labels =
      train::joined(features.of(dataset::Split::train).data,
                    features.of(dataset::Split::validation).data)
          .labels;
  const std::vector<std::size_t> places =
      clips_to_choose_by(groups, labels, manifest.labels.size(), given.seed);
  options = for_the_choice(std::move(options), held_out.designs.size(), places.size());
  options.designs = held_out.designs;
  int fold = 0;
  for (TrainingData& data : make_folds(manifest, features, places, folds, given.seed)) {
    const train::TrainResult trained =
        train_on(data, features, manifest.labels.size(), options,
                 {.progress = part_of(hooks.progress, fold), .cancel = hooks.cancel});
    if (trained.stopped) throw Cancelled();
    ++fold;
    for (std::size_t design = 0; design < held_out.designs.size(); ++design) {
      append(held_out.probabilities[design], trained.probabilities.at(design));
    }
    held_out.labels.insert(held_out.labels.end(), data.validation.labels.begin(),
                           data.validation.labels.end());
    for (const std::size_t clip : data.part.outside) {
      held_out.groups.push_back(groups[clip]);
    }
    result.left_out.parts.push_back(std::move(data.part));
  }

  const train::MixtureChoice chosen = train::choose_mixture(held_out, available);
  choice.mixture = chosen.mixture;
  choice.folds = folds;
  choice.groups = group_count;
  for (std::size_t i = 0; i < chosen.loss.size(); ++i) {
    choice.loss.emplace_back(train::all_mixtures[i], chosen.loss[i]);
  }
  result.left_out.probabilities = train::mixture_probabilities(held_out, chosen.mixture, available);
  result.left_out.labels = std::move(held_out.labels);
  result.left_out.groups = std::move(held_out.groups);
  return result;
}

}  // namespace vidclass::pipeline
