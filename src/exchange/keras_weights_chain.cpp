// What weights alone tell of a network.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/format.hpp"
#include "exchange/keras_chain.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

/// Layers with weights, by the names of their groups.
const std::map<std::string, std::string>& classes_with_weights() {
  static const std::map<std::string, std::string> classes{
      {"gru", "GRU"},
      {"lstm", "LSTM"},
      {"bidirectional", "Bidirectional"},
      {"dense", "Dense"},
      {"time_distributed", "TimeDistributed"},
      {"batch_normalization", "BatchNormalization"},
      {"layer_normalization", "LayerNormalization"}};
  return classes;
}

/// They need no place in the chain.
bool is_placeless(const std::string& group) {
  return group == "dropout" || group == "spatial_dropout1d" || group == "gaussian_noise" ||
         group == "gaussian_dropout" || group == "input_layer" || group == "input" ||
         group == "masking" || group == "top_level_model_weights";
}

/// A layer with the sizes that its weights tell.
struct Candidate {
  KerasLayer layer;
  bool recurrent = false;
  std::size_t in = 0;
  std::size_t out = 0;
};

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw Error(format("the layer {} {}: save the whole network (model.save)", name, what));
}

Json cell_config(const std::string& name, const std::vector<Tensor>& weights, bool gru) {
  const Tensor& recurrent = weights.at(1);
  Json config{{"name", name},
              {"units", recurrent.dim(0)},
              {"activation", "tanh"},
              {"recurrent_activation", "sigmoid"},
              {"use_bias", true}};
  if (gru) config["reset_after"] = weights.at(2).rank() == 2;
  return config;
}

class WeightsChain {
public:
  WeightsChain(const KerasFile& file, const std::string& activation)
      : file_(file), activation_(activation) {}

  KerasChain run() {
    for (const std::string& name : file_.names()) add(name);
    if (candidates_.empty()) throw Error("it holds no weights of a layer");
    if (!file_.keeps_order()) find_order();
    KerasChain chain;
    chain.features = candidates_.front().in;
    settle();
    for (Candidate& each : candidates_) chain.layers.push_back(std::move(each.layer));
    if (masked_) chain.layers.insert(chain.layers.begin(), {{{"Masking", "masking", 0}}});
    return chain;
  }

private:
  void add(const std::string& name) {
    const auto [group, number] = split_group(name);
    // A second input is the mask.
    if (group == "input_layer" || group == "input") masked_ = ++inputs_ > 1 || masked_;
    if (group == "masking") masked_ = true;
    if (is_placeless(group)) return;
    const auto known = classes_with_weights().find(group);
    KerasLayerKey key{known == classes_with_weights().end() ? group : known->second, name, number};
    const std::vector<Tensor> weights = file_.weights(key);
    if (known == classes_with_weights().end()) {
      refuse(name, weights.empty()
                       ? "has no weights, and its place cannot be told"
                       : "is of a class that cannot be told from its name, or not read");
    }
    for (const Tensor& tensor : weights) {
      if (tensor.rank() == 0 || tensor.size() == 0) refuse(name, "has weights of no size");
    }
    candidates_.push_back(candidate(std::move(key), weights));
  }

  static Candidate candidate(KerasLayerKey key, const std::vector<Tensor>& weights) {
    const std::string kind = key.class_name;
    const std::string name = key.name;
    const auto require = [&](bool good) {
      if (!good) refuse(name, "has weights of other shapes than such a layer");
    };
    Candidate result{{std::move(key)}};
    Json& config = result.layer.config;
    if (kind == "GRU" || kind == "LSTM") {
      require(weights.size() == 3 && weights[0].rank() == 2 && weights[1].rank() == 2);
      config = cell_config(name, weights, kind == "GRU");
      result.out = weights[1].dim(0);
      result.recurrent = true;
    } else if (kind == "Bidirectional") {
      require(weights.size() == 6 && weights[0].rank() == 2 && weights[1].rank() == 2);
      const std::size_t units = weights[1].dim(0);
      const bool gru = weights[1].dim(1) == 3 * units;
      config = {
          {"name", name},
          {"merge_mode", "concat"},
          {"layer",
           {{"class_name", gru ? "GRU" : "LSTM"}, {"config", cell_config(name, weights, gru)}}}};
      result.out = 2 * units;
      result.recurrent = true;
    } else if (kind == "Dense" || kind == "TimeDistributed") {
      require((weights.size() == 1 || weights.size() == 2) && weights[0].rank() == 2);
      result.out = weights[0].dim(1);
      config = {{"name", name}, {"units", result.out}, {"use_bias", weights.size() == 2}};
      if (kind == "TimeDistributed") {
        config = {{"name", name}, {"layer", {{"class_name", "Dense"}, {"config", config}}}};
      }
    } else {
      const std::size_t of_moving = kind == "BatchNormalization" ? 2 : 0;
      require(weights.size() == 2 + of_moving && weights[0].rank() == 1);
      config = {{"name", name}, {"scale", true}, {"center", true}};
      result.out = weights[0].dim(0);
    }
    result.in = weights[0].dim(0);
    return result;
  }

