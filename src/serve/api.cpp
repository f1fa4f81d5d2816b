#include "serve/api.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <mutex>
#include <thread>

#include "core/format.hpp"
#include "core/hash.hpp"
#include "core/log.hpp"
#include "core/stopwatch.hpp"
#include "core/text.hpp"
#include "pipeline/prediction_json.hpp"
#include "serve/documents.hpp"
#include "serve/jobs.hpp"
#include "serve/kserve.hpp"
#include "vidclass/error.hpp"

namespace vidclass::serve {
namespace {

constexpr std::uint64_t longest_job_document = std::uint64_t{64} << 10;
constexpr std::size_t longest_name = 255;
constexpr const char* json_type = "application/json";

/// In constant time for secrets of one length: their checksums have one.
bool same_secret(const std::string& a, const std::string& b) {
  const std::string first = sha256(a);
  const std::string second = sha256(b);
  unsigned difference = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    difference |= static_cast<unsigned char>(first[i]) ^ static_cast<unsigned char>(second[i]);
  }
  return difference == 0;
}

/// A number of a query within bounds. Throws UsageError naming the parameter.
template <typename Number>
Number number_of(const Request& request, const std::string& name, Number otherwise, Number least,
                 Number most) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return otherwise;
  const std::string& text = found->second;
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= least) ||
      !(value <= most)) {
    throw UsageError(format("{}={} is wrong: it must be a number from {} to {}", name,
                            printable(text), least, most));
  }
  return value;
}

/// What a request wants to know of its clip.
struct Wish {
  std::string model;
  std::string name;
  std::size_t top = 5;
  int sequences = 1;
  bool follow = false;
  double start = 0;
  std::optional<double> end;
};

Wish wish_from(const Request& request) {
  constexpr double longest = 1e9;
  Wish wish;
  const auto text_of = [&](const char* name, const char* otherwise) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string(otherwise) : found->second;
  };
  for (const auto& [name, value] : request.query) {
    static constexpr const char* known[] = {"model",  "name",  "top", "clips",
                                            "frames", "start", "end"};
    if (std::find(std::begin(known), std::end(known), name) == std::end(known)) {
      throw UsageError(format("there is no parameter {}", in_quotes(printable(name))));
    }
  }
  wish.model = text_of("model", "");
  wish.name = text_of("name", "clip");
  if (wish.name.size() > longest_name) throw UsageError("name is longer than 255 bytes");
  wish.top = number_of<std::size_t>(request, "top", 5, 1, 1'000'000);
  wish.sequences = number_of<int>(request, "clips", 1, 1, 1000);
  wish.follow = number_of<int>(request, "frames", 0, 0, 1) == 1;
  wish.start = number_of<double>(request, "start", 0, 0, longest);
  if (request.query.contains("end")) {
    wish.end = number_of<double>(request, "end", 0, 0, longest);
    if (*wish.end <= wish.start) throw UsageError("end is not after start");
  }
  return wish;
}

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> segments;
  std::size_t at = 1;
  while (at <= path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    segments.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return segments;
}

/// Closed with the object.
using OpenDescriptor = video::ClipSource::OpenFile;

/// Opens `file` where it lies below `root`, wherever links lead. Throws UsageError.
int open_below(const std::filesystem::path& root, const std::filesystem::path& file) {
  const auto within = file.lexically_normal().lexically_relative(root);
  const std::string refusal =
      format("{} is not below the folder whose files may be named", printable(file.string()));
  if (within.empty() || within.begin()->string() == "..") throw UsageError(refusal);
  const int folder = ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) throw Error(format("{} cannot be opened", root.string()));
  const OpenDescriptor closing(folder, 0, 0);
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const auto opened = ::syscall(SYS_openat2, folder, within.c_str(), &how, sizeof how);
  if (opened >= 0) return static_cast<int>(opened);
  if (errno == EXDEV || errno == ELOOP) throw UsageError(refusal);
  throw UsageError(
      format("{} cannot be opened ({})", printable(file.string()), std::strerror(errno)));
}

