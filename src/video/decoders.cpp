#include "video/decoders.hpp"

#include "vidclass/error.hpp"

extern "C" {
#include <libavutil/avstring.h>
}

namespace vidclass::video {
namespace {

// Names of decoders, which are not always those of codecs (msmpeg4 is that of msmpeg4v3).
constexpr const char* trusted =
    "h264,hevc,libdav1d,libaom-av1,av1,vp8,libvpx,vp9,libvpx-vp9,vp6,vp6f,theora,"
    "mpeg1video,mpeg2video,mpegvideo,mpeg4,msmpeg4v1,msmpeg4v2,msmpeg4,h261,h263,h263i,h263p,flv,"
    "wmv1,wmv2,wmv3,vc1,rv10,rv20,rv30,rv40,"
    "mjpeg,png,apng,gif,webp,dvvideo,prores,dnxhd,ffv1,huffyuv,ffvhuff,qtrle,rawvideo";

const AVCodec* decoder_named(const std::string& name) {
  const AVCodec* decoder = avcodec_find_decoder_by_name(name.c_str());
  if (!decoder) {
    const AVCodecDescriptor* codec = avcodec_descriptor_get_by_name(name.c_str());
    decoder = codec ? avcodec_find_decoder(codec->id) : nullptr;
  }
  if (decoder && decoder->type == AVMEDIA_TYPE_VIDEO) return decoder;
  throw UsageError("allow_codecs names '" + name + "', and this FFmpeg has no such video decoder");
}

}  // namespace

DecoderList::DecoderList(std::span<const std::string> more) : names_(trusted) {
  for (const std::string& name : more) names_ += std::string(",") + decoder_named(name)->name;
}

bool DecoderList::holds(const AVCodec& decoder) const {
  return av_match_list(decoder.name, names_.c_str(), ',') != 0;
}

}  // namespace vidclass::video
