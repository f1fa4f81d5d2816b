#include "torch/finetune/checkpoint.hpp"

#include <algorithm>
#include <sstream>
#include <system_error>
#include <utility>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

constexpr const char* subject_key = "vidclass_finetune_checkpoint";

/// "learning rate 0.001 instead of 0.0001": the first line that the two do not share.
std::string first_difference(const std::string& kept, const std::string& now) {
  std::istringstream a(kept), b(now);
  std::string in_kept, in_now;
  while (std::getline(b, in_now)) {
    if (!std::getline(a, in_kept)) in_kept = "nothing";
    if (in_kept != in_now) return format("it has \"{}\" and this one \"{}\"", in_kept, in_now);
  }
  return "it knows of more settings";
}

/// The first rank's values on all ranks.
void share(Tensor& tensor, Ranks& ranks) {
  if (!ranks.first()) std::ranges::fill(tensor.bytes(), std::byte{0});
  if (tensor.dtype() == DType::f64) {
    ranks.sum(tensor.data<double>());
  } else {
    ranks.start_sum(tensor.data<float>())->wait();
  }
}

}  // namespace

FinetuneCheckpoint::FinetuneCheckpoint(std::filesystem::path path, std::string subject,
                                       Ranks& ranks)
    : path_(std::move(path)), subject_(std::move(subject)), ranks_(ranks) {}

void FinetuneCheckpoint::keep(const FinetuneState& state) const {
  if (path_.empty() || !ranks_.first()) return;
  write_safetensors(path_, state, {{subject_key, subject_}});
}

bool FinetuneCheckpoint::restore(FinetuneState& state) const {
  if (path_.empty()) return false;
  double found[] = {ranks_.first() && read(state) ? 1.0 : 0.0};
  ranks_.sum(found);
  if (found[0] == 0) return false;
  if (ranks_.size() > 1) {
    for (auto& [name, tensor] : state) share(tensor, ranks_);
  }
  return true;
}

bool FinetuneCheckpoint::read(FinetuneState& state) const {
  std::error_code error;
  if (!std::filesystem::exists(path_, error)) return false;
  const SafetensorsFile file(path_);
  const auto subject = file.metadata().find(subject_key);
  if (subject == file.metadata().end()) {
    throw Error(format("{} is not a checkpoint of a fine-tuning", path_.string()));
  }
  if (subject->second != subject_) {
    throw Error(format("{} is of another fine-tuning and cannot be resumed: {}", path_.string(),
                       first_difference(subject->second, subject_)));
  }
  for (auto& [name, tensor] : state) {
    if (!file.contains(name) || file.dtype(name) != tensor.dtype() ||
        file.shape(name) != tensor.shape()) {
      throw Error(
          format("{} cannot be resumed: {} is missing or of another shape", path_.string(), name));
    }
    tensor = file.load(name);
  }
  return true;
}

}  // namespace vidclass::torch