/// The file that the document of a job names: {"url": "file:///..."}.
video::ClipSource named_clip(const Request& request, const Wish& wish,
                             const std::filesystem::path& root) {
  if (root.empty()) throw UsageError("this server opens no files by name (--allow-root)");
  Json told = try_parse_json(request.body->text(0, request.body->size()));
  const std::string scheme = "file://";
  if (!told.is_object() || !told.contains("url") || !told["url"].is_string() ||
      !told["url"].get<std::string>().starts_with(scheme + "/")) {
    throw UsageError("the document of a job must be {\"url\": \"file:///...\"}");
  }
  const auto target = request_from_target(told["url"].get<std::string>().substr(scheme.size()));
  if (!target || !target->query.empty()) throw UsageError("the url is not well formed");
  const OpenDescriptor file(open_below(root, target->path), 0, 0);
  return video::ClipSource::from_descriptor(file.descriptor, target->path, wish.start, wish.end);
}

}  // namespace

struct Api::Impl {
  using Respond = std::function<void(Response)>;
  using Handler = void (Impl::*)(const Request&, const std::vector<std::string>& path,
                                 const CancellationToken&, Respond);
  enum class Access { open, guarded };
  struct Route {
    const char* method;
    std::vector<std::string> path;  // "*": any
    Access access;
    Handler handler;
    std::uint64_t body = 0;       // bytes that are taken
    bool asks_of_a_clip = false;  // so it has to fit into the queue
  };

  Impl(const ServeOptions& options, const Hooks& hooks)
      : options_(options), hooks_(hooks), uploads_(options.max_uploads), jobs_(options.jobs) {
    if (!options_.allow_root.empty()) {
      options_.allow_root = std::filesystem::canonical(options_.allow_root);
    }
    video::Sampler inner = video::sample_clip;
    if (options_.sandbox) {
      sandbox_ = std::make_shared<sandbox::Sandbox>(options_.bounds);
      inner = sandbox::sandboxed_sampler(sandbox_);
    }
    sampler_ = [this, inner](const video::ClipSource& source, const video::ClipSettings& settings,
                             const CancellationToken& cancel, const video::Limits& limits,
                             video::Parts parts) {
      const Stopwatch watch;
      video::SampledClip clip = inner(source, settings, cancel, limits, parts);
      metrics_.clip_decoded(watch.seconds());
      return clip;
    };
    models_ = std::make_shared<ModelSet>(options_, sampler_, metrics_, hooks_);
    make_routes();
  }
  ~Impl() {
    jobs_.stop_all();
    retire(std::move(models_));
  }

  /// Destroys a set once no request has it, and not in one of its own threads.
  static void retire(std::shared_ptr<ModelSet> set) {
    while (set && set.use_count() > 1) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }

  void make_routes() {
    const std::uint64_t clip = options_.max_body;
    routes_ = {
        {"GET", {""}, Access::open, &Impl::page},
        {"GET", {"openapi.json"}, Access::open, &Impl::openapi},
        {"GET", {"healthz"}, Access::open, &Impl::live},
        {"GET", {"readyz"}, Access::open, &Impl::ready},
        {"GET", {"metrics"}, Access::guarded, &Impl::metrics_text},
        {"GET", {"v1", "models"}, Access::guarded, &Impl::list_models},
        {"POST", {"v1", "classify"}, Access::guarded, &Impl::classify, clip, true},
        {"POST", {"v1", "jobs"}, Access::guarded, &Impl::add_job, clip, true},
        {"GET", {"v1", "jobs", "*"}, Access::guarded, &Impl::tell_job},
        {"DELETE", {"v1", "jobs", "*"}, Access::guarded, &Impl::remove_job},
        {"GET", {"v1", "jobs", "*", "events"}, Access::guarded, &Impl::follow_job},
        {"GET", {"v2"}, Access::guarded, &Impl::v2_server},
        {"GET", {"v2", "health", "live"}, Access::open, &Impl::live},
        {"GET", {"v2", "health", "ready"}, Access::open, &Impl::ready},
        {"GET", {"v2", "models"}, Access::guarded, &Impl::v2_models},
        {"GET", {"v2", "models", "*"}, Access::guarded, &Impl::v2_model},
        {"GET", {"v2", "models", "*", "ready"}, Access::guarded, &Impl::v2_model_ready},
        {"POST", {"v2", "models", "*", "infer"}, Access::guarded, &Impl::v2_infer, clip, true},
    };
  }

