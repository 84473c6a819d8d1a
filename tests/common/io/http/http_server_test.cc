#include "common/io/http/http_server.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "common/io/clock.h"
#include "tests/support/null_logger.h"
#include "tests/support/raw_http_client.h"

namespace promheal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr char kHashOfSecret[] = "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";
constexpr char kAliceWithSecret[] = "Authorization: Basic YWxpY2U6c2VjcmV0\r\n";
constexpr char kAliceWithWrong[] = "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n";

HttpServerResponse Text(std::string body) {
  HttpServerResponse response;
  response.body = std::move(body);
  return response;
}

// Answers with the request that arrived.
HttpServerResponse Echo(const HttpServerRequest& request) {
  return Text(fmt::format("{} {} q={} user={} body={}", request.method, request.path,
                          request.query.contains("q") ? request.query.at("q") : "", request.user,
                          request.body));
}

std::vector<HttpRoute> EchoRoutes() {
  return {{"GET", "/echo", Echo}, {"POST", "/echo", Echo}, {"POST", "/only-post", Echo}};
}

std::unique_ptr<HttpServer> StartServer(std::vector<HttpRoute> routes,
                                        HttpServerOptions options = {}) {
  static const std::unique_ptr<Logger> logger = support::MakeNullLogger();
  options.listen_address = "127.0.0.1:0";
  Result<std::unique_ptr<HttpServer>> server =
      HttpServer::Start(std::move(options), std::move(routes), *logger);
  return server ? *std::move(server) : nullptr;
}

std::string PostRequest(std::string_view path, std::string_view body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n\r\n{}", path,
                     body.size(), body);
}

TEST(HttpServerTest, AnswersAtTheExactPathOnly) {
  const auto server = StartServer(EchoRoutes());
  struct Row {
    const char* path;
    int status;
  };
  for (const Row& row :
       {Row{"/echo", 200}, Row{"/echo?q=1", 200}, Row{"/%65cho", 200}, Row{"/", 404},
        Row{"/echo/", 404}, Row{"/echoes", 404}, Row{"/x/../echo", 404}, Row{"//echo", 404},
        Row{"/Echo", 404}, Row{"/echo%00", 400}, Row{"/%zz", 400}, Row{"/../../etc/passwd", 404}}) {
    const auto response = support::RawHttpGet(server->port(), row.path);
    ASSERT_TRUE(response.has_value()) << row.path;
    EXPECT_EQ(response->status, row.status) << row.path;
  }
}

TEST(HttpServerTest, AStarStandsForOneMoreSegment) {
  const auto server = StartServer({{"GET", "/items/*", Echo}});
  struct Row {
    const char* path;
    int status;
  };
  for (const Row& row : {Row{"/items/a", 200}, Row{"/items/%2e%2e", 404}, Row{"/items/a%20b", 200},
                         Row{"/items/", 404}, Row{"/items", 404}, Row{"/items/a/b", 404},
                         Row{"/items/a%2fb", 404}, Row{"/items/*", 200}}) {
    const auto response = support::RawHttpGet(server->port(), row.path);
    ASSERT_TRUE(response.has_value()) << row.path;
    EXPECT_EQ(response->status, row.status) << row.path;
  }
}

TEST(HttpServerTest, AnswersHeadLikeGetWithoutTheBody) {
  const auto server = StartServer(EchoRoutes());
  support::RawHttpClient client(server->port());
  client.Send("HEAD /echo HTTP/1.1\r\nHost: test\r\n\r\n");
  const auto head = client.Receive(/*to_head=*/true);
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->headers.at("content-length"), "25");
  client.Send(
      "GET /echo HTTP/1.1\r\nHost: test\r\n\r\n");  // Would read a body of HEAD as its head.
  EXPECT_EQ(client.Receive()->body, "GET /echo q= user= body=");
}

