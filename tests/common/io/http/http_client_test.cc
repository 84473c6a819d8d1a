#include "common/io/http/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "tests/support/fake_http_server.h"
#include "tests/support/free_port.h"
#include "tests/support/temp_directory.h"

namespace promheal {
namespace {

using support::FakeHttpReply;
using support::FakeHttpRequest;
using support::FakeHttpServer;
using support::FreePort;
using support::Reply;
using support::TempDirectory;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

FakeHttpServer::Handler Always(FakeHttpReply reply) {
  return [reply](const FakeHttpRequest&) { return reply; };
}

Result<HttpResponse> Get(const std::string& url, HttpClientOptions options = {},
                         HttpRequest request = {}) {
  request.url = url;
  return MakeCurlHttpClient(std::move(options))->Send(request);
}

FakeHttpReply Cut(std::string bytes) {
  return {.bytes = std::move(bytes), .then = FakeHttpReply::Then::kClose};
}

std::string Gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string zipped(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(zipped.data());
  stream.avail_out = static_cast<uInt>(zipped.size());
  deflate(&stream, Z_FINISH);
  zipped.resize(stream.total_out);
  deflateEnd(&stream);
  return zipped;
}

TEST(HttpClientTest, SendsMethodTargetHeadersAndBody) {
  FakeHttpServer server(Always(Reply(200, "{}")));
  HttpRequest request{.method = "POST",
                      .headers = {{"Content-Type", "text/plain"}, {"X-Empty", ""}},
                      .body = std::string("a\0b", 3)};
  const Result<HttpResponse> response = Get(server.url() + "/a/b?c=d", {}, request);
  ASSERT_TRUE(response) << response.error().message;
  const FakeHttpRequest sent = server.requests().at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.target, "/a/b?c=d");
  EXPECT_EQ(sent.Header("Content-Type"), "text/plain");
  EXPECT_EQ(sent.body, std::string("a\0b", 3));
  EXPECT_THAT(sent.Header("User-Agent"), StartsWith("promheal/"));
  EXPECT_EQ(sent.Header("Expect"), "");
  EXPECT_EQ(sent.Header("Authorization"), "");
}

TEST(HttpClientTest, SendsEveryMethodWithAndWithoutABody) {
  FakeHttpServer server(Always(Reply(200, "")));
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    for (const char* body : {"", "payload"}) {
      ASSERT_TRUE(Get(server.url(), {}, {.method = method, .body = body}));
      const FakeHttpRequest sent = server.requests().back();
      EXPECT_EQ(sent.method, method);
      EXPECT_EQ(sent.body, body);
      EXPECT_EQ(sent.Header("Content-Type"), "") << "none that the caller did not ask for";
    }
  }
  ASSERT_TRUE(Get(server.url(), {}, {.method = "HEAD"}));
  EXPECT_EQ(server.requests().back().method, "HEAD");
}

TEST(HttpClientTest, AnyStatusIsAResponse) {
  for (const int status : {200, 204, 304, 400, 404, 429, 500, 503}) {
    FakeHttpServer server(Always(Reply(status, "", "text/html", {{"Retry-After", "7"}})));
    const Result<HttpResponse> response = Get(server.url());
    ASSERT_TRUE(response) << status;
    EXPECT_EQ(response->status, status);
    EXPECT_EQ(response->Header("retry-AFTER"), "7");
    EXPECT_EQ(response->Header("Absent"), "");
  }
}

