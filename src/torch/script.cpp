#include "torch/script.hpp"

#include <memory>

#include <torch/script.h>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

/// LibTorch's messages are many lines: of compiling, the first says why; of running, the last.
std::string told(std::string text) {
  const auto cause = text.rfind("\nRuntimeError: ");
  if (cause != std::string::npos) text = text.substr(cause + 1);
  return text.substr(0, text.find('\n'));
}

::torch::ScalarType scalar_type(DType type) {
  switch (type) {
    case DType::f32:
      return ::torch::kFloat32;
    case DType::i32:
      return ::torch::kInt32;
    case DType::u8:
      return ::torch::kUInt8;
    default:
      throw Error(format("scripts take no tensors of {}", name_of(type)));
  }
}

::torch::Tensor copy_of(const Tensor& tensor) {
  const std::vector<std::int64_t> shape(tensor.shape().begin(), tensor.shape().end());
  // LibTorch asks for memory that it could write to, and does not.
  return ::torch::from_blob(const_cast<std::byte*>(tensor.bytes().data()), shape,
                            scalar_type(tensor.dtype()))
      .clone();
}

}  // namespace

void save_script(const Script& script, const std::filesystem::path& file) {
  try {
    ::torch::jit::Module module("vidclass");
    for (const auto& [name, values] : script.parameters) {
      module.register_parameter(name, copy_of(values).set_requires_grad(false),
                                /*is_buffer=*/false);
    }
    module.define(script.source);
    module.eval();
    ::torch::jit::ExtraFilesMap texts;
    for (const auto& [name, text] : script.texts) texts[name] = text;
    module.save(file.string(), texts);
  } catch (const c10::Error& error) {
    throw Error(
        format("{} cannot be written: {}", file.string(), told(error.what_without_backtrace())));
  }
}

RunScript open_script(const std::filesystem::path& file) {
  try {
    const auto module =
        std::make_shared<::torch::jit::Module>(::torch::jit::load(file.string(), ::torch::kCPU));
    return [module, name = file.string()](const std::vector<Tensor>& arguments) {
      const ::torch::InferenceMode no_gradients;
      std::vector<c10::IValue> inputs;
      for (const Tensor& argument : arguments) inputs.emplace_back(copy_of(argument));
      try {
        const ::torch::Tensor result =
            module->forward(inputs).toTensor().to(::torch::kFloat32).contiguous();
        const Shape shape(result.sizes().begin(), result.sizes().end());
        return Tensor::from<float>(
            shape, std::span(result.data_ptr<float>(), static_cast<std::size_t>(result.numel())));
      } catch (const std::exception& error) {  // of several kinds
        throw Error(format("LibTorch cannot run {}: {}", name, told(error.what())));
      }
    };
  } catch (const c10::Error& error) {
    throw Error(
        format("LibTorch cannot open {}: {}", file.string(), told(error.what_without_backtrace())));
  }
}

}  // namespace vidclass::torch
