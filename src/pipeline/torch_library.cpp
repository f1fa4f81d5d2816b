#include "pipeline/torch_library.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

#include "core/companion.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

constexpr const char* file_name = "libvidclass_torch.so";

std::filesystem::path& named_path() {
  static std::filesystem::path path;
  return path;
}

/// The library is never closed: LibTorch keeps threads and globals that do not survive it.
torch::Entry load() {
  const auto path =
      named_path().empty() ? companion_library(file_name, "VIDCLASS_TORCH_LIBRARY") : named_path();
  // LibTorch's own threads call OpenBLAS, which would start as many again for each. It reads this
  // when it is loaded, which may already have been: some builds of FFmpeg need it, too.
  setenv("OPENBLAS_NUM_THREADS", "1", /*overwrite=*/0);
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(
        format("fine-tuning, TorchScript and the device cuda need {}, which cannot be loaded "
               "({}); \"make\" builds it, or name it in VIDCLASS_TORCH_LIBRARY",
               path.string(), dlerror()));
  }
  using SetThreads = void (*)(int);
  if (const auto set_threads =
          reinterpret_cast<SetThreads>(dlsym(library, "openblas_set_num_threads"))) {
    set_threads(1);
  }
  const auto entry =
      reinterpret_cast<torch::EntryFunction>(dlsym(library, torch::entry_function_name));
  if (entry == nullptr) {
    throw Error(format("{} belongs to another version of vidclass", path.string()));
  }
  torch::Entry result;
  entry(&result);
  return result;
}

}  // namespace

void set_torch_library(const std::filesystem::path& path) { named_path() = path; }

const torch::Entry& torch_library() {
  static const torch::Entry entry = load();
  return entry;
}

void choose_device(std::string& device, backbone::MakeEngine& engine) {
  if (!device.starts_with("cuda")) return;
  engine = [wanted = device](const backbone::PreparedBackbone& network, backbone::Load load) {
    return torch_library().make_engine(wanted, network, load);
  };
  device = "cuda";
}

}  // namespace vidclass::pipeline
