#include "common/io/http/bearer_authenticator.h"

#include <gtest/gtest.h>

#include "common/io/http/web_config.h"
#include "common/io/log_limit.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_directory.h"

namespace promheal {
namespace {

TEST(BearerAuthenticatorTest, KnowsWhoHasTheToken) {
  const BearerAuthenticator tokens(
      {{"alertmanager", "0123456789abcdef"}, {"ci", "fedcba9876543210"}});
  EXPECT_EQ(tokens.Authenticate("Bearer 0123456789abcdef").value_or(""), "alertmanager");
  EXPECT_EQ(tokens.Authenticate("bearer fedcba9876543210").value_or(""), "ci");
}

TEST(BearerAuthenticatorTest, RefusesEverythingElse) {
  const BearerAuthenticator tokens({{"alertmanager", "0123456789abcdef"}, {"odd", ""}});
  for (const char* wrong : {"", "Bearer", "Bearer ", "Bearer 0123456789abcdeF", "0123456789abcdef",
                            "Bearer 0123456789abcdef0", "Bearer 0123456789abcde",
                            "Basic 0123456789abcdef", "Bearer  0123456789abcdef"}) {
    EXPECT_FALSE(tokens.Authenticate(wrong)) << wrong;
  }
}

class TokenFilesTest : public testing::Test {
 protected:
  Result<WebConfig> Load(const std::string& token, WebSecrets secrets = WebSecrets::kRead) {
    directory_.Write("token", token);
    return LoadWebConfig(directory_.Write("web.yml", "bearer_token_files: {alertmanager: " +
                                                         directory_.PathOf("token") + "}\n"),
                         secrets);
  }
  support::TempDirectory directory_;
};

TEST_F(TokenFilesTest, AreReadWithTheConfiguration) {
  const auto config = Load("0123456789abcdef\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_TRUE(config->HasCredentials());
  EXPECT_EQ(config->bearer_tokens.at("alertmanager"), "0123456789abcdef");
}

TEST_F(TokenFilesTest, AreLeftAloneByACheck) {
  const auto config = Load("short", WebSecrets::kLeave);
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->HasCredentials());
  EXPECT_TRUE(config->bearer_tokens.empty());
}

TEST_F(TokenFilesTest, AreRefusedWhereTheyHoldNoToken) {
  for (const char* bad :
       {"", "short", "0123456789 abcdef", "0123456789abcdef\n0123456789abcdef\n"}) {
    const auto config = Load(bad);
    ASSERT_FALSE(config) << bad;
    EXPECT_EQ(config.error().message.find("0123456789"), std::string::npos) << "it is a secret";
  }
  const auto missing =
      LoadWebConfig(directory_.Write("web.yml", "bearer_token_files: {a: /none}\n"));
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("bearer_token_files: a"), std::string::npos);
}

TEST(LogLimitTest, LetsOneThroughAndCountsTheRest) {
  support::FakeClock clock{Time()};
  LogLimit limit(clock, std::chrono::seconds(10));
  EXPECT_EQ(limit.Admit(), 0);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limit.Admit(), std::nullopt);
  clock.Advance(std::chrono::seconds(10));
  EXPECT_EQ(limit.Admit(), 5);
  EXPECT_EQ(limit.Admit(), std::nullopt);
}

}  // namespace
}  // namespace promheal