  struct Found {
    const Route* route = nullptr;
    std::string allowed;  // methods of the path
  };
  [[nodiscard]] Found find(const Request& request) const {
    const auto path = segments_of(request.path);
    Found found;
    for (const Route& route : routes_) {
      const bool fits = path.size() == route.path.size() &&
                        std::equal(path.begin(), path.end(), route.path.begin(),
                                   [](const std::string& given, const std::string& wanted) {
                                     return wanted == "*" ? !given.empty() : given == wanted;
                                   });
      if (!fits) continue;
      found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(route.method);
      const std::string& method = request.method == "HEAD" ? "GET" : request.method;
      if (method == route.method) found.route = &route;
    }
    return found;
  }

  /// A name that nobody else can make lead here: without a token, a page under another one might
  /// be a stranger's whose name was made to (DNS rebinding).
  [[nodiscard]] bool host_is_ours(std::string host) const {
    if (const std::size_t port = host.rfind(':');
        port != std::string::npos && host.find(']', port) == std::string::npos) {
      host.resize(port);
    }
    if (host == "localhost" || std::ranges::find(options_.hosts, host) != options_.hosts.end()) {
      return true;
    }
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    in6_addr ignored{};  // large enough for both
    return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
  }

  /// Browsers name the page that a request comes from; only our own may send any.
  [[nodiscard]] bool from_elsewhere(const Request& request) const {
    const std::string site = request.header("sec-fetch-site");
    const bool navigation =
        request.method == "GET" && request.header("sec-fetch-mode") == "navigate";
    if (site == "cross-site" || site == "same-site") return !navigation;
    const std::string origin = request.header("origin");
    const bool from_browser = !origin.empty() || !site.empty();
    if (from_browser && options_.token.empty() && !host_is_ours(request.header("host")))
      return true;
    if (origin.empty()) return false;
    const std::size_t at = origin.find("://");
    return at == std::string::npos || origin.substr(at + 3) != request.header("host");
  }

  [[nodiscard]] bool authorised(const Request& request) const {
    if (options_.token.empty()) return true;
    const std::string given = request.header("authorization");
    const std::string scheme = "bearer ";
    return lower(given.substr(0, scheme.size())) == scheme &&
           same_secret(given.substr(scheme.size()), options_.token);
  }

  [[nodiscard]] std::optional<Response> full() {
    if (refusing_) return busy("the server is about to end");
    if (under_way_ < options_.queue) return std::nullopt;
    metrics_.refused_queue_full();
    return busy("the queue is full");
  }
  static Response busy(const std::string& why) {
    Response response = error_response(503, why);
    response.headers.emplace_back("Retry-After", "1");
    return response;
  }

  // --- What is answered at once

