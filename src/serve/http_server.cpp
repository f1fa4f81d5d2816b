#include "serve/http_server.hpp"

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <set>
#include <span>
#include <thread>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "core/format.hpp"
#include "core/log.hpp"
#include "core/stopwatch.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Parser = http::request_parser<http::buffer_body>;

constexpr std::uint32_t longest_head = 16 * 1024;  // bytes of a request line and its headers
constexpr std::size_t block_size = 64 * 1024;
constexpr auto glance = std::chrono::milliseconds(50);
constexpr auto event_interval = std::chrono::milliseconds(100);
constexpr auto event_ping = std::chrono::seconds(15);  // so that proxies see life
constexpr auto longest_linger = std::chrono::seconds(2);
constexpr int status_of_gone = 499;  // nobody is told; for logs and metrics, as nginx has it

auto seconds(double count) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(count));
}

auto into(error_code& error) { return asio::redirect_error(use_awaitable, error); }

/// What every response says.
template <typename Message>
void add_headers(Message& message, const Response& response) {
  message.set(http::field::cache_control, "no-store");
  message.set("X-Content-Type-Options", "nosniff");
  message.set("X-Frame-Options", "DENY");
  message.set("Referrer-Policy", "no-referrer");
  message.set("Cross-Origin-Resource-Policy", "same-origin");
  for (const auto& [name, value] : response.headers) message.set(name, value);
}

/// One more, for as long as it lives.
class Counted {
public:
  explicit Counted(std::size_t& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

private:
  std::size_t& count_;
};

/// Ends what a connection waits for when its time is over, and leaves the connection open, so that
/// the client can be told: the deadlines of tcp_stream close it.
class Deadline {
public:
  Deadline(beast::tcp_stream& stream, double limit)
      : passed_(std::make_shared<bool>(false)), timer_(stream.get_executor(), seconds(limit)) {
    stream.expires_never();
    timer_.async_wait([passed = passed_, &stream](const error_code& error) {
      // Without an error it has not been cancelled, so that the stream is there.
      if (error || std::exchange(*passed, true)) return;
      stream.cancel();
    });
  }
  ~Deadline() {
    *passed_ = true;
    timer_.cancel();
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  [[nodiscard]] bool passed() const noexcept { return *passed_; }

private:
  std::shared_ptr<bool> passed_;
  asio::steady_timer timer_;
};

/// A request that is being answered elsewhere.
struct Waiting {
  CancellationToken cancel;
  bool gone = false;  // the client
  bool late = false;  // the answer
  bool over = false;
};

/// Has the client closed the connection? What else it sends is left alone.
bool peer_is_gone(tcp::socket& socket) {
  char byte = 0;
  const auto got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

std::optional<Request> request_of(const Parser& parser) {
  const auto& head = parser.get();
  auto request = request_from_target(std::string(head.target()));
  if (!request) return std::nullopt;
  request->method = std::string(head.method_string());
  for (const auto& field : head) {
    std::string& value = request->headers[lower(std::string(field.name_string()))];
    if (!value.empty()) value += ", ";
    value += std::string(field.value());
  }
  return request;
}

}  // namespace

struct HttpServer::Impl {
  Impl(const ServeOptions& of_server, Api& answers) : options(of_server), api(answers) {
    error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) throw UsageError(format("{} is no IP address to listen on", options.address));
    const tcp::endpoint endpoint(address, options.port);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      throw Error(format("{}:{} cannot be listened on: {}", options.address, options.port,
                         error.message()));
    }
    const std::string host = address.is_v6() ? "[" + options.address + "]" : options.address;
    url = format("http://{}:{}", host, acceptor.local_endpoint().port());
  }

  // --- One connection
  //
  // What a coroutine is handed is named beforehand and passed by reference: GCC 12 destroys
  // temporaries in the argument list of an awaited call twice.

  asio::awaitable<void> serve(tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer(longest_head + block_size);
    error_code ignored;
    stream.socket().set_option(tcp::no_delay(true), ignored);
    bool first = true;
    while (!draining && co_await wait_for_request(stream, buffer, first)) {
      first = false;
      if (!co_await answer_one(stream, buffer)) break;
    }
    stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
  }

