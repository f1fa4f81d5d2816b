#include "video/scaler.hpp"

namespace vidclass::video {
namespace {

/// The matrices that swscale has, by AVColorSpace; all else counts as BT.601, as in
/// FFmpeg's scale filter.
const int* yuv_to_rgb(AVColorSpace space) {
  const bool known = space == AVCOL_SPC_BT709 || space == AVCOL_SPC_FCC ||
                     space == AVCOL_SPC_BT470BG || space == AVCOL_SPC_SMPTE170M ||
                     space == AVCOL_SPC_SMPTE240M || space == AVCOL_SPC_BT2020_NCL ||
                     space == AVCOL_SPC_BT2020_CL;
  return sws_getCoefficients(known ? space : AVCOL_SPC_BT470BG);
}

void obey_frame_colours(SwsContext* context, const AVFrame& frame) {
  int* inverse = nullptr;
  int* table = nullptr;
  int source_range = 0;
  int target_range = 0;
  int brightness = 0;
  int contrast = 0;
  int saturation = 0;
  if (sws_getColorspaceDetails(context, &inverse, &source_range, &table, &target_range, &brightness,
                               &contrast, &saturation) < 0) {
    return;  // not from YUV: nothing to obey
  }
  if (frame.color_range != AVCOL_RANGE_UNSPECIFIED) {
    source_range = frame.color_range == AVCOL_RANGE_JPEG ? 1 : 0;
  }
  (void)sws_setColorspaceDetails(context, yuv_to_rgb(frame.colorspace), source_range, table,
                                 target_range, brightness, contrast, saturation);
}

}  // namespace

const AVFrame* Scaler::run(const AVFrame& frame, int width, int height) {
  const Key key{frame.width,       frame.height, frame.format, frame.colorspace,
                frame.color_range, width,        height};
  if ((!context_ || key != key_) && !prepare(key, frame, width, height)) return nullptr;
  sws_scale(context_.get(), frame.data, frame.linesize, 0, frame.height, picture_->data,
            picture_->linesize);
  return picture_.get();
}

bool Scaler::prepare(const Key& key, const AVFrame& frame, int width, int height) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  context_.reset();
  if (sws_isSupportedInput(format) == 0) return false;
  context_.reset(sws_getContext(frame.width, frame.height, format, width, height, target_, flags_,
                                nullptr, nullptr, nullptr));
  if (!context_) return false;
  if (rule_ == ColourRule::by_frame) obey_frame_colours(context_.get(), frame);
  if (!picture_ || picture_->width != width || picture_->height != height) {
    picture_ = make_picture(width, height, target_);
  }
  key_ = key;
  return true;
}

}  // namespace vidclass::video
