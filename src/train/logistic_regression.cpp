#include "train/logistic_regression.hpp"

#include <lbfgs.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <new>
#include <utility>

#include "core/format.hpp"
#include "train/loss.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

void check_regression(Rows rows, std::size_t width, std::span<const std::size_t> labels,
                      std::size_t label_count, const LinearClassifier* start) {
  if (rows.empty()) throw Error("a regression needs rows, and there are none");
  if (rows.size() != labels.size()) {
    throw Error(format("{} rows have {} labels", rows.size(), labels.size()));
  }
  const std::size_t greatest = *std::max_element(labels.begin(), labels.end());
  if (greatest >= label_count) {
    throw Error(format("the label {} is not one of {}", greatest, label_count));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!std::all_of(rows[i], rows[i] + width, [](float value) { return std::isfinite(value); })) {
      throw Error(format("row {} of a regression is not finite", i));
    }
  }
  if (start != nullptr && (start->weights.shape() != Shape{width, label_count} ||
                           start->bias.shape() != Shape{label_count})) {
    throw Error(format("a regression on {} values of {} labels cannot start from weights of {}",
                       width, label_count, format_shape(start->weights.shape())));
  }
}

/// What is minimised, of the labels that have rows. Variables: weights [D, L'], then bias [L'].
class Objective {
public:
  Objective(Rows rows, std::size_t width, std::vector<std::size_t> labels, std::size_t label_count,
            const RegressionOptions& options, const CancellationToken& cancel)
      : rows_(rows),
        width_(width),
        labels_(std::move(labels)),
        label_count_(label_count),
        strength_(options.strength * static_cast<double>(rows.size())),
        cancel_(cancel),
        parameters_((width + 1) * label_count),
        products_(width * label_count) {
    // These weights sum to the number of rows as well, so that the mean that Loss gives is the
    // weighted sum divided by it.
    if (options.balanced) loss_.label_weights = balanced_weights(labels_, label_count);
  }

  /// For lbfgs(). Exceptions must not pass through it: the first is kept, and what is given from
  /// then on ends the search.
  static double evaluate(void* self, const double* variables, double* gradient, int count,
                         double /*step*/) noexcept {
    auto& objective = *static_cast<Objective*>(self);
    try {
      if (!objective.failure_) return objective.value(variables, gradient);
    } catch (...) {
      objective.failure_ = std::current_exception();
    }
    std::fill_n(gradient, count, 0.0);
    return 0;
  }

  static int after_step(void* self, const double* /*x*/, const double* /*g*/, double /*fx*/,
                        double /*xnorm*/, double /*gnorm*/, double /*step*/, int /*n*/, int /*k*/,
                        int /*ls*/) noexcept {
    return static_cast<const Objective*>(self)->failure_ ? 1 : 0;
  }

  void rethrow_failure() const {
    if (failure_) std::rethrow_exception(failure_);
  }

private:
  double value(const double* variables, double* gradient) {
    cancel_.check();
    const std::size_t weight_count = width_ * label_count_;
    std::transform(variables, variables + parameters_.size(), parameters_.begin(),
                   [](double v) { return static_cast<float>(v); });
    Tensor logits(DType::f32, {rows_.size(), label_count_});
    multiply(rows_, width_, parameters_.data(), label_count_, parameters_.data() + weight_count,
             logits.data<float>().data());
    const auto [loss, by_logits] = loss_.of(logits, labels_);

    const auto by_logit = by_logits.data<float>();
    std::fill(products_.begin(), products_.end(), 0.0F);
    add_outer_products(rows_, width_, by_logit.data(), label_count_, products_.data());
    double penalty = 0;
    for (std::size_t j = 0; j < weight_count; ++j) {
      penalty += variables[j] * variables[j] / 2;
      gradient[j] = variables[j] + strength_ * products_[j];
    }
    double* by_bias = gradient + weight_count;
    std::fill_n(by_bias, label_count_, 0.0);
    for (std::size_t j = 0; j < by_logit.size(); ++j) {
      by_bias[j % label_count_] += strength_ * by_logit[j];
    }
    return penalty + strength_ * loss;
  }

  Rows rows_;
  std::size_t width_;
  std::vector<std::size_t> labels_;
  std::size_t label_count_;
  double strength_;
  const CancellationToken& cancel_;
  Loss loss_;
  std::vector<float> parameters_;
  std::vector<float> products_;
  std::exception_ptr failure_;
};

struct FreeVariables {
  void operator()(double* variables) const { lbfgs_free(variables); }
};
using Variables = std::unique_ptr<double, FreeVariables>;