  /// Groups tell the order of the layers of a class alone: the rest must follow from their sizes.
  void find_order() {
    std::map<std::string, std::vector<Candidate>> by_class;
    for (Candidate& each : candidates_) by_class[each.layer.key.class_name].push_back(each);
    for (auto& [name, list] : by_class) {
      std::sort(list.begin(), list.end(), [](const Candidate& a, const Candidate& b) {
        return a.layer.key.number < b.layer.key.number;
      });
    }
    std::vector<std::vector<Candidate>> orders;
    for (const bool recurrent_first : {true, false}) {
      orders.clear();
      std::vector<Candidate> order;
      extend(by_class, order, orders, recurrent_first);
      if (!orders.empty()) break;
    }
    if (orders.size() != 1) {
      throw Error(
          format("the order of its layers {} from the shapes of their weights: save the whole "
                 "network (model.save)",
                 orders.empty() ? "does not follow" : "cannot be told"));
    }
    candidates_ = std::move(orders.front());
  }

  /// All orders in which each layer takes what the one before it gives; two are enough.
  void extend(std::map<std::string, std::vector<Candidate>>& left, std::vector<Candidate>& order,
              std::vector<std::vector<Candidate>>& orders, bool recurrent_first) {
    // Networks are small; what is not would take for ever.
    constexpr std::size_t most_tries = 100'000;
    if (orders.size() > 1 || ++tries_ > most_tries) return;
    if (order.size() == candidates_.size()) {
      orders.push_back(order);
      return;
    }
    for (auto& [name, list] : left) {
      if (list.empty()) continue;
      const Candidate next = list.front();
      if (!order.empty() && next.in != order.back().out) continue;
      if (recurrent_first && next.recurrent && after_dense(order)) continue;
      list.erase(list.begin());
      order.push_back(next);
      extend(left, order, orders, recurrent_first);
      order.pop_back();
      list.insert(list.begin(), next);
    }
  }
  static bool after_dense(const std::vector<Candidate>& order) {
    return std::any_of(order.begin(), order.end(),
                       [](const Candidate& each) { return each.layer.key.class_name == "Dense"; });
  }

  /// All recurrent layers but the last give every state; the last dense layer is the classifier.
  void settle() {
    bool last_recurrent = true;
    for (auto each = candidates_.rbegin(); each != candidates_.rend(); ++each) {
      Json& config = each->layer.config;
      Json& inner = config.contains("layer") ? config["layer"]["config"] : config;
      if (each->recurrent) {
        inner["return_sequences"] = !last_recurrent;
        last_recurrent = false;
      } else if (each->layer.key.class_name == "Dense") {
        const bool last = each == candidates_.rbegin();
        inner["activation"] = !last ? activation_ : each->out == 1 ? "sigmoid" : "softmax";
      } else if (each->layer.key.class_name == "TimeDistributed") {
        inner["activation"] = activation_;
      }
    }
  }

  const KerasFile& file_;
  const std::string& activation_;
  std::vector<Candidate> candidates_;
  std::size_t inputs_ = 0;
  std::size_t tries_ = 0;
  bool masked_ = false;
};

}  // namespace

KerasChain chain_from_weights(const KerasFile& file, const std::string& activation) {
  return WeightsChain(file, activation).run();
}

}  // namespace vidclass::exchange
