#include <memory>
#include <span>

#include <nanobind/nanobind.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "call.hpp"
#include "errors.hpp"
#include "options.hpp"
#include "vidclass/clip.hpp"
#include "vidclass/frames.hpp"

namespace vidclass::python {
namespace {

using Pixels = nb::ndarray<const std::uint8_t, nb::ndim<4>, nb::c_contig, nb::device::cpu>;

ClipSource clip_of_bytes(const nb::bytes& bytes, std::string name, double start,
                         std::optional<double> end) {
  const auto* const first = reinterpret_cast<const std::byte*>(bytes.c_str());
  return ClipSource::from_bytes(
      std::make_shared<const std::vector<std::byte>>(first, first + bytes.size()), std::move(name),
      start, end);
}

ClipSource clip_of_frames(const Pixels& pixels, std::vector<double> times, std::string name,
                          double start, std::optional<double> end) {
  return ClipSource::from_frames(to_tensor<std::uint8_t>(pixels), std::move(times), std::move(name),
                                 start, end);
}

/// [(frames, times, note, error)], the arrays of an unusable clip None.
nb::list read(const std::vector<ClipSource>& clips, const nb::dict& given, nb::object progress) {
  OptionReader reader(given);
  FrameOptions options;
  MachineOptions machine;
  take(reader, options);
  take(reader, machine);
  reader.finish();
  Call call(std::move(progress));
  std::vector<ClipFrames> found =
      call.run([&] { return read_frames(std::span(clips), options, machine, call.hooks()); });
  nb::list result;
  for (ClipFrames& each : found) {
    const bool usable = each.error.empty();
    result.append(nb::make_tuple(usable ? to_numpy(std::move(each.frames)) : nb::none(),
                                 usable ? to_numpy(std::move(each.times)) : nb::none(),
                                 readable(each.note), readable(each.error)));
  }
  return result;
}

}  // namespace

nb::list to_python(const std::vector<UnusableClip>& unusable) {
  nb::list list;
  for (const auto& [path, reason] : unusable) {
    list.append(nb::make_tuple(path, readable(reason)));
  }
  return list;
}

void bind_clips(nb::module_& module) {
  nb::class_<ClipSource>(module, "Clip")
      .def_static(
          "of_file",
          [](const std::filesystem::path& path, double start, std::optional<double> end) {
            return ClipSource(path, start, end);
          },
          nb::arg("path"), nb::arg("start"), nb::arg("end").none())
      .def_static("of_bytes", clip_of_bytes, nb::arg("content"), nb::arg("name"), nb::arg("start"),
                  nb::arg("end").none())
      .def_static("of_frames", clip_of_frames, nb::arg("pixels").noconvert(), nb::arg("times"),
                  nb::arg("name"), nb::arg("start"), nb::arg("end").none());
  module.def("read_frames", read, nb::arg("clips"), nb::arg("options"), nb::arg("progress").none());
}

}  // namespace vidclass::python
