// Which kinds of file are opened at all.
#pragma once

#include <string>
#include <string_view>

namespace vidclass::video {

/// Is this FFmpeg demuxer one for video files that hold all of their content
/// themselves? Playlists, image sequences, device and network inputs are not: a
/// clip handed in by a stranger must not make us open other files or addresses.
/// `name` is AVInputFormat::name, such as "mov,mp4,m4a,3gp,3g2,mj2".
[[nodiscard]] bool is_video_container(std::string_view name) noexcept;

/// All of them, as FFmpeg's option format_whitelist takes them.
[[nodiscard]] std::string container_list();

/// Does it open further files or addresses that its content names?
[[nodiscard]] bool is_playlist(std::string_view name) noexcept;

}  // namespace vidclass::video
