#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <atomic>
#include <future>
#include <string>
#include <string_view>

#include "common/io/clock.h"
#include "common/io/http/http_client.h"
#include "tests/support/wait.h"

// A name server that does not answer. This program has a getaddrinfo of its own, which libcurl's
// resolver threads find before that of the C library.

namespace {

constexpr char kSilentHost[] = "silent.test";
std::promise<void> release;
std::shared_future<void> released = release.get_future().share();
std::atomic<int> lookups_begun = 0;
std::atomic<int> lookups_ended = 0;

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** results) {
  if (node != nullptr && std::string_view(node) == kSilentHost) {
    ++lookups_begun;
    released.wait();
    ++lookups_ended;
    return EAI_AGAIN;
  }
  static const auto real =
      reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(node, service, hints, results);
}

namespace promheal {
namespace {

TEST(HttpClientNameLookupTest, ASilentNameServerDoesNotHoldARequestBeyondItsTimeout) {
  const SystemClock clock;
  std::unique_ptr<HttpClient> client = MakeCurlHttpClient({});
  const Duration start = clock.Monotonic();
  const Result<HttpResponse> response =
      client->Send({.url = std::string("http://") + kSilentHost + "/", .timeout = Duration(100)});
  client.reset();
  const Duration elapsed = clock.Monotonic() - start;
  EXPECT_EQ(lookups_begun, 1);
  EXPECT_EQ(lookups_ended, 0) << "the name server is still silent";
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error(),
            (Error{ErrorCode::kTimeout, "http://silent.test: no complete answer within 100ms"}));
  EXPECT_LT(elapsed, std::chrono::seconds(10));
  release.set_value();
  EXPECT_TRUE(support::WaitUntil([] { return lookups_ended == 1; }, std::chrono::seconds(10)));
}

}  // namespace
}  // namespace promheal