TEST(HttpClientTest, ReadsChunksAndGzipAndWhatFollowsAContinue) {
  FakeHttpServer chunked(Always(Cut(
      "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")));
  const Result<HttpResponse> joined = Get(chunked.url());
  EXPECT_EQ(joined->body, "abcde");
  EXPECT_EQ(joined->Header("X-Early"), "");

  const std::string text(100'000, 'z');
  FakeHttpServer zipped(
      Always(Reply(200, Gzip(text), "application/json", {{"Content-Encoding", "gzip"}})));
  EXPECT_EQ(Get(zipped.url())->body, text);
  EXPECT_EQ(zipped.requests().at(0).Header("Accept-Encoding"), "gzip");
}

TEST(HttpClientTest, KeepsConnectionsAlive) {
  FakeHttpServer server(Always(Reply(200, "ok")));
  const auto client = MakeCurlHttpClient({});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(client->Send({.url = server.url()}));
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClientTest, TakesAFreshConnectionWhereAskedTo) {
  FakeHttpServer server(Always(Reply(200, "ok")));
  const auto client = MakeCurlHttpClient({});
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client->Send({.method = "POST", .url = server.url(), .reuse_connection = false}));
  }
  EXPECT_EQ(server.connections(), 3);
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST(HttpClientTest, SurvivesAKeptConnectionThatTheServerClosed) {
  std::atomic<int> answers = 0;
  FakeHttpServer server([&](const FakeHttpRequest&) {
    FakeHttpReply reply = Reply(200, "ok");
    if (answers++ == 0) reply.then = FakeHttpReply::Then::kClose;
    return reply;
  });
  const auto client = MakeCurlHttpClient({});
  EXPECT_EQ(client->Send({.url = server.url()})->body, "ok");
  EXPECT_EQ(client->Send({.url = server.url()})->body, "ok");
}

TEST(HttpClientTest, ServesManyThreadsAtOnce) {
  FakeHttpServer server([](const FakeHttpRequest& request) { return Reply(200, request.target); });
  const auto client = MakeCurlHttpClient({});
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const std::string target = "/" + std::to_string(t) + "/" + std::to_string(i);
        const Result<HttpResponse> response = client->Send({.url = server.url() + target});
        if (response && response->body == target) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 200);
  EXPECT_LE(server.connections(), 8);
}

TEST(HttpClientTest, SpeaksOverAUnixSocket) {
  const TempDirectory directory;
  const std::string path = directory.PathOf("docker.sock");
  FakeHttpServer server(Always(Reply(200, "pong")), path);
  EXPECT_EQ(
      Get("http://localhost/_ping", {.proxy_url = "http://127.0.0.1:1"}, {.unix_socket = path})
          ->body,
      "pong");
  const Result<HttpResponse> missing =
      Get("http://localhost/_ping", {}, {.unix_socket = directory.PathOf("none.sock")});
  EXPECT_EQ(missing.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(missing.error().message, StartsWith("unix:" + directory.PathOf("none.sock") + ": "));
}

// Errors

TEST(HttpClientTest, ARefusedConnectionIsUnavailable) {
  const std::string url = "http://127.0.0.1:" + std::to_string(FreePort());
  const Error error = Get(url).error();
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, StartsWith(url + ": Failed to connect"));
}

TEST(HttpClientTest, AnUnknownHostIsUnavailable) {
  EXPECT_EQ(Get("http://no-such-host.invalid/").error().code, ErrorCode::kUnavailable);
}

TEST(HttpClientTest, ATimeoutCountsForTheWholeExchange) {
  struct Row {
    const char* sentence;
    std::string bytes;
  };
  for (const Row& row :
       {Row{"never answers", ""}, Row{"stops within the headers", "HTTP/1.1 200 OK\r\nContent-"},
        Row{"stops within the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"}}) {
    FakeHttpServer server(Always({.bytes = row.bytes, .then = FakeHttpReply::Then::kHang}));
    const Result<HttpResponse> response = Get(server.url(), {}, {.timeout = Duration(60)});
    ASSERT_FALSE(response) << row.sentence;
    EXPECT_EQ(response.error(),
              (Error{ErrorCode::kTimeout, server.url() + ": no complete answer within 60ms"}))
        << row.sentence;
  }
}

TEST(HttpClientTest, ATimeoutOfZeroOrLessIsATimeoutAndNotForEver) {
  FakeHttpServer server(Always({.bytes = "", .then = FakeHttpReply::Then::kHang}));
  for (const Duration timeout : {Duration(0), Duration(-1)}) {
    EXPECT_EQ(Get(server.url(), {}, {.timeout = timeout}).error().code, ErrorCode::kTimeout);
  }
}