  void page(const Request&, const std::vector<std::string>&, const CancellationToken&,
            Respond respond) {
    Json names = Json::array();
    for (const auto& each : current()->models()) names.push_back(each->name());
    respond({.type = "text/html; charset=utf-8",
             .body = page_html({{"models", options_.token.empty() ? names : Json::array()},
                                {"token", !options_.token.empty()},
                                {"max_body", options_.max_body}})});
  }
  void openapi(const Request&, const std::vector<std::string>&, const CancellationToken&,
               Respond respond) {
    respond({.body = std::string(openapi_json())});
  }
  void live(const Request&, const std::vector<std::string>&, const CancellationToken&,
            Respond respond) {
    respond(json_response({{"live", true}}));
  }
  void ready(const Request&, const std::vector<std::string>&, const CancellationToken&,
             Respond respond) {
    const auto set = current();
    const bool usable = std::all_of(set->models().begin(), set->models().end(),
                                    [](const auto& each) { return each->usable(); });
    const bool is_ready = usable && !refusing_;
    respond(json_response({{"ready", is_ready}}, is_ready ? 200 : 503));
  }
  void metrics_text(const Request&, const std::vector<std::string>&, const CancellationToken&,
                    Respond respond) {
    metrics_.set_queue(under_way_);
    metrics_.set_upload_bytes(uploads_.used());
    respond({.type = "text/plain; version=0.0.4; charset=utf-8",
             .body = metrics_.text(sandbox_.get())});
  }
  void list_models(const Request&, const std::vector<std::string>&, const CancellationToken&,
                   Respond respond) {
    Json list = Json::array();
    for (const auto& each : current()->models()) {
      const model::Model& model = each->model();
      list.push_back({{"name", each->name()},
                      {"labels", model.labels},
                      {"backbone", model.backbone},
                      {"frames", model.clip.frames},
                      {"size", model.clip.size},
                      {"ready", each->usable()}});
    }
    respond(json_response({{"models", list}}));
  }

  // --- Clips

  [[nodiscard]] std::shared_ptr<ModelSet> current() const {
    const std::lock_guard lock(models_mutex_);
    return models_;
  }

  /// A model, and the set that must live as long as it works.
  struct Chosen {
    std::shared_ptr<ModelSet> set;
    std::shared_ptr<ServedModel> model;
  };
  /// Throws NoSuch.
  struct NoSuch {
    std::string what;
  };
  [[nodiscard]] Chosen choose(const std::string& name) const {
    Chosen chosen{current(), nullptr};
    chosen.model = chosen.set->find(name);
    if (!chosen.model) throw NoSuch{format("there is no model {}", in_quotes(printable(name)))};
    return chosen;
  }

  /// Throws UsageError where the model's sampling cannot give so many.
  static void require_sequences(const Chosen& chosen, int sequences) {
    video::ClipSettings settings = chosen.model->model().clip;
    settings.clips = sequences;
    video::check(settings);
  }

  /// `answered` is called from another thread.
  void ask(const Chosen& chosen, Question question, std::function<void(Answer)> answered) {
    ++under_way_;
    question.answered = [this, set = chosen.set, answered = std::move(answered)](Answer answer) {
      answered(std::move(answer));
      --under_way_;
    };
    chosen.model->ask(std::move(question));
  }

  static Json told(const Answer& answer, const Chosen& chosen, const Wish& wish) {
    const auto& labels = chosen.model->model().labels;
    Json entry = pipeline::prediction_json(answer.result, answer.result.error, labels, wish.top);
    if (Json frames = pipeline::so_far_json(answer.result, labels, wish.top); !frames.is_null()) {
      entry["frames"] = std::move(frames);
    }
    return {{"model", chosen.model->name()}, {"clips", Json::array({std::move(entry)})}};
  }

  /// Of a clip that has no probabilities.
  static Response sorry(const Answer& answer) {
    switch (answer.outcome) {
      case Answer::Outcome::unusable:
        return error_response(422, answer.result.error);
      case Answer::Outcome::stopped:
        return error_response(503, "stopped");
      default:
        return error_response(500, "the clip could not be worked on; the log says why");
    }
  }

  void classify(const Request& request, const std::vector<std::string>&,
                const CancellationToken& cancel, Respond respond) {
    const Wish wish = wish_from(request);
    const Chosen chosen = choose(wish.model);
    require_sequences(chosen, wish.sequences);
    Question question{.clip = uploaded_clip(request, wish),
                      .sequences = wish.sequences,
                      .follow = wish.follow,
                      .cancel = cancel};
    ask(chosen, std::move(question), [chosen, wish, respond](const Answer& answer) {
      respond(answer.outcome == Answer::Outcome::known ? json_response(told(answer, chosen, wish))
                                                       : sorry(answer));
    });
  }

  static video::ClipSource uploaded_clip(const Request& request, const Wish& wish) {
    if (!request.body) throw UsageError("the request has no body, which must be the clip");
    return video::ClipSource::from_descriptor(request.body->descriptor(), wish.name, wish.start,
                                              wish.end);
  }