/// True where lbfgs() has gone as far as it gets: to its tolerance or its number of steps, or,
/// close to the optimum, to where rounding hides that a step is one down.
bool is_done(int status) {
  switch (status) {
    case LBFGS_SUCCESS:
    case LBFGS_STOP:
    case LBFGS_ALREADY_MINIMIZED:
    case LBFGSERR_MAXIMUMITERATION:
    case LBFGSERR_ROUNDING_ERROR:
    case LBFGSERR_MINIMUMSTEP:
    case LBFGSERR_MAXIMUMSTEP:
    case LBFGSERR_MAXIMUMLINESEARCH:
    case LBFGSERR_WIDTHTOOSMALL:
    case LBFGSERR_INCREASEGRADIENT:
    case LBFGSERR_OUTOFINTERVAL:
    case LBFGSERR_INCORRECT_TMINMAX:
      return true;
    default:
      return false;
  }
}

/// Takes the mean over the labels from each row of [rows, labels], which changes no probability.
void centre(double* values, std::size_t rows, std::size_t labels) {
  for (std::size_t i = 0; i < rows; ++i) {
    double mean = 0;
    for (std::size_t c = 0; c < labels; ++c) {
      mean += values[i * labels + c] / static_cast<double>(labels);
    }
    for (std::size_t c = 0; c < labels; ++c) values[i * labels + c] -= mean;
  }
}

}  // namespace

LinearClassifier fit_logistic_regression(Rows rows, std::size_t width,
                                         std::span<const std::size_t> labels,
                                         std::size_t label_count, const RegressionOptions& options,
                                         const CancellationToken& cancel,
                                         const LinearClassifier* start) {
  check_regression(rows, width, labels, label_count, start);
  std::vector<std::size_t> used(labels.begin(), labels.end());
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  std::vector<std::size_t> places;  // of the rows' labels in `used`
  for (const std::size_t label : labels) {
    const auto found = std::lower_bound(used.begin(), used.end(), label);
    places.push_back(static_cast<std::size_t>(found - used.begin()));
  }

  const std::size_t rows_of_variables = width + 1;
  const int count = static_cast<int>(rows_of_variables * used.size());
  const Variables variables(lbfgs_malloc(count));
  if (!variables) throw std::bad_alloc();
  double* values = variables.get();
  std::fill_n(values, count, 0.0);
  if (start != nullptr) {
    for (std::size_t i = 0; i < rows_of_variables; ++i) {
      const auto from = i < width ? start->weights.data<float>().subspan(i * label_count)
                                  : start->bias.data<float>();
      for (std::size_t c = 0; c < used.size(); ++c) values[i * used.size() + c] = from[used[c]];
    }
  }

  lbfgs_parameter_t parameters;
  lbfgs_parameter_init(&parameters);
  parameters.m = 10;
  // Ends where three steps gain no more than this share of the objective: with products of single
  // precision, rounding hides what is gained soon after. Probabilities are then within 1e-3.
  parameters.past = 3;
  parameters.delta = 5e-7;
  parameters.max_linesearch = 20;
  parameters.max_iterations = options.most_iterations;
  Objective objective(rows, width, std::move(places), used.size(), options, cancel);
  const int status = lbfgs(count, values, nullptr, Objective::evaluate, Objective::after_step,
                           &objective, &parameters);
  objective.rethrow_failure();
  if (!is_done(status)) throw Error(format("L-BFGS of liblbfgs failed with status {}", status));

  // Centred, some label with rows has a logit of 0 or above for any x, which leaves others e^-20.
  centre(values, rows_of_variables, used.size());
  constexpr float bias_without_rows = -20;
  LinearClassifier classifier{Tensor(DType::f32, {width, label_count}),
                              Tensor(DType::f32, {label_count})};
  const auto weights = classifier.weights.data<float>();
  const auto bias = classifier.bias.data<float>();
  std::fill(bias.begin(), bias.end(), bias_without_rows);
  for (std::size_t c = 0; c < used.size(); ++c) {
    for (std::size_t d = 0; d < width; ++d) {
      weights[d * label_count + used[c]] = static_cast<float>(values[d * used.size() + c]);
    }
    bias[used[c]] = static_cast<float>(values[width * used.size() + c]);
  }
  return classifier;
}

Tensor probabilities(const LinearClassifier& classifier, Rows rows, std::size_t versions) {
  const std::size_t labels = classifier.bias.size();
  Tensor result(DType::f32, {rows.size(), labels});
  multiply(rows, classifier.weights.dim(0), classifier.weights.data<float>().data(), labels,
           classifier.bias.data<float>().data(), result.data<float>().data());
  softmax(result);
  if (versions == 1) return result;
  Tensor mean(DType::f32, {rows.size() / versions, labels});
  const auto from = result.data<float>();
  const auto to = mean.data<float>();
  for (std::size_t i = 0; i < from.size(); ++i) {
    to[i % to.size()] += from[i] / static_cast<float>(versions);
  }
  return mean;
}

}  // namespace vidclass::train