TEST(HttpClientTest, TheLongestTimeoutIsNoOverflow) {
  FakeHttpServer server(Always(Reply(200, "ok")));
  EXPECT_TRUE(Get(server.url(), {}, {.timeout = Duration::max()}));
}

TEST(HttpClientTest, RedirectsShareOneTimeout) {
  FakeHttpServer hanging(Always({.bytes = "", .then = FakeHttpReply::Then::kHang}));
  FakeHttpServer server(Always(Reply(302, "", "text/plain", {{"Location", hanging.url()}})));
  EXPECT_EQ(Get(server.url(), {}, {.timeout = Duration(80)}).error().message,
            hanging.url() + ": no complete answer within 80ms");
}

TEST(HttpClientTest, AnAnswerThatBreaksOffIsUnavailable) {
  for (const char* bytes : {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
    FakeHttpServer server(Always(Cut(bytes)));
    EXPECT_EQ(Get(server.url()).error().code, ErrorCode::kUnavailable) << bytes;
  }
}

TEST(HttpClientTest, AnAnswerThatIsNotHttpIsDataLoss) {
  for (const char* bytes :
       {"SSH-2.0-OpenSSH_9.2\r\n", "\x15\x03\x01\x02\x02\x16\r\n", "HTTP/9.9 yes\r\n\r\n"}) {
    FakeHttpServer server(Always(Cut(bytes)));
    EXPECT_EQ(Get(server.url()).error().code, ErrorCode::kDataLoss) << bytes;
  }
  FakeHttpServer broken(
      Always(Reply(200, "no gzip at all", "text/plain", {{"Content-Encoding", "gzip"}})));
  EXPECT_EQ(Get(broken.url()).error().code, ErrorCode::kDataLoss);
}

TEST(HttpClientTest, ReadsUpToTheSizeLimitAndNoFurther) {
  FakeHttpServer server(Always(Reply(200, std::string(1000, 'x'))));
  EXPECT_TRUE(Get(server.url(), {}, {.max_response_bytes = 1000}));
  EXPECT_EQ(Get(server.url(), {}, {.max_response_bytes = 999}).error(),
            (Error{ErrorCode::kDataLoss, server.url() + ": the answer is larger than 999 bytes"}));
}

TEST(HttpClientTest, TheSizeLimitHoldsForWhatGzipUnpacks) {
  FakeHttpServer bomb(Always(Reply(200, Gzip(std::string(20'000'000, 'x')), "text/plain",
                                   {{"Content-Encoding", "gzip"}})));
  EXPECT_EQ(Get(bomb.url(), {}, {.max_response_bytes = 1'000'000}).error().code,
            ErrorCode::kDataLoss);
}

TEST(HttpClientTest, EndlessHeadersEnd) {
  std::string bytes = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 40'000; ++i) bytes += "X-More: aaaaaaaaaaaaaaaaaaaa\r\n";
  FakeHttpServer server(Always({.bytes = bytes, .then = FakeHttpReply::Then::kHang}));
  EXPECT_EQ(Get(server.url()).error().code, ErrorCode::kDataLoss);
}

TEST(HttpClientTest, RefusesWhatIsNoUrl) {
  for (const std::string& url :
       {std::string(), std::string("localhost:9090"), std::string("http://"),
        std::string("http://a b/"), std::string("http://host:99999/"), std::string("http://h\r\n/"),
        std::string("http://h/\0x", 11), std::string("file:///etc/passwd"),
        std::string("gopher://localhost/"), std::string("ftp://localhost/")}) {
    const Result<HttpResponse> response = Get(url);
    ASSERT_FALSE(response) << url;
    EXPECT_EQ(response.error().code, ErrorCode::kInvalidArgument) << url;
  }
}

TEST(HttpClientTest, RefusesMethodsAndHeadersThatForgeARequest) {
  FakeHttpServer server(Always(Reply(200, "")));
  for (const char* method : {"", "GET / HTTP/1.1\r\nX: y", "get"}) {
    EXPECT_EQ(Get(server.url(), {}, {.method = method}).error().code, ErrorCode::kInvalidArgument);
  }
  for (const HttpHeaders& headers :
       {HttpHeaders{{"X", "a\r\nY: b"}}, HttpHeaders{{"X: y\r\nZ", "a"}}, HttpHeaders{{"", "a"}},
        HttpHeaders{{"X", std::string("a\0b", 3)}}}) {
    EXPECT_EQ(Get(server.url(), {}, {.headers = headers}).error().code,
              ErrorCode::kInvalidArgument);
    EXPECT_EQ(Get(server.url(), {.headers = headers}).error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_TRUE(server.requests().empty());
}

// Credentials

TEST(HttpClientTest, SendsBasicAuthentication) {
  FakeHttpServer server(Always(Reply(200, "")));
  ASSERT_TRUE(Get(server.url(), {.basic_auth_username = "me", .basic_auth_password = "a:b"}));
  EXPECT_EQ(server.requests().at(0).Header("Authorization"), "Basic bWU6YTpi");
}

TEST(HttpClientTest, SendsAuthorizationAndConfiguredHeaders) {
  FakeHttpServer server(Always(Reply(200, "")));
  ASSERT_TRUE(Get(server.url(), {.authorization_credentials = "t0ken",
                                 .headers = {{"X-Scope-OrgID", "tenant"}}}));
  EXPECT_EQ(server.requests().at(0).Header("Authorization"), "Bearer t0ken");
  EXPECT_EQ(server.requests().at(0).Header("X-Scope-OrgID"), "tenant");
}

TEST(HttpClientTest, ARequestsOwnHeaderGoesBeforeAConfiguredOne) {
  FakeHttpServer server(Always(Reply(200, "")));
  ASSERT_TRUE(Get(server.url(),
                  {.authorization_credentials = "configured", .headers = {{"X-A", "configured"}}},
                  {.headers = {{"authorization", "own"}, {"x-a", "own"}}}));
  const HttpHeaders sent = server.requests().at(0).headers;
  EXPECT_EQ(FindHeader(sent, "Authorization"), "own");
  EXPECT_EQ(FindHeader(sent, "X-A"), "own");
  EXPECT_EQ(std::count_if(sent.begin(), sent.end(),
                          [](const auto& header) { return header.second == "configured"; }),
            0);
}

TEST(HttpClientTest, ReadsSecretFilesAnewForEachRequest) {
  FakeHttpServer server(Always(Reply(200, "")));
  const TempDirectory directory;
  const std::string path = directory.Write("token", "first\n");
  const auto client = MakeCurlHttpClient({.authorization_credentials_file = path});
  ASSERT_TRUE(client->Send({.url = server.url()}));
  directory.Write("token", "second\n");
  ASSERT_TRUE(client->Send({.url = server.url()}));
  EXPECT_EQ(server.requests().at(0).Header("Authorization"), "Bearer first");
  EXPECT_EQ(server.requests().at(1).Header("Authorization"), "Bearer second");

  const std::string password = directory.Write("password", "b\n");
  ASSERT_TRUE(
      Get(server.url(), {.basic_auth_username = "a", .basic_auth_password_file = password}));
  EXPECT_EQ(server.requests().at(2).Header("Authorization"), "Basic YTpi");
}

TEST(HttpClientTest, AMissingSecretFileStopsTheRequest) {
  FakeHttpServer server(Always(Reply(200, "")));
  const Error error =
      Get(server.url(), {.authorization_credentials_file = "/nowhere/token"}).error();
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_THAT(error.message, HasSubstr("/nowhere/token"));
  EXPECT_TRUE(server.requests().empty());
}

TEST(HttpClientTest, RefusesTwoKindsOfCredentials) {
  EXPECT_EQ(Get("http://localhost", {.basic_auth_username = "a", .authorization_credentials = "b"})
                .error()
                .message,
            "http://localhost: at most one of basic_auth and authorization may be configured");
}

TEST(HttpClientTest, NoErrorHoldsASecret) {
  const TempDirectory directory;
  const std::string url = "http://user:hunter2@127.0.0.1:" + std::to_string(FreePort()) +
                          "/services/hunter2?token=hunter2";
  const std::string broken = directory.Write("token", "hunter2\nhunter2");
  for (const HttpClientOptions& options :
       {HttpClientOptions{},
        HttpClientOptions{.basic_auth_username = "me", .basic_auth_password = "hunter2"},
        HttpClientOptions{.authorization_credentials = "hunter2"},
        HttpClientOptions{.authorization_credentials = "hunter2\n"},
        HttpClientOptions{.authorization_credentials_file = broken},
        HttpClientOptions{.headers = {{"X-Key", "hunter2\r\n"}}}}) {
    const Result<HttpResponse> response = Get(url, options);
    ASSERT_FALSE(response);
    EXPECT_THAT(response.error().message, Not(HasSubstr("hunter2")));
  }
  for (const char* bad : {"http://user:hunter2@/", "hunter2://x", "http://hunter2 x/"}) {
    EXPECT_THAT(Get(bad).error().message, Not(HasSubstr("hunter2")));
  }
}

// Redirects

FakeHttpReply RedirectTo(int status, const std::string& location) {
  return Reply(status, "moved", "text/plain", {{"Location", location}});
}

TEST(HttpClientTest, ARedirectOnTheSameHostKeepsMethodBodyAndCredentials) {
  for (const int status : {301, 302, 307, 308}) {
    FakeHttpServer server([status](const FakeHttpRequest& request) {
      return request.target == "/old" ? RedirectTo(status, "/new?x=1") : Reply(200, "here");
    });
    const Result<HttpResponse> response =
        Get(server.url() + "/old",
            {.basic_auth_username = "a", .basic_auth_password = "b", .headers = {{"X-Org", "t"}}},
            {.method = "POST", .headers = {{"Content-Type", "text/x"}}, .body = "query"});
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "here");
    const FakeHttpRequest second = server.requests().at(1);
    EXPECT_EQ(second.method, "POST");
    EXPECT_EQ(second.target, "/new?x=1");
    EXPECT_EQ(second.body, "query");
    EXPECT_EQ(second.Header("Content-Type"), "text/x");
    EXPECT_EQ(second.Header("Authorization"), "Basic YTpi");
    EXPECT_EQ(second.Header("X-Org"), "t");
  }
}

TEST(HttpClientTest, ASeeOtherTurnsIntoGet) {
  FakeHttpServer server([](const FakeHttpRequest& request) {
    return request.target == "/old" ? RedirectTo(303, "/new") : Reply(200, "");
  });
  ASSERT_TRUE(Get(server.url() + "/old", {}, {.method = "POST", .body = "query"}));
  EXPECT_EQ(server.requests().at(1).method, "GET");
  EXPECT_EQ(server.requests().at(1).body, "");
}

TEST(HttpClientTest, ARedirectToAnotherHostCarriesNoSecret) {
  FakeHttpServer other(Always(Reply(200, "elsewhere")));
  FakeHttpServer server(Always(RedirectTo(307, other.url() + "/x")));
  for (const HttpClientOptions& options :
       {HttpClientOptions{.basic_auth_username = "a", .basic_auth_password = "b"},
        HttpClientOptions{.authorization_credentials = "t", .headers = {{"X-Api-Key", "k"}}}}) {
    ASSERT_TRUE(Get(server.url(), options,
                    {.method = "POST", .headers = {{"Cookie", "c"}, {"Accept", "text/x"}}}));
    const FakeHttpRequest sent = other.requests().back();
    EXPECT_EQ(sent.Header("Authorization"), "");
    EXPECT_EQ(sent.Header("X-Api-Key"), "");
    EXPECT_EQ(sent.Header("Cookie"), "");
    EXPECT_EQ(sent.Header("Accept"), "text/x");
  }
}

TEST(HttpClientTest, AConnectionThatIsKeptForgetsTheCredentials) {
  FakeHttpServer server(Always(Reply(200, "")));
  FakeHttpServer bouncing(Always(RedirectTo(302, server.url() + "/bounced")));
  const auto client = MakeCurlHttpClient({.basic_auth_username = "a", .basic_auth_password = "b"});
  ASSERT_TRUE(client->Send({.url = server.url()}));
  ASSERT_TRUE(client->Send({.url = bouncing.url()}));
  EXPECT_EQ(server.requests().at(0).Header("Authorization"), "Basic YTpi");
  EXPECT_EQ(server.requests().at(1).Header("Authorization"), "");
}

TEST(HttpClientTest, FollowsNoRedirectWhereNotWanted) {
  FakeHttpServer server(Always(RedirectTo(302, "/again")));
  EXPECT_EQ(Get(server.url(), {.follow_redirects = false})->status, 302);
  const TempDirectory directory;
  FakeHttpServer on_socket(Always(RedirectTo(302, "/again")), directory.PathOf("s"));
  EXPECT_EQ(Get("http://localhost", {}, {.unix_socket = directory.PathOf("s")})->status, 302);
}

TEST(HttpClientTest, ALoopOfRedirectsEnds) {
  FakeHttpServer server(Always(RedirectTo(302, "/again")));
  EXPECT_EQ(Get(server.url()).error(),
            (Error{ErrorCode::kUnavailable, server.url() + ": more than 10 redirects"}));
  EXPECT_EQ(server.requests().size(), 11U);
}

TEST(HttpClientTest, ARedirectLeadsToHttpOnly) {
  for (const char* location : {"file:///etc/passwd", "gopher://localhost/", "ftp://localhost/"}) {
    FakeHttpServer server(Always(RedirectTo(302, location)));
    EXPECT_FALSE(Get(server.url())) << location;
  }
}

TEST(HttpClientTest, TakesNoProxyFromTheEnvironment) {
  FakeHttpServer server(Always(Reply(200, "direct")));
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  EXPECT_EQ(Get(server.url())->body, "direct");
  ::unsetenv("http_proxy");
  FakeHttpServer proxy(Always(Reply(200, "proxied")));
  EXPECT_EQ(Get("http://prometheus.invalid/", {.proxy_url = proxy.url()})->body, "proxied");
  EXPECT_EQ(proxy.requests().at(0).target, "http://prometheus.invalid/");
}

TEST(HttpClientTest, SaysWhichTlsFileIsWrong) {
  FakeHttpServer server(Always(Reply(200, "")));
  const std::string url = "https" + server.url().substr(4);
  EXPECT_EQ(Get(url, {.ca_file = "/nowhere/ca.pem"}).error().code, ErrorCode::kInvalidArgument);
}

TEST(HttpEncodingTest, PercentEncodesAllButUnreservedCharacters) {
  EXPECT_EQ(PercentEncode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(PercentEncode("a b+c/&=?\"\n"), "a%20b%2Bc%2F%26%3D%3F%22%0A");
  EXPECT_EQ(PercentEncode("../x?y=1#z"), "..%2Fx%3Fy%3D1%23z") << "an id is data in a path";
  EXPECT_EQ(PercentEncode("ü"), "%C3%BC");
  EXPECT_EQ(PercentEncode(std::string_view("\0", 1)), "%00");
}

TEST(HttpEncodingTest, EncodesAForm) {
  EXPECT_EQ(EncodeForm({}), "");
  EXPECT_EQ(EncodeForm({{"query", "up{a=\"b\"}"}, {"time", "1.5"}, {"x&y", ""}}),
            "query=up%7Ba%3D%22b%22%7D&time=1.5&x%26y=");
}

}  // namespace
}  // namespace promheal
