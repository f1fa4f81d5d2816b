#include "video/palette.hpp"

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include <new>
#include <string>

#include "vidclass/error.hpp"

namespace vidclass::video {
namespace {

// A palette for each frame, so that nothing waits for the end of the clip; ordered dithering,
// which stands still where the picture does.
constexpr const char* filters =
    "format=bgra,split[a][b];[a]palettegen=stats_mode=single:reserve_transparent=0[p];"
    "[b][p]paletteuse=new=1:dither=bayer:bayer_scale=4";

void require(int code) {
  if (code < 0) throw Error("choosing the colours of a GIF failed (" + ffmpeg_text(code) + ")");
}

struct GraphDeleter {
  void operator()(AVFilterGraph* graph) const noexcept { avfilter_graph_free(&graph); }
};

struct EndsDeleter {
  void operator()(AVFilterInOut* ends) const noexcept { avfilter_inout_free(&ends); }
};
using Ends = std::unique_ptr<AVFilterInOut, EndsDeleter>;

Ends open_end(const char* name, AVFilterContext* filter) {
  Ends end(avfilter_inout_alloc());
  if (!end) throw std::bad_alloc();
  end->name = av_strdup(name);
  end->filter_ctx = filter;
  end->pad_idx = 0;
  end->next = nullptr;
  return end;
}

}  // namespace

struct PaletteFilter::Impl {
  std::unique_ptr<AVFilterGraph, GraphDeleter> graph{avfilter_graph_alloc()};
  AVFilterContext* source = nullptr;
  AVFilterContext* sink = nullptr;
  Owned<AVFrame> ready = make_frame();
};

PaletteFilter::PaletteFilter(int width, int height, AVRational time_base)
    : impl_(std::make_unique<Impl>()) {
  if (!impl_->graph) throw std::bad_alloc();
  AVFilterGraph* graph = impl_->graph.get();
  graph->nb_threads = 1;
  const std::string format = "video_size=" + std::to_string(width) + "x" + std::to_string(height) +
                             ":pix_fmt=" + av_get_pix_fmt_name(AV_PIX_FMT_RGB24) +
                             ":time_base=" + std::to_string(time_base.num) + "/" +
                             std::to_string(time_base.den);
  require(avfilter_graph_create_filter(&impl_->source, avfilter_get_by_name("buffer"), "in",
                                       format.c_str(), nullptr, graph));
  require(avfilter_graph_create_filter(&impl_->sink, avfilter_get_by_name("buffersink"), "out",
                                       nullptr, nullptr, graph));
  // Named as seen from the filters in between.
  AVFilterInOut* inputs = open_end("out", impl_->sink).release();
  AVFilterInOut* outputs = open_end("in", impl_->source).release();
  const int code = avfilter_graph_parse_ptr(graph, filters, &inputs, &outputs, nullptr);
  avfilter_inout_free(&inputs);
  avfilter_inout_free(&outputs);
  require(code);
  require(avfilter_graph_config(graph, nullptr));
}

PaletteFilter::~PaletteFilter() = default;

void PaletteFilter::push(const AVFrame* rgb) {
  require(av_buffersrc_write_frame(impl_->source, rgb));
}

const AVFrame* PaletteFilter::pull() {
  av_frame_unref(impl_->ready.get());
  const int code = av_buffersink_get_frame(impl_->sink, impl_->ready.get());
  if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return nullptr;
  require(code);
  return impl_->ready.get();
}

}  // namespace vidclass::video
