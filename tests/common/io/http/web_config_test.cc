#include "common/io/http/web_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace promheal {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr char kHash[] = "$2y$10$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

Result<WebConfig> Load(const std::string& text) {
  const support::TempDirectory directory;
  return LoadWebConfig(directory.Write("web.yml", text));
}

TEST(WebConfigTest, ReadsUsersAndHeaders) {
  const Result<WebConfig> config =
      Load(std::string("basic_auth_users:\n  alice: ") + kHash + "\n  \"b b\": " + kHash +
           "\nhttp_server_config:\n  http2: false\n  headers:\n"
           "    X-Frame-Options: deny\n");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_THAT(config->basic_auth_users,
              UnorderedElementsAre(Pair("alice", kHash), Pair("b b", kHash)));
  EXPECT_THAT(config->headers, UnorderedElementsAre(Pair("X-Frame-Options", "deny")));
}

TEST(WebConfigTest, TellsEveryErrorAtOnceWithItsPlaceAndNoSecret) {
  const Result<WebConfig> config = Load(
      "tls_server_config:\n"
      "  cert_file: server.crt\n"
      "basic_auth_users:\n"
      "  alice: hunter2\n"
      "  \"a:b\": $2y$10$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW\n"
      "http_server_config:\n"
      "  headers:\n"
      "    X-Frame-Option: deny\n"
      "    X-XSS-Protection: \"a\\nb\"\n"
      "  keep_alive: 3\n"
      "users: {}\n");
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error().code, ErrorCode::kInvalidArgument);
  for (const char* line :
       {"web.yml:2:3: tls_server_config: TLS is not supported: terminate it in a reverse proxy",
        "web.yml:4:10: alice: is not a bcrypt hash: expected the output of `htpasswd -nB`",
        "web.yml:5:10: a:b: a user's name cannot hold a colon",
        "web.yml:8:5: unknown key 'X-Frame-Option' (did you mean 'X-Frame-Options'?)",
        "web.yml:9:23: X-XSS-Protection: a header must be one line",
        "web.yml:10:3: unknown key 'keep_alive'", "web.yml:11:1: unknown key 'users'"}) {
    EXPECT_THAT(config.error().message, HasSubstr(line));
  }
  EXPECT_THAT(config.error().message, Not(HasSubstr("hunter2")));
  EXPECT_THAT(config.error().message, Not(HasSubstr("$2y$10$abc")));
}

TEST(WebConfigTest, RefusesHashesThatWouldLetNobodyIn) {
  const std::string good = kHash;
  for (const std::string& bad :
       {good.substr(1), good.substr(0, 59), good + "x", "$2x" + good.substr(3),
        "$2y$03" + good.substr(6), "$2y$32" + good.substr(6), "$2y$1x" + good.substr(6),
        good.substr(0, 59) + "!", std::string("$5$rounds=1000$x")}) {
    EXPECT_FALSE(Load("basic_auth_users:\n  alice: '" + bad + "'\n").has_value()) << bad;
  }
  for (const char* kind : {"$2a", "$2b", "$2y"}) {
    EXPECT_TRUE(Load("basic_auth_users:\n  alice: " + (kind + good.substr(3)) + "\n").has_value());
  }
}

TEST(WebConfigTest, AMissingFileIsNamed) {
  const Result<WebConfig> config = LoadWebConfig("/nowhere/web.yml");
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(config.error().message, HasSubstr("/nowhere/web.yml"));
}

}  // namespace
}  // namespace promheal