TEST(HttpServerTest, RefusesOtherMethodsAndSaysWhichAreAllowed) {
  const auto server = StartServer(EchoRoutes());
  const auto both =
      support::RawHttpExchange(server->port(), "DELETE /echo HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(both->status, 405);
  EXPECT_EQ(both->headers.at("allow"), "GET, HEAD, POST");
  const auto post = support::RawHttpGet(server->port(), "/only-post");
  EXPECT_EQ(post->status, 405);
  EXPECT_EQ(post->headers.at("allow"), "POST");
}

TEST(HttpServerTest, HandsOverBodyAndDecodedQuery) {
  const auto server = StartServer(EchoRoutes());
  const auto response = support::RawHttpExchange(
      server->port(), PostRequest("/echo?q=a%20b+c%26&q2=%ff&=x&q", "hello"));
  EXPECT_EQ(response->body, "POST /echo q= user= body=hello");  // The last q has no value.
  EXPECT_EQ(support::RawHttpGet(server->port(), "/echo?q=a%20b+c%26d%zz")->body,
            "GET /echo q=a b c&d%zz user= body=");
}

TEST(HttpServerTest, ReadsChunkedBodies) {
  const auto server = StartServer(EchoRoutes());
  support::RawHttpClient client(server->port());
  for (int i = 0; i < 2; ++i) {
    client.Send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.Send("5\r\nhello\r\n");
    client.Send("6\r\n world\r\n0\r\n\r\n");
    EXPECT_EQ(client.Receive()->body, "POST /echo q= user= body=hello world");
  }
}

TEST(HttpServerTest, RefusesAmbiguousAndBrokenBodies) {
  const auto server = StartServer(EchoRoutes());
  struct Row {
    const char* headers;
    const char* body;
  };
  for (const Row& row :
       {Row{"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"},
        Row{"Transfer-Encoding: chunked\r\n", "zz\r\nhello\r\n0\r\n\r\n"},
        Row{"Transfer-Encoding: chunked\r\n", "5\r\nhelloXX0\r\n\r\n"},
        Row{"Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n"}}) {
    support::RawHttpClient client(server->port());
    client.Send(
        fmt::format("POST /echo HTTP/1.1\r\nHost: test\r\n{}\r\n{}", row.headers, row.body));
    const auto response = client.Receive();
    ASSERT_TRUE(response.has_value()) << row.headers << row.body;
    EXPECT_EQ(response->status, 400) << row.headers << row.body;
    EXPECT_TRUE(client.IsClosedByServer()) << row.headers << row.body;
  }
}

TEST(HttpServerTest, RefusesBodiesOverTheCapBeforeTheyAreRead) {
  HttpServerOptions options;
  options.max_body_bytes = 1000;
  const auto server = StartServer(EchoRoutes(), options);
  EXPECT_EQ(support::RawHttpExchange(server->port(), PostRequest("/echo", std::string(1000, 'x')))
                ->status,
            200);
  EXPECT_EQ(support::RawHttpExchange(server->port(), PostRequest("/echo", std::string(1001, 'x')))
                ->status,
            413);
  const auto announced = support::RawHttpExchange(
      server->port(), "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 30000000\r\n\r\n");
  EXPECT_EQ(announced->status, 413);  // The client never sent the body.
  EXPECT_EQ(announced->body, "the body is larger than 1000 bytes\n");
}

TEST(HttpServerTest, AClientThatSendsThirtyMegabytesReadsWhyTheyWereRefused) {
  HttpServerOptions options;
  options.request_timeout = std::chrono::minutes(1);  // Thirty megabytes on a busy machine.
  const auto server = StartServer(EchoRoutes(), options);
  support::RawHttpClient client(server->port());
  EXPECT_TRUE(client.Send(PostRequest("/echo", std::string(30'000'000, 'x'))));
  EXPECT_EQ(client.Receive()->status, 413);
  EXPECT_TRUE(client.IsClosedByServer());
}

TEST(HttpServerTest, RefusesChunkedBodiesOverTheCap) {
  HttpServerOptions options;
  options.max_body_bytes = 100'000;
  const auto server = StartServer(EchoRoutes(), options);
  support::RawHttpClient client(server->port());
  client.Send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "8000\r\n" + std::string(0x8000, 'x') + "\r\n";
  for (int i = 0; i < 4; ++i) client.Send(chunk);  // Never sends the end.
  EXPECT_EQ(client.Receive()->status, 413);
}

TEST(HttpServerTest, TellsAPatientClientToContinue) {
  const auto server = StartServer(EchoRoutes());
  support::RawHttpClient client(server->port());
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.Receive()->status, 100);
  client.Send("hello");
  EXPECT_EQ(client.Receive()->body, "POST /echo q= user= body=hello");
}

TEST(HttpServerTest, KeepsConnectionsAliveUntilTheClientWantsThemClosed) {
  const auto server = StartServer(EchoRoutes());
  support::RawHttpClient client(server->port());
  client.Send("GET /echo HTTP/1.1\r\nHost: t\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(client.Receive()->headers.at("connection"), "keep-alive");
  EXPECT_EQ(client.Receive()->status, 404);
  client.Send("GET /echo HTTP/1.1\r\nHost: t\r\nConnection: Close\r\n\r\n");
  EXPECT_EQ(client.Receive()->headers.at("connection"), "close");
  EXPECT_TRUE(client.IsClosedByServer());
  EXPECT_EQ(support::RawHttpExchange(server->port(), "GET /echo HTTP/1.0\r\n\r\n")
                ->headers.at("connection"),
            "close");
}

TEST(HttpServerTest, ADrippingBodyIsCutOffAfterTheTimeout) {
  HttpServerOptions options;
  options.request_timeout = milliseconds(300);
  const auto server = StartServer(EchoRoutes(), options);
  support::RawHttpClient client(server->port());
  std::atomic<bool> answered = false;
  client.Send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n");
  std::thread dripping([&] {
    std::promise<void> never;
    while (!answered && client.Send("x")) {
      never.get_future().wait_for(milliseconds(20));
      never = {};
    }
  });
  const SystemClock clock;
  const Duration start = clock.Monotonic();
  const auto response = client.Receive();
  answered = true;
  dripping.join();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 408);
  EXPECT_LT(clock.Monotonic() - start, seconds(2));
}

