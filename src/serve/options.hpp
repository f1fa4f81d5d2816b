// What a server offers, to whom, and within what bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "classify/classifier.hpp"
#include "sandbox/confine.hpp"

namespace vidclass::serve {

struct NamedModel {
  std::string name;  // in addresses; letters, digits and -_. alone
  std::filesystem::path file;
};
/// "FILE" or "NAME=FILE"; without a name, the file's without its ending. Throws UsageError for a
/// name that addresses cannot hold.
[[nodiscard]] NamedModel named_model_from(const std::string& text);

/// What `file` holds, without blanks around it, or else the environment variable VIDCLASS_TOKEN.
/// Throws UsageError for a file without any, Error for one that cannot be read.
[[nodiscard]] std::string token_from(const std::filesystem::path& file);

struct ServeOptions {
  /// The first one answers where no model is named. At least one, no two of one name.
  std::vector<NamedModel> models;
  /// How their networks run, and the limits of clips.
  classify::ClassifierOptions classifier{};

  std::string address = "127.0.0.1";  // an IP address to listen on
  std::uint16_t port = 8080;          // 0: any that is free
  /// What requests must show ("Authorization: Bearer ..."); empty: nothing.
  std::string token{};
  /// Names of this server, besides its addresses and "localhost", under which browsers may show its
  /// page where no token is asked for.
  std::vector<std::string> hosts{};
  /// Jobs may name files below this folder; empty: none.
  std::filesystem::path allow_root{};

  bool sandbox = true;
  /// Of a clip, in the sandbox.
  sandbox::Bounds bounds{.memory = std::uint64_t{1} << 30, .seconds = 60};

  int max_batch = 0;  // frames computed together; 0: what suits the network
  double max_delay =
      0.005;               // seconds that frames wait for those of other clips to be computed with
  std::size_t queue = 64;  // clips under way or waiting; those beyond are refused
  std::size_t connections = 256;                       // at a time
  std::uint64_t max_body = std::uint64_t{256} << 20;   // bytes of an upload
  std::uint64_t max_uploads = std::uint64_t{4} << 30;  // bytes of all uploads at a time
  double header_seconds = 10;                          // for a request's header to come
  double body_seconds = 60;                            // for its body
  double idle_seconds = 60;                            // between the requests of a connection
  double request_seconds = 120;                        // for its answer, jobs excepted
  double drain_seconds = 30;  // for what is under way when the server is to end
  std::size_t jobs = 1000;    // that are remembered
};

}  // namespace vidclass::serve
