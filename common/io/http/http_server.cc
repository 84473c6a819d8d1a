#include "common/io/http/http_server.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "common/io/clock.h"
#include "common/io/http/bearer_authenticator.h"
#include "common/io/http/http_connection.h"
#include "common/io/http/http_routes.h"
#include "common/io/http/http_text.h"
#include "common/io/http/listen_address.h"
#include "common/io/http/slow_connections.h"
#include "common/io/large_stack_thread.h"

namespace promheal {
namespace {

HttpServerResponse Unauthorized(const char* scheme) {
  HttpServerResponse response = TextResponse(401, "Unauthorized");
  response.headers.emplace_back("WWW-Authenticate", scheme);
  return response;
}

HttpServerResponse MethodNotAllowed(std::string allowed) {
  HttpServerResponse response = TextResponse(405, "method not allowed, only " + allowed);
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

// civetweb checks only every two seconds whether it must stop, and after each connection.
void WakeByConnecting(const std::string& host, uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1 || host == "0.0.0.0") {
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  static_cast<void>(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)));
  close(fd);
}

void StopPromptly(mg_context* context, const std::string& host, uint16_t port) {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
  std::thread stopper([&] {
    mg_stop(context);
    const std::lock_guard lock(mutex);
    stopped = true;
    changed.notify_one();
  });
  {
    constexpr Duration kBetweenTries(5);
    std::unique_lock lock(mutex);
    while (!changed.wait_for(lock, kBetweenTries, [&] { return stopped; }))
      WakeByConnecting(host, port);
  }
  stopper.join();
}

}  // namespace

std::string_view HttpServerRequest::Header(std::string_view name) const {
  return FindHeader(headers, name);
}

HttpServerResponse TextResponse(int status, std::string text) {
  return {.status = status, .body = std::move(text) + "\n"};
}

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, std::vector<HttpRoute> routes, Logger& logger);
  ~Impl();

  Status Start();
  uint16_t port() const { return port_; }
  void SetWebConfig(WebConfig web_config);

 private:
  // A web configuration in force. Replaced as a whole; running requests keep the old one.
  struct Access {
    explicit Access(WebConfig config)
        : has_passwords(!config.basic_auth_users.empty()),
          has_tokens(!config.bearer_tokens.empty()),
          headers(std::move(config.headers)),
          basic(std::move(config.basic_auth_users)),
          bearer(std::move(config.bearer_tokens)) {}

    // The user's name; "" if no credentials are configured.
    Result<std::string> Authenticate(std::string_view authorization) {
      if (!has_passwords && !has_tokens) return std::string();
      if (has_tokens && (!has_passwords || BearerAuthenticator::IsBearer(authorization))) {
        return bearer.Authenticate(authorization);
      }
      return basic.Authenticate(authorization);
    }

    const bool has_passwords;
    const bool has_tokens;
    const std::map<std::string, std::string> headers;
    BasicAuthenticator basic;
    const BearerAuthenticator bearer;
  };

  static void* OnThreadStart(const mg_context* context, int thread_type);
  static void OnThreadEnd(const mg_context* context, int thread_type, void* thread);
  static int OnRequest(mg_connection* connection);
  static int OnLogMessage(const mg_connection* connection, const char* message);

  void Serve(mg_connection* connection);
  HttpServerResponse Answer(HttpServerRequest* request, const HttpRoutes::Match& match,
                            Access* access, HttpConnection* connection);
  HttpServerResponse RunHandler(const HttpRoute& route, const HttpServerRequest& request);
  std::shared_ptr<Access> CurrentAccess() const;

  const HttpServerOptions options_;
  const HttpRoutes routes_;
  Logger& logger_;
  SystemClock clock_;
  SlowConnections slow_;
  mutable std::mutex mutex_;
  std::shared_ptr<Access> access_;
  std::string startup_message_;  // civetweb's first complaint.
  mg_context* context_ = nullptr;
  std::string host_;
  uint16_t port_ = 0;
};

HttpServer::Impl::Impl(HttpServerOptions options, std::vector<HttpRoute> routes, Logger& logger)
    : options_(std::move(options)),
      routes_(std::move(routes)),
      logger_(logger),
      slow_(clock_),
      access_(std::make_shared<Access>(options_.web_config)) {}

HttpServer::Impl::~Impl() {
  if (context_ != nullptr) StopPromptly(context_, host_, port_);
}

