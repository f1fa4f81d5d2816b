#include <memory>

#include "cli/command.hpp"
#include "cli/options.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "serve/api.hpp"
#include "serve/http_server.hpp"
#include "serve/options.hpp"

namespace vidclass::cli {
namespace {

class Serve : public Command {
public:
  void setup(CLI::App& app) override {
    app.add_option("MODEL", models_,
                   "model files, or NAME=FILE; the first one answers where none is named")
        ->required();
    setup_network(app);
    setup_bounds(app);
    add_machine_options(
        app, machine_,
        "folder of a feature cache, for clips that come again (default: none is used)");
    classifier_.setup(app);
  }

  int run(const Context& context) override {
    serve::ServeOptions options = options_;
    for (const std::string& text : models_) {
      options.models.push_back(serve::named_model_from(text));
    }
    options.token = serve::token_from(token_file_);
    options.classifier = classifier_.options(machine_);
    options.classifier.cache_dir = machine_.cache;
    serve::Api api(options, context.hooks);
    serve::HttpServer server(options, api);
    log_info(api.sandbox() == nullptr
                 ? "decoding is not in a sandbox: serve clips of your own alone"
                 : "decoding in a sandbox: " + sandbox::to_string(api.sandbox()->layers()));
    if (options.token.empty()) log_info("no token is asked for: whoever reaches the port may ask");
    context.print(server.url() + "\n");
    context.print_json({{"url", server.url()}});
    server.run(context.hooks.cancel);
    return exit_done;
  }

private:
  void setup_network(CLI::App& app) {
    app.add_option("--address", options_.address,
                   "the IP address to listen on; 0.0.0.0 lets the whole network in")
        ->capture_default_str()
        ->group(group::server);
    app.add_option("--port", options_.port, "0 for any that is free")
        ->capture_default_str()
        ->group(group::server);
    app.add_option("--token-file", token_file_,
                   "requests must show the token in this file (or in the environment variable "
                   "VIDCLASS_TOKEN) as \"Authorization: Bearer ...\"")
        ->group(group::server);
    app.add_option("--host", options_.hosts,
                   "without a token: names under which browsers may open the page, besides "
                   "localhost and addresses")
        ->group(group::server);
    app.add_option("--allow-root", options_.allow_root,
                   "jobs may name files below this folder (default: none)")
        ->check(CLI::ExistingDirectory)
        ->group(group::server);
    app.add_flag("--sandbox,!--no-sandbox", options_.sandbox,
                 "decode each clip in a process that can do nothing else")
        ->default_str("true")
        ->group(group::server);
    app.add_option("--max-batch", options_.max_batch,
                   "frames computed together, 0 for what suits the network")
        ->capture_default_str()
        ->check(CLI::Range(0, 1024))
        ->group(group::server);
    app.add_option("--max-delay", options_.max_delay,
                   "seconds that frames wait for those of other clips to be computed with")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 10.0))
        ->group(group::server);
  }

  void setup_bounds(CLI::App& app) {
    const auto bound = [&](const char* name, auto& value, const char* meaning) {
      app.add_option(name, value, meaning)
          ->capture_default_str()
          ->group(group::bounds)
          ->check(CLI::PositiveNumber);
    };
    bound("--queue", options_.queue, "clips under way or waiting; requests beyond get 503");
    bound("--connections", options_.connections, "connections at a time");
    bound("--max-body", options_.max_body, "bytes of an upload");
    bound("--max-uploads", options_.max_uploads, "bytes of all uploads at a time");
    bound("--header-seconds", options_.header_seconds, "for a request's header to come");
    bound("--body-seconds", options_.body_seconds, "for its body to come");
    bound("--idle-seconds", options_.idle_seconds, "between the requests of a connection");
    bound("--request-seconds", options_.request_seconds, "for an answer, jobs excepted");
    bound("--drain-seconds", options_.drain_seconds, "for what is under way when the server ends");
    bound("--jobs", options_.jobs, "jobs that are remembered");
    bound("--decode-seconds", options_.bounds.seconds, "for a clip in the sandbox");
    bound("--decode-memory", options_.bounds.memory, "bytes for a clip in the sandbox");
  }

  std::vector<std::string> models_;
  serve::ServeOptions options_;
  std::filesystem::path token_file_;
  MachineOptions machine_;
  ClassifierFlags classifier_;
};

}  // namespace

std::unique_ptr<Command> make_serve() { return std::make_unique<Serve>(); }

}  // namespace vidclass::cli
