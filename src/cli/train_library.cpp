#include "cli/train_library.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "core/error.hpp"
#include "core/format.hpp"

namespace vidclass::cli {
namespace {

constexpr const char* file_name = "libvidclass_torch.so";

/// Beside the program, unless $VIDCLASS_TORCH_LIBRARY names the file.
std::filesystem::path library_path() {
  if (const char* named = std::getenv("VIDCLASS_TORCH_LIBRARY"); named != nullptr && *named != 0) {
    return std::filesystem::absolute(named);
  }
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto in_build_tree = program.parent_path() / "lib" / file_name;
  if (std::filesystem::exists(in_build_tree, error)) return in_build_tree;
  return program.parent_path().parent_path() / "lib" / file_name;
}

/// The library is never closed: LibTorch keeps threads and globals that do not survive it.
torch::Entry load() {
  const auto path = library_path();
  // Training runs heads side by side, a thread each (see train/train.cpp); OpenBLAS
  // would start as many threads again for each. It reads this when it is loaded, which may
  // already have been: some builds of FFmpeg need it, too.
  setenv("OPENBLAS_NUM_THREADS", "1", /*overwrite=*/0);
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(format(
        "the heads gru and moments, fine-tuning and --device cuda need {}, which cannot be loaded "
        "({}); build it with LibTorch installed (make setup build), or name it in "
        "VIDCLASS_TORCH_LIBRARY",
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

const torch::Entry& train_library() {
  static const torch::Entry entry = load();
  return entry;
}

train::LearnerFactory learner_factory(head::HeadKind kind) {
  return head::reads_views(kind) ? train_library().make_learner : train::make_plain_learner;
}

void choose_device(std::string& device, backbone::MakeEngine& engine) {
  if (!device.starts_with("cuda")) return;
  engine = [wanted = device](const backbone::PreparedBackbone& network, backbone::Load load) {
    return train_library().make_engine(wanted, network, load);
  };
  device = "cuda";
}

}  // namespace vidclass::cli