  void add_job(const Request& request, const std::vector<std::string>&, const CancellationToken&,
               Respond respond) {
    const Wish wish = wish_from(request);
    const Chosen chosen = choose(wish.model);
    require_sequences(chosen, wish.sequences);
    const bool by_name = request.header("content-type").starts_with(json_type);
    if (by_name && (!request.body || request.body->size() > longest_job_document)) {
      throw UsageError("the document of a job must be {\"url\": \"file:///...\"}");
    }
    Question question{.clip = by_name ? named_clip(request, wish, options_.allow_root)
                                      : uploaded_clip(request, wish),
                      .sequences = wish.sequences,
                      .follow = wish.follow};
    const std::shared_ptr<Job> job = jobs_.add(chosen.model->name());
    if (!job) {
      respond(busy("too many jobs run"));
      return;
    }
    question.cancel = job->cancel();
    question.started = [job] { job->reach("decoding"); };
    question.decoded = [job] { job->reach("classifying"); };
    // The upload is held, too, so that it counts as long as it takes room.
    ask(chosen, std::move(question),
        [chosen, wish, job, body = request.body](const Answer& answer) {
          const bool known = answer.outcome == Answer::Outcome::known;
          const bool stopped = answer.outcome == Answer::Outcome::stopped;
          job->end(known     ? "done"
                   : stopped ? "cancelled"
                             : "failed",
                   known ? told(answer, chosen, wish) : Json(), answer.result.error);
        });
    Response response = json_response(job->document(), 202);
    response.headers.emplace_back("Location", "/v1/jobs/" + job->id());
    respond(std::move(response));
  }

  [[nodiscard]] std::shared_ptr<Job> job_of(const std::vector<std::string>& path) const {
    auto job = jobs_.find(path[2]);
    if (!job) throw NoSuch{"there is no such job"};
    return job;
  }
  void tell_job(const Request&, const std::vector<std::string>& path, const CancellationToken&,
                Respond respond) {
    respond(json_response(job_of(path)->document()));
  }
  void remove_job(const Request&, const std::vector<std::string>& path, const CancellationToken&,
                  Respond respond) {
    if (!jobs_.remove(path[2])) throw NoSuch{"there is no such job"};
    respond({.status = 204, .body = ""});
  }
  void follow_job(const Request&, const std::vector<std::string>& path, const CancellationToken&,
                  Respond respond) {
    Response response{.type = "text/event-stream"};
    response.events = [job = job_of(path), seen = std::size_t{0}]() mutable {
      EventText event;
      event.last = job->ended();
      const std::size_t version = job->version();
      if (version != seen) event.text = "event: job\ndata: " + to_text(job->document()) + "\n\n";
      seen = version;
      return event;
    };
    respond(std::move(response));
  }

  // --- Open Inference Protocol

  void v2_server(const Request&, const std::vector<std::string>&, const CancellationToken&,
                 Respond respond) {
    respond(json_response(kserve_server()));
  }
  void v2_models(const Request&, const std::vector<std::string>&, const CancellationToken&,
                 Respond respond) {
    Json list = Json::array();
    for (const auto& each : current()->models()) list.push_back({{"name", each->name()}});
    respond(json_response({{"models", list}}));
  }
  void v2_model(const Request&, const std::vector<std::string>& path, const CancellationToken&,
                Respond respond) {
    const Chosen chosen = choose(path[2]);
    respond(json_response(kserve_model(path[2], chosen.model->model().labels)));
  }
  void v2_model_ready(const Request&, const std::vector<std::string>& path,
                      const CancellationToken&, Respond respond) {
    const bool is_ready = choose(path[2]).model->usable() && !refusing_;
    respond(json_response({{"name", path[2]}, {"ready", is_ready}}, is_ready ? 200 : 503));
  }
  void v2_infer(const Request& request, const std::vector<std::string>& path,
                const CancellationToken& cancel, Respond respond) {
    const Chosen chosen = choose(path[2]);
    const InferRequest infer = infer_request_from(request, uploads_);
    ask(chosen, {.clip = infer.clip, .cancel = cancel},
        [chosen, infer, respond](const Answer& answer) {
          respond(answer.outcome == Answer::Outcome::known
                      ? json_response(infer_response(infer, chosen.model->name(), answer.result,
                                                     chosen.model->model().labels))
                      : sorry(answer));
        });
  }

