#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// Compares in constant time for texts of the same length. Two empty texts are not the same.
bool SameSecret(std::string_view a, std::string_view b);

// Checks bearer tokens (RFC 6750). Compares the given token with every known token in constant
// time: response times reveal nothing about the tokens. Thread safety: any thread.
class BearerAuthenticator {
 public:
  // Owner's name -> token.
  explicit BearerAuthenticator(std::map<std::string, std::string> tokens)
      : tokens_(std::move(tokens)) {}

  // Whether an Authorization header has the scheme "Bearer".
  static bool IsBearer(std::string_view authorization);

  // The name of the token's owner, or kPermissionDenied.
  Result<std::string> Authenticate(std::string_view authorization) const;

 private:
  const std::map<std::string, std::string> tokens_;
};

}  // namespace promheal