  asio::awaitable<bool> wait_for_request(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                         bool first) {
    if (buffer.size() > 0) co_return true;
    error_code error;
    stream.expires_after(seconds(first ? options.header_seconds : options.idle_seconds));
    idle.insert(&stream);
    const auto got = co_await stream.async_read_some(buffer.prepare(4096), into(error));
    idle.erase(&stream);
    buffer.commit(got);
    co_return !error;
  }

  /// False where the connection is to be closed.
  asio::awaitable<bool> answer_one(beast::tcp_stream& stream, beast::flat_buffer& buffer) {
    const Stopwatch watch;
    Parser parser;
    parser.header_limit(longest_head);
    parser.body_limit(boost::none);  // looked after here, since it depends on the path
    std::optional<Response> refusal = co_await read_header(stream, buffer, parser);
    if (refusal) {
      if (refusal->status != status_of_gone) co_await refuse(stream, *refusal);
      co_return false;
    }
    const Counted counted(active);
    std::optional<Request> request = request_of(parser);
    if (!request) {
      refusal = error_response(400, "the request's target is not well formed");
      co_await refuse(stream, *refusal);
      co_return false;
    }
    Response response = co_await respond_to(stream, buffer, parser, *request);
    api.metrics().responded(response.status);
    log_info(format("{} {} {} {:.3f} s{}", printable(request->method), printable(request->path),
                    response.status, watch.seconds(),
                    request->body ? format(" {} bytes", request->body->size()) : ""));
    request->body.reset();
    if (response.status == status_of_gone) co_return false;
    if (response.events) {
      co_await send_events(stream, response);
      co_return false;
    }
    const bool whole = parser.is_done();
    const bool keep = whole && parser.keep_alive() && !draining;
    const bool sent = co_await send(stream, response, keep, request->method == "HEAD");
    if (sent && !whole) co_await linger(stream);
    co_return sent&& keep;
  }

  asio::awaitable<Response> respond_to(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                       Parser& parser, Request& request) {
    auto admitted = api.admit(request);
    if (auto* refusal = std::get_if<Response>(&admitted)) co_return std::move(*refusal);
    const std::uint64_t most = std::get<std::uint64_t>(admitted);
    const auto told = parser.content_length();
    if (told.value_or(0) > most) co_return too_large(most);
    if (!parser.is_done()) {
      std::optional<Response> refusal = co_await read_body(stream, buffer, parser, request, most);
      if (refusal) co_return *std::move(refusal);
    }
    Response response = co_await answer(stream, request);
    co_return response;
  }

  /// Empty where it came.
  asio::awaitable<std::optional<Response>> read_header(beast::tcp_stream& stream,
                                                       beast::flat_buffer& buffer, Parser& parser) {
    error_code error;
    const Deadline deadline(stream, options.header_seconds);
    co_await http::async_read_header(stream, buffer, parser, into(error));
    if (deadline.passed()) co_return too_slow();
    if (error) co_return refusal_of(error);
    co_return std::nullopt;
  }

  /// Into a file; empty where all of it came.
  asio::awaitable<std::optional<Response>> read_body(beast::tcp_stream& stream,
                                                     beast::flat_buffer& buffer, Parser& parser,
                                                     Request& request, std::uint64_t most) {
    error_code error;
    const Deadline deadline(stream, options.body_seconds);
    if (lower(request.header("expect")) == "100-continue") {
      static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      co_await asio::async_write(stream, asio::buffer(go_on), into(error));
      if (error) co_return gone();
    }
    auto body = std::make_shared<Upload>(api.uploads());
    std::vector<char> block(block_size);
    while (!parser.is_done()) {
      parser.get().body().data = block.data();
      parser.get().body().size = block.size();
      co_await http::async_read(stream, buffer, parser, into(error));
      if (deadline.passed()) co_return too_slow();
      if (error == http::error::need_buffer) error = {};
      if (error) co_return refusal_of(error);
      const std::size_t got = block.size() - parser.get().body().size;
      if (body->size() + got > most) co_return too_large(most);
      switch (body->append(std::span(block).first(got))) {
        case Upload::Kept::yes:
          break;
        case Upload::Kept::over_budget:
          co_return busy("there is no room for more uploads at this time");
        case Upload::Kept::disk_full:
          co_return error_response(507, "there is no room for the upload");
      }
    }
    if (body->size() > 0) request.body = std::move(body);
    co_return std::nullopt;
  }