TEST(HttpServerTest, HalfSentRequestsDelayOthersByTheTimeoutAtMost) {
  HttpServerOptions options;
  options.threads = 2;
  options.request_timeout = milliseconds(300);
  const auto server = StartServer(EchoRoutes(), options);
  support::RawHttpClient half_head(server->port());
  support::RawHttpClient half_body(server->port());
  half_head.Send("GET /echo HT");
  half_body.Send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhalf");
  const SystemClock clock;
  const Duration start = clock.Monotonic();
  EXPECT_EQ(support::RawHttpGet(server->port(), "/echo")->status, 200);
  EXPECT_LT(clock.Monotonic() - start, seconds(2));
}

TEST(HttpServerTest, AHandlerThatThrowsIsAnInternalError) {
  const auto server =
      StartServer({{"GET", "/throw", [](const HttpServerRequest&) -> HttpServerResponse {
                      throw std::runtime_error("secret detail");
                    }}});
  const auto response = support::RawHttpGet(server->port(), "/throw");
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->body, "Internal Server Error\n");
}

TEST(HttpServerTest, HandlersHaveAMegabyteOfStackAndMore) {
  const auto server = StartServer({{"GET", "/", [](auto&) {
                                      volatile char large[1 << 20];
                                      for (size_t i = 0; i < sizeof(large); i += 512) large[i] = 1;
                                      return Text(std::to_string(large[512]));
                                    }}});
  EXPECT_EQ(support::RawHttpGet(server->port(), "/")->body, "1");
}

TEST(HttpServerTest, CompressesLongResponsesForClientsThatAcceptIt) {
  const auto server =
      StartServer({{"GET", "/long", [](auto&) { return Text(std::string(5000, 'a')); }},
                   {"GET", "/short", [](auto&) { return Text(std::string(100, 'a')); }}});
  struct Row {
    const char* path;
    const char* accept;
    bool compressed;
  };
  for (const Row& row : {Row{"/long", "Accept-Encoding: gzip\r\n", true},
                         Row{"/long", "Accept-Encoding: deflate, GZip;q=0.5\r\n", true},
                         Row{"/long", "Accept-Encoding: *\r\n", true},
                         Row{"/long", "Accept-Encoding: gzip;q=0\r\n", false},
                         Row{"/long", "Accept-Encoding: br\r\n", false}, Row{"/long", "", false},
                         Row{"/short", "Accept-Encoding: gzip\r\n", false}}) {
    const auto response = support::RawHttpGet(server->port(), row.path, row.accept);
    EXPECT_EQ(response->headers.contains("content-encoding"), row.compressed) << row.accept;
    EXPECT_EQ(response->body.starts_with("\x1f\x8b"), row.compressed) << row.accept;
    EXPECT_EQ(response->headers.contains("vary"), row.path == std::string("/long")) << row.accept;
  }
}

TEST(HttpServerTest, AsksForCredentialsExceptWhereARouteIsOpen) {
  HttpServerOptions options;
  options.web_config.basic_auth_users["alice"] = kHashOfSecret;
  std::vector<HttpRoute> routes = EchoRoutes();
  routes.push_back({"GET", "/-/healthy", Echo, /*authenticated=*/false});
  const auto server = StartServer(std::move(routes), options);
  const auto refused = support::RawHttpGet(server->port(), "/echo");
  EXPECT_EQ(refused->status, 401);
  EXPECT_EQ(refused->headers.at("www-authenticate"), "Basic");
  EXPECT_EQ(support::RawHttpGet(server->port(), "/echo", kAliceWithWrong)->status, 401);
  EXPECT_EQ(support::RawHttpGet(server->port(), "/echo", kAliceWithSecret)->body,
            "GET /echo q= user=alice body=");
  EXPECT_EQ(support::RawHttpGet(server->port(), "/-/healthy")->status, 200);
  EXPECT_EQ(support::RawHttpGet(server->port(), "/nowhere")->status,
            401);  // Without credentials, paths are not revealed.
  EXPECT_EQ(support::RawHttpGet(server->port(), "/nowhere", kAliceWithSecret)->status, 404);
}

