// Messages over a socket that keeps their borders (SOCK_SEQPACKET), with a descriptor or without.
#pragma once

#include <optional>
#include <string>

namespace vidclass::sandbox {

/// `file`: -1 for none. False where nobody reads any more.
[[nodiscard]] bool send_packet(int socket, const std::string& text, int file = -1);

struct Packet {
  std::string text;
  int file = -1;  // the receiver's own, or -1
};
/// Waits for one; empty at the end. Throws Error.
[[nodiscard]] std::optional<Packet> receive_packet(int socket);

}  // namespace vidclass::sandbox
