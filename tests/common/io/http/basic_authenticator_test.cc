#include <gtest/gtest.h>

#include "common/io/http/web_config.h"

namespace promheal {
namespace {

// bcrypt of "secret" with the fewest rounds, from libxcrypt's crypt(3) by way of Python.
constexpr char kRest[] = "$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";

TEST(BasicAuthenticatorTest, LetsEverybodyInIfNoUsersAreConfigured) {
  BasicAuthenticator authenticator({});
  EXPECT_EQ(authenticator.Authenticate(""), Result<std::string>(""));
}

TEST(BasicAuthenticatorTest, AcceptsEveryKindOfBcryptHash) {
  for (const char* kind : {"$2a", "$2b", "$2y"}) {
    BasicAuthenticator authenticator({{"alice", std::string(kind) + kRest}});
    for (int i = 0; i < 3; ++i) {  // Also after the password was remembered.
      EXPECT_EQ(authenticator.Authenticate("Basic YWxpY2U6c2VjcmV0"), Result<std::string>("alice"))
          << kind;
    }
  }
}

TEST(BasicAuthenticatorTest, RefusesWhatIsNotExactlyRight) {
  BasicAuthenticator authenticator({{"alice", std::string("$2y") + kRest}});
  ASSERT_TRUE(authenticator.Authenticate("basic YWxpY2U6c2VjcmV0").has_value());
  for (const char* header : {
           "", "Basic", "Basic ", "Bearer YWxpY2U6c2VjcmV0",
           "Basic YWxpY2U6c2VjcmV0=",     // Invalid base64.
           "Basic !!!!",                  //
           "Basic YWxpY2U=",              // alice
           "Basic YWxpY2U6",              // alice:
           "Basic YWxpY2U6d3Jvbmc=",      // alice:wrong
           "Basic bWFsbG9yeTpzZWNyZXQ=",  // mallory:secret
           "Basic YWxpY2U6c2VjcmV0AHg=",  // alice:secret\0x
           "Basic YWxpY2U6c2VjcmV0IA==",  // alice:secret and a space
           "Basic OnNlY3JldA==",          // :secret
       }) {
    const Result<std::string> user = authenticator.Authenticate(header);
    ASSERT_FALSE(user.has_value()) << header;
    EXPECT_EQ(user.error().code, ErrorCode::kPermissionDenied) << header;
  }
}

TEST(BasicAuthenticatorTest, APasswordMayHoldColonsAndUmlauts) {
  const std::map<std::string, std::string> users = {
      {"bob", "$2b$04$abcdefghijklmnopqrstuuC5VMwYwbzdFgvTXUffgXF6mHCmfegLa"}};
  BasicAuthenticator authenticator(users);
  EXPECT_EQ(authenticator.Authenticate("Basic Ym9iOnBhOnNzIHfDtnJk"), Result<std::string>("bob"));
}

TEST(BasicAuthenticatorTest, ADamagedHashLetsNobodyIn) {
  for (const char* hash :
       {"", "*0", "secret", "$2y$04$tooshort", "$2y$99$abcdefghijklmnopqrstuu"}) {
    BasicAuthenticator authenticator(std::map<std::string, std::string>{{"alice", hash}});
    EXPECT_FALSE(authenticator.Authenticate("Basic YWxpY2U6c2VjcmV0").has_value()) << hash;
  }
}

}  // namespace
}  // namespace promheal