  /// Hands the request on and waits, for the answer or for the client to leave.
  asio::awaitable<Response> answer(beast::tcp_stream& stream, const Request& request) {
    stream.expires_never();
    const auto waiting = std::make_shared<Waiting>();
    tokens.insert(waiting);
    stream.socket().async_wait(tcp::socket::wait_read, [waiting, &stream](const error_code& error) {
      if (error || waiting->over || !peer_is_gone(stream.socket())) return;
      waiting->gone = true;
      waiting->cancel.request();
    });
    asio::steady_timer timer(context, seconds(options.request_seconds));
    timer.async_wait([waiting](const error_code& error) {
      if (error || waiting->over) return;
      waiting->late = true;
      waiting->cancel.request();
    });
    auto ask = [this, &request, &waiting](auto handler) {
      auto shared = std::make_shared<decltype(handler)>(std::move(handler));
      api.handle(request, waiting->cancel, [this, shared](Response answered) {
        asio::post(context, [shared, answered = std::move(answered)]() mutable {
          std::move (*shared)(std::move(answered));
        });
      });
    };
    Response response =
        co_await asio::async_initiate<decltype(use_awaitable), void(Response)>(ask, use_awaitable);
    waiting->over = true;
    tokens.erase(waiting);
    timer.cancel();
    stream.socket().cancel();
    if (waiting->gone) co_return gone();
    if (waiting->late && response.status != 200) {
      co_return error_response(
          504, format("there was no answer within {:g} s", options.request_seconds));
    }
    co_return response;
  }

  asio::awaitable<bool> send(beast::tcp_stream& stream, const Response& response, bool keep_alive,
                             bool head_only = false) {
    http::response<http::string_body> message(static_cast<http::status>(response.status), 11);
    add_headers(message, response);
    if (!response.body.empty()) message.set(http::field::content_type, response.type);
    message.keep_alive(keep_alive);
    message.content_length(response.body.size());
    if (!head_only) message.body() = response.body;
    error_code error;
    stream.expires_after(seconds(options.body_seconds));
    co_await http::async_write(stream, message, into(error));
    co_return !error;
  }

  /// Until the last one, and then the connection's end.
  asio::awaitable<void> send_events(beast::tcp_stream& stream, const Response& response) {
    http::response<http::empty_body> head(http::status::ok, 11);
    add_headers(head, response);
    head.set(http::field::content_type, response.type);
    head.set(http::field::connection, "close");
    http::response_serializer<http::empty_body> serializer(head);
    error_code error;
    co_await http::async_write_header(stream, serializer, into(error));
    auto last_sent = Clock::now();
    asio::steady_timer timer(context);
    while (!error) {
      EventText event = response.events();
      if (event.text.empty() && Clock::now() - last_sent > event_ping)
        event.text = ": still here\n\n";
      if (!event.text.empty()) {
        stream.expires_after(seconds(options.body_seconds));
        co_await asio::async_write(stream, asio::buffer(event.text), into(error));
        last_sent = Clock::now();
      }
      if (event.last || draining || peer_is_gone(stream.socket())) break;
      timer.expires_after(event_interval);
      co_await timer.async_wait(into(error));
    }
  }

  asio::awaitable<void> refuse(beast::tcp_stream& stream, const Response& response) {
    api.metrics().responded(response.status);
    const bool sent = co_await send(stream, response, false);
    if (sent) co_await linger(stream);
  }

  /// A client that still sends would lose the response if the connection were closed on it.
  static asio::awaitable<void> linger(beast::tcp_stream& stream) {
    error_code error;
    stream.socket().shutdown(tcp::socket::shutdown_send, error);
    stream.expires_after(longest_linger);
    std::vector<char> block(block_size);
    while (!error) {
      co_await stream.async_read_some(asio::buffer(block), into(error));
    }
  }

