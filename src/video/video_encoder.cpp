#include "video/video_encoder.hpp"

#include "core/text.hpp"

namespace vidclass::video {

const std::vector<EncoderChoice>& encoders_for(const std::filesystem::path& path) {
  // 60000 ticks a second hold 24, 25, 30, 50 and 60 frames/s exactly, and 29.97 and 59.94
  // too; MPEG-4 part 2 counts no finer than 65535.
  static const std::vector<EncoderChoice> modern{
      {"libx264", "H.264", AV_PIX_FMT_YUV420P, 60000, {{"preset", "veryfast"}, {"crf", "20"}}},
      {"libopenh264", "H.264", AV_PIX_FMT_YUV420P, 60000, {}},
      {"libvpx-vp9",
       "VP9",
       AV_PIX_FMT_YUV420P,
       60000,
       {{"crf", "30"}, {"b", "0"}, {"deadline", "good"}, {"cpu-used", "5"}, {"row-mt", "1"}}},
      {"mpeg4", "MPEG-4", AV_PIX_FMT_YUV420P, 60000, {}}};
  static const std::vector<EncoderChoice> webm{modern[2]};
  static const std::vector<EncoderChoice> gif{{"gif", "GIF", AV_PIX_FMT_PAL8, 100, {}}};
  static const std::vector<EncoderChoice> webp{
      {"libwebp_anim", "WebP", AV_PIX_FMT_YUV420P, 1000, {{"quality", "80"}, {"loop", "0"}}}};
  static const std::vector<EncoderChoice> none;
  const std::string ending = lower(path.extension().string());
  if (ending == ".mp4" || ending == ".mov" || ending == ".mkv") return modern;
  if (ending == ".webm") return webm;
  if (ending == ".gif") return gif;
  if (ending == ".webp") return webp;
  return none;
}

}  // namespace vidclass::video
