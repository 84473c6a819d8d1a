#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// Takes as long for any two texts of the same length; two empty ones are not the same.
bool SameSecret(std::string_view a, std::string_view b);

// Checks bearer tokens (RFC 6750). Whatever is given is compared with every token, so that the time
// tells neither which one comes close nor how much of it is right. Thread safety: any thread.
class BearerAuthenticator {
 public:
  // Name of who has it -> token.
  explicit BearerAuthenticator(std::map<std::string, std::string> tokens)
      : tokens_(std::move(tokens)) {}

  // Whether an Authorization header is of this kind at all: "Bearer ...".
  static bool IsBearer(std::string_view authorization);

  // The name of whoever has the token, or kPermissionDenied.
  Result<std::string> Authenticate(std::string_view authorization) const;

 private:
  const std::map<std::string, std::string> tokens_;
};

}  // namespace promheal
