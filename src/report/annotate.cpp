#include "report/annotate.hpp"

#include <algorithm>

#include "report/overlay.hpp"
#include "video/clip_reader.hpp"
#include "video/video_writer.hpp"

namespace vidclass::report {

AnnotatedVideo annotate(const video::ClipSource& source, const std::filesystem::path& output,
                        const Annotation& annotation, const CancellationToken& cancel,
                        const video::Limits& limits) {
  video::ClipReader reader(source, cancel, limits);
  const double rate = static_cast<double>(reader.frames()) / std::max(reader.duration(), 1e-3);
  video::VideoWriter writer(output, reader.width(), reader.height(), rate);
  Overlay overlay(annotation, reader.width(), reader.height(), reader.start(), reader.duration());
  AnnotatedVideo result;
  result.codec = writer.codec();
  video::ShownFrame frame;
  while (reader.next(frame)) {
    Canvas canvas(frame.rgb, reader.width(), reader.height());
    overlay.draw(canvas, frame.time);
    const double begin = frame.time - reader.start();
    writer.write(frame.rgb, begin, frame.duration);
    result.duration = begin + frame.duration;
    ++result.frames;
  }
  writer.finish();
  return result;
}

}  // namespace vidclass::report