Status HttpServer::Impl::Start() {
  const Result<ListenAddress> address = ParseListenAddress(options_.listen_address);
  if (!address) return tl::make_unexpected(address.error());
  host_ = address->host;
  [[maybe_unused]] static const unsigned initialized = mg_init_library(0);

  const std::string listening_ports = address->host.empty()
                                          ? std::to_string(address->port)
                                          : fmt::format("{}:{}", address->host, address->port);
  const std::string threads = std::to_string(options_.threads);
  const std::string timeout = std::to_string(options_.request_timeout.count());
  // Without document_root civetweb never touches the file system. HttpConnection decodes paths.
  const char* settings[] = {"listening_ports",
                            listening_ports.c_str(),
                            "num_threads",
                            threads.c_str(),
                            "request_timeout_ms",
                            timeout.c_str(),
                            "enable_keep_alive",
                            "yes",
                            "keep_alive_timeout_ms",
                            "500",
                            "tcp_nodelay",
                            "1",
                            "listen_backlog",
                            "200",
                            "decode_url",
                            "no",
                            "enable_auth_domain_check",
                            "no",
                            nullptr};
  mg_callbacks callbacks{};
  callbacks.init_thread = &Impl::OnThreadStart;
  callbacks.exit_thread = &Impl::OnThreadEnd;
  callbacks.begin_request = &Impl::OnRequest;
  callbacks.log_message = &Impl::OnLogMessage;
  context_ = mg_start(&callbacks, this, settings);
  if (context_ == nullptr) {
    return Fail(ErrorCode::kUnavailable,
                fmt::format("listening on {}: {}", options_.listen_address, startup_message_));
  }
  mg_server_port bound{};
  mg_get_server_ports(context_, 1, &bound);
  const std::lock_guard lock(mutex_);
  port_ = static_cast<uint16_t>(bound.port);
  return {};
}

void HttpServer::Impl::SetWebConfig(WebConfig web_config) {
  auto access = std::make_shared<Access>(std::move(web_config));
  const std::lock_guard lock(mutex_);
  access_ = std::move(access);
}

void* HttpServer::Impl::OnThreadStart(const mg_context* /*context*/, int thread_type) {
  constexpr int kServesRequests = 1;
  return thread_type == kServesRequests ? new LargeStackThread : nullptr;
}

void HttpServer::Impl::OnThreadEnd(const mg_context* /*context*/, int /*type*/, void* thread) {
  delete static_cast<LargeStackThread*>(thread);
}

int HttpServer::Impl::OnRequest(mg_connection* connection) {
  auto* self = static_cast<Impl*>(mg_get_user_data(mg_get_context(connection)));
  auto* thread = static_cast<LargeStackThread*>(mg_get_thread_pointer(connection));
  thread->Run([&] { self->Serve(connection); });
  return 1;  // Tells civetweb that the request has been answered.
}

int HttpServer::Impl::OnLogMessage(const mg_connection* connection, const char* message) {
  auto* self = static_cast<Impl*>(mg_get_user_data(mg_get_context(connection)));
  const std::lock_guard lock(self->mutex_);
  if (self->startup_message_.empty()) self->startup_message_ = message;
  self->logger_.Debug("civetweb", {{"message", message}});
  return 1;
}

void HttpServer::Impl::Serve(mg_connection* raw_connection) {
  const auto start = clock_.MonotonicNanoseconds();
  HttpConnection connection(raw_connection, &slow_, options_.request_timeout);
  const std::shared_ptr<Access> access = CurrentAccess();
  HttpServerRequest request;
  HttpRoutes::Match match;
  HttpServerResponse response;
  if (auto head = connection.ReadHead(&request)) {
    match = routes_.Find(request.method, request.path);
    response = Answer(&request, match, access.get(), &connection);
  } else {
    response = std::move(head.error());
  }
  for (const auto& header : access->headers) response.headers.push_back(header);
  const int status = response.status;
  connection.Send(request, std::move(response));
  if (!options_.observer) return;
  options_.observer({request.method, match.route != nullptr ? match.route->path : "", status,
                     clock_.MonotonicNanoseconds() - start, connection.received_bytes(),
                     connection.sent_bytes()});
}

HttpServerResponse HttpServer::Impl::Answer(HttpServerRequest* request,
                                            const HttpRoutes::Match& match, Access* access,
                                            HttpConnection* connection) {
  if (match.route == nullptr || match.route->authenticated) {
    Result<std::string> user = access->Authenticate(request->Header("Authorization"));
    if (!user) return Unauthorized(access->has_passwords ? "Basic" : "Bearer");
    request->user = *std::move(user);
  }
  if (match.route == nullptr) {
    return match.allowed_methods.empty() ? TextResponse(404, "Not Found")
                                         : MethodNotAllowed(match.allowed_methods);
  }
  OrRefusal<std::string> body = connection->ReadBody(options_.max_body_bytes);
  if (!body) return std::move(body.error());
  request->body = *std::move(body);
  return RunHandler(*match.route, *request);
}

HttpServerResponse HttpServer::Impl::RunHandler(const HttpRoute& route,
                                                const HttpServerRequest& request) {
  try {
    return route.handler(request);
  } catch (const std::exception& exception) {
    logger_.Error("HTTP handler failed", {{"path", route.path}, {"error", exception.what()}});
  } catch (...) {
    logger_.Error("HTTP handler failed", {{"path", route.path}, {"error", "not a std::exception"}});
  }
  return TextResponse(500, "Internal Server Error");
}

std::shared_ptr<HttpServer::Impl::Access> HttpServer::Impl::CurrentAccess() const {
  const std::lock_guard lock(mutex_);
  return access_;
}

Result<std::unique_ptr<HttpServer>> HttpServer::Start(HttpServerOptions options,
                                                      std::vector<HttpRoute> routes,
                                                      Logger& logger) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(routes), logger);
  if (const Status started = impl->Start(); !started) return tl::make_unexpected(started.error());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

uint16_t HttpServer::port() const { return impl_->port(); }

void HttpServer::SetWebConfig(WebConfig web_config) { impl_->SetWebConfig(std::move(web_config)); }

}  // namespace promheal