  static Response gone() { return {.status = status_of_gone, .body = ""}; }
  static Response busy(const std::string& why) {
    Response response = error_response(503, why);
    response.headers.emplace_back("Retry-After", "1");
    return response;
  }
  static Response too_large(std::uint64_t most) {
    return error_response(
        413, most == 0 ? "this path takes no body" : format("an upload may have {} bytes", most));
  }
  static Response too_slow() { return error_response(408, "the request came too slowly"); }
  static Response refusal_of(const error_code& error) {
    if (error == http::error::end_of_stream || error == http::error::partial_message) return gone();
    if (error == http::error::header_limit) {
      return error_response(431, format("the header has more than {} bytes", longest_head));
    }
    if (error.category() == http::make_error_code(http::error::bad_method).category()) {
      return error_response(400, format("the request is not HTTP: {}", error.message()));
    }
    return gone();
  }

  // --- All of them

  asio::awaitable<void> accept() {
    while (acceptor.is_open()) {
      error_code error;
      tcp::socket socket = co_await acceptor.async_accept(into(error));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {  // out of descriptors, most likely: others will be closed
        asio::steady_timer pause(context, glance);
        co_await pause.async_wait(into(error));
        continue;
      }
      if (open >= options.connections) {
        asio::co_spawn(context, turn_away(std::move(socket)), asio::detached);
        continue;
      }
      api.metrics().set_connections(++open);
      asio::co_spawn(context, serve(std::move(socket)), [this](const std::exception_ptr& failure) {
        api.metrics().set_connections(--open);
        if (failure) tell(failure);
      });
    }
  }

  /// At once: a connection too many must cost nothing.
  asio::awaitable<void> turn_away(tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    api.metrics().responded(503);
    stream.expires_after(longest_linger);
    const Response refusal = busy("there are too many connections");
    co_await send(stream, refusal, false);
  }

  static void tell(const std::exception_ptr& failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      log_error(format("a connection ended: {}", error.what()));
    }
  }

  asio::awaitable<void> reload_on_signal() {
    error_code error;
    while (!error) {
      co_await hangup.async_wait(into(error));
      if (error || reloading.exchange(true)) continue;
      reloader = std::jthread([this] {
        api.reload();
        reloading = false;
      });
    }
  }

  asio::awaitable<void> end_on(CancellationToken stop) {
    error_code error;
    asio::steady_timer timer(context);
    const auto pause = [&] {
      timer.expires_after(glance);
      return timer.async_wait(into(error));
    };
    while (!stop.requested()) co_await pause();
    log_info(format("ending: {} clips are under way", api.under_way()));
    draining = true;
    api.refuse_more();
    acceptor.close(error);
    for (beast::tcp_stream* stream : idle) stream->cancel();
    const auto end = Clock::now() + seconds(options.drain_seconds);
    while ((active > 0 || api.under_way() > 0) && Clock::now() < end) co_await pause();
    for (const auto& waiting : tokens) waiting->cancel.request();
    api.stop_jobs();
    while (api.under_way() > 0) co_await pause();
    const auto last = Clock::now() + longest_linger;
    while (active > 0 && Clock::now() < last) co_await pause();
    hangup.cancel(error);
    context.stop();
  }

  const ServeOptions options;
  Api& api;
  std::string url;
  std::set<beast::tcp_stream*> idle;
  std::set<std::shared_ptr<Waiting>> tokens;
  std::size_t open = 0;    // connections
  std::size_t active = 0;  // requests
  bool draining = false;
  std::atomic<bool> reloading{false};
  std::jthread reloader;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  asio::signal_set hangup{context, SIGHUP};
};

HttpServer::HttpServer(const ServeOptions& options, Api& api)
    : impl_(std::make_unique<Impl>(options, api)) {}
HttpServer::~HttpServer() = default;

const std::string& HttpServer::url() const noexcept { return impl_->url; }

void HttpServer::run(const CancellationToken& stop) {
  asio::co_spawn(impl_->context, impl_->accept(), asio::detached);
  asio::co_spawn(impl_->context, impl_->reload_on_signal(), asio::detached);
  asio::co_spawn(impl_->context, impl_->end_on(stop), asio::detached);
  impl_->context.run();
}

}  // namespace vidclass::serve