TEST(HttpServerTest, ANewWebConfigurationCountsFromTheNextRequestOn) {
  const auto server = StartServer(EchoRoutes());
  support::RawHttpClient client(server->port());
  client.Send("GET /echo HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(client.Receive()->status, 200);
  WebConfig web_config;
  web_config.basic_auth_users["alice"] = kHashOfSecret;
  web_config.headers["X-Frame-Options"] = "deny";
  server->SetWebConfig(web_config);
  client.Send("GET /echo HTTP/1.1\r\nHost: test\r\n\r\n");
  const auto response = client.Receive();
  EXPECT_EQ(response->status, 401);
  EXPECT_EQ(response->headers.at("x-frame-options"), "deny");
}

TEST(HttpServerTest, AHeaderValueStaysOneHeader) {
  const auto server = StartServer({{"GET", "/", [](auto&) {
                                      HttpServerResponse response = Text("");
                                      response.headers.emplace_back("X-A", "a\r\nX-Evil: yes");
                                      return response;
                                    }}});
  const auto response = support::RawHttpGet(server->port(), "/");
  EXPECT_EQ(response->headers.at("x-a"), "a  X-Evil: yes");
  EXPECT_FALSE(response->headers.contains("x-evil"));
}

TEST(HttpServerTest, ReportsEachAnsweredRequestToTheObserver) {
  std::mutex mutex;
  std::vector<HttpExchange> seen;
  HttpServerOptions options;
  options.observer = [&](const HttpExchange& exchange) {
    const std::lock_guard lock(mutex);
    seen.push_back(exchange);
  };
  auto server = StartServer(EchoRoutes(), options);
  {
    support::RawHttpClient client(server->port());
    client.Send(PostRequest("/echo?x=1", "hello"));
    client.Send("GET /nowhere HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_TRUE(client.Receive() && client.Receive());
  }
  server.reset();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].method, "POST");
  EXPECT_EQ(seen[0].route, "/echo");
  EXPECT_EQ(seen[0].status, 200);
  EXPECT_EQ(seen[0].received_bytes, PostRequest("/echo?x=1", "hello").size());
  EXPECT_GT(seen[0].sent_bytes, 100U);
  EXPECT_GT(seen[0].duration, std::chrono::nanoseconds(0));
  EXPECT_EQ(seen[1].route, "");
  EXPECT_EQ(seen[1].status, 404);
}

TEST(HttpServerTest, TheDestructorWaitsForHandlersAndForNothingElse) {
  std::promise<void> entered;
  std::promise<void> release;
  std::atomic<bool> left = false;
  auto server = StartServer({{"GET", "/", [&](auto&) {
                                entered.set_value();
                                release.get_future().wait();
                                left = true;
                                return Text("");
                              }}});
  support::RawHttpClient client(server->port());
  client.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  entered.get_future().wait();
  const SystemClock clock;
  const Duration start = clock.Monotonic();
  std::thread releasing([&] { release.set_value(); });
  server.reset();
  EXPECT_TRUE(left);
  EXPECT_LT(clock.Monotonic() - start, milliseconds(1900));
  releasing.join();
}

TEST(HttpServerTest, SaysWhyItCannotListen) {
  const auto logger = support::MakeNullLogger();
  const auto first = StartServer(EchoRoutes());
  HttpServerOptions options;
  options.listen_address = fmt::format("127.0.0.1:{}", first->port());
  const auto taken = HttpServer::Start(options, EchoRoutes(), *logger);
  ASSERT_FALSE(taken.has_value());
  EXPECT_EQ(taken.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(taken.error().message, HasSubstr(options.listen_address));
  EXPECT_THAT(taken.error().message, HasSubstr("Address already in use"));
}

TEST(HttpServerTest, RefusesAddressesThatAreNone) {
  const auto logger = support::MakeNullLogger();
  for (const char* address : {"", "3000", ":", ":x", ":65536", ":-1", "host:80,:81", ":80s",
                              "[::1]:80", "::1:80", "a b:80"}) {
    HttpServerOptions options;
    options.listen_address = address;
    const auto server = HttpServer::Start(options, {}, *logger);
    ASSERT_FALSE(server.has_value()) << address;
    EXPECT_EQ(server.error().code, ErrorCode::kInvalidArgument) << address;
    EXPECT_THAT(server.error().message, HasSubstr("is not a listen address")) << address;
  }
}

TEST(EscapeHtmlTest, LeavesNothingThatABrowserWouldRead) {
  EXPECT_EQ(EscapeHtml("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
}

}  // namespace
}  // namespace promheal
