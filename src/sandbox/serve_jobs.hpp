// The inside of the program vidclass_decoder.
#pragma once

namespace vidclass::sandbox {

/// Descriptors that it is started with.
inline constexpr int job_socket = 3;   // of SOCK_SEQPACKET: jobs come, endings go
inline constexpr int result_file = 4;  // where the process of a clip writes its frames

/// Takes jobs until the socket is closed, and starts a process for each, which decodes one clip and
/// ends. Touches no clip itself. Returns an exit status.
[[nodiscard]] int serve_jobs();

}  // namespace vidclass::sandbox