  ServeOptions options_;
  Hooks hooks_;
  Metrics metrics_;
  UploadBudget uploads_;
  std::vector<Route> routes_;
  std::shared_ptr<sandbox::Sandbox> sandbox_;
  video::Sampler sampler_;
  Jobs jobs_;
  std::atomic<std::size_t> under_way_{0};
  std::atomic<bool> refusing_{false};
  mutable std::mutex models_mutex_;
  std::shared_ptr<ModelSet> models_;
};

Api::Api(const ServeOptions& options, const Hooks& hooks)
    : impl_(std::make_unique<Impl>(options, hooks)) {}
Api::~Api() = default;

std::variant<Response, std::uint64_t> Api::admit(const Request& request) {
  if (impl_->from_elsewhere(request)) {
    return error_response(403,
                          "requests of other sites' pages are refused; name this server's own "
                          "host with --host, or ask for a token");
  }
  const auto [route, allowed] = impl_->find(request);
  if (allowed.empty()) return error_response(404, "there is nothing under this path");
  const bool open = route != nullptr && route->access == Impl::Access::open;
  if (!open && !impl_->authorised(request)) {
    Response response = error_response(401, "a bearer token is needed");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  }
  if (route == nullptr) {
    Response response = error_response(405, format("this path takes {}", allowed));
    response.headers.emplace_back("Allow", allowed);
    return response;
  }
  const std::string encoding = lower(request.header("content-encoding"));
  if (!encoding.empty() && encoding != "identity") {
    return error_response(415, "Content-Encoding is not taken: send the file as it is");
  }
  if (route->asks_of_a_clip) {
    if (auto response = impl_->full()) return *std::move(response);
  }
  return route->body;
}

void Api::handle(const Request& request, const CancellationToken& cancel,
                 std::function<void(Response)> respond) {
  const Impl::Route* route = impl_->find(request).route;
  try {
    if (route->asks_of_a_clip) {
      if (auto response = impl_->full()) {  // it may have filled while the body came
        respond(*std::move(response));
        return;
      }
    }
    ((*impl_).*(route->handler))(request, segments_of(request.path), cancel, respond);
  } catch (const Impl::NoSuch& missing) {
    respond(error_response(404, missing.what));
  } catch (const UsageError& error) {
    respond(error_response(400, error.what()));
  } catch (const ClipError& error) {
    respond(error_response(422, error.reason()));
  } catch (const std::exception& error) {
    log_error(error.what());
    respond(error_response(500, "the request could not be answered; the log says why"));
  }
}

UploadBudget& Api::uploads() noexcept { return impl_->uploads_; }
Metrics& Api::metrics() noexcept { return impl_->metrics_; }
const sandbox::Sandbox* Api::sandbox() const noexcept { return impl_->sandbox_.get(); }
void Api::refuse_more() noexcept { impl_->refusing_ = true; }
std::size_t Api::under_way() const noexcept { return impl_->under_way_; }
void Api::stop_jobs() { impl_->jobs_.stop_all(); }

void Api::reload() {
  try {
    std::shared_ptr<ModelSet> before = impl_->current();
    auto fresh = std::make_shared<ModelSet>(impl_->options_, impl_->sampler_, impl_->metrics_,
                                            impl_->hooks_, before.get());
    {
      const std::lock_guard lock(impl_->models_mutex_);
      impl_->models_ = std::move(fresh);
    }
    log_info("the models were read anew");
    Impl::retire(std::move(before));
  } catch (const std::exception& error) {
    log_error(format("the models stay as they were: {}", error.what()));
  }
}

}  // namespace vidclass::serve
