#include "train/search.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "train/settings.hpp"

namespace vidclass::train {
namespace {

constexpr int reduction = 3;
constexpr std::size_t most_rungs = 3;

double log_uniform(Random& random, double low, double high) {
  const double value = low * std::pow(high / low, random.unit());
  // Three digits, so that a person can type it.
  const double digit = std::pow(10.0, std::floor(std::log10(value)) - 2);
  return std::round(value / digit) * digit;
}

template <typename T>
T one_of(Random& random, const std::vector<T>& choices) {
  return choices[static_cast<std::size_t>(random.below(choices.size()))];
}

/// Draws always, so that a setting that is fixed does not change the others.
template <typename T>
void choose(std::optional<T>& target, const T& drawn) {
  if (!target) target = drawn;
}

bool is_done(const std::vector<TrialResult>& results, const Trial& trial) {
  return std::any_of(results.begin(), results.end(),
                     [&](const TrialResult& result) { return result.trial == trial; });
}

std::vector<TrialResult> of_rung(const std::vector<TrialResult>& results, int rung) {
  std::vector<TrialResult> some;
  for (const TrialResult& result : results) {
    if (result.trial.rung == rung) some.push_back(result);
  }
  return ranked(std::move(some));
}

}  // namespace

std::string subject_of(const SearchOptions& options, const LabelledFeatures& train,
                       const LabelledFeatures& validation) {
  Json subject{{"format", "vidclass tune 1"}};
  subject.update(describe(options.base.spec, chosen_recipe(options.base), options.base.seed));
  subject.update({{"seed of the search", options.seed},
                  {"number of folds", options.folds},
                  {"epochs of the rungs", rung_epochs(options)},
                  {"content of the training clips", fingerprint(train)},
                  {"content of the validation clips", fingerprint(validation)}});
  return to_strict_text(subject);
}

std::vector<int> rung_epochs(const SearchOptions& options) {
  std::vector<int> epochs{chosen_recipe(options.base).epochs};
  while (epochs.size() < most_rungs && epochs.front() >= 2 * reduction) {
    epochs.insert(epochs.begin(), epochs.front() / reduction);
  }
  return epochs;
}

TrainOptions settings_of(const SearchOptions& options, const Trial& trial) {
  TrainOptions settings = options.base;
  settings.epochs = rung_epochs(options).at(static_cast<std::size_t>(trial.rung));
  if (trial.number == 1) return settings;
  Random random{options.seed, static_cast<std::uint64_t>(trial.number)};
  choose(settings.learning_rate, log_uniform(random, 3e-4, 1e-2));
  choose(settings.weight_decay, log_uniform(random, 1e-4, 1.0));
  choose(settings.label_smoothing, one_of(random, std::vector{0.0, 0.1, 0.2}));
  choose(settings.batch_size, one_of(random, std::vector{8, 16, 32}));
  if (settings.spec.kind != head::HeadKind::gru) return settings;
  choose(settings.output_dropout, one_of(random, std::vector{0.2, 0.3, 0.4, 0.5, 0.6}));
  choose(settings.hidden, one_of(random, std::vector<std::size_t>{64, 96, 128, 192}));
  return settings;
}

std::optional<Trial> next_trial(const SearchOptions& options,
                                const std::vector<TrialResult>& results,
                                const std::function<bool(const Trial&)>& is_taken) {
  const auto rungs = static_cast<int>(rung_epochs(options).size());
  for (int rung = rungs - 2; rung >= 0; --rung) {
    const auto here = of_rung(results, rung);
    const std::size_t promoted = here.size() / reduction;
    for (std::size_t i = 0; i < promoted; ++i) {
      const Trial further{here[i].trial.number, rung + 1};
      if (!is_done(results, further) && !is_taken(further)) return further;
    }
  }
  for (int number = 1; number <= options.trials; ++number) {
    const Trial trial{number, 0};
    if (!is_done(results, trial) && !is_taken(trial)) return trial;
  }
  return std::nullopt;
}

std::vector<TrialResult> ranked(std::vector<TrialResult> results) {
  std::sort(results.begin(), results.end(), [](const TrialResult& a, const TrialResult& b) {
    if (a.trial.rung != b.trial.rung) return a.trial.rung > b.trial.rung;
    if (a.val_loss != b.val_loss) return a.val_loss < b.val_loss;
    return a.trial.number < b.trial.number;
  });
  return results;
}

}  // namespace vidclass::train
