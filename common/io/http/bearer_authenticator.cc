#include "common/io/http/bearer_authenticator.h"

#include "common/io/http/http_text.h"

namespace promheal {
namespace {

constexpr std::string_view kScheme = "Bearer ";

}  // namespace

bool SameSecret(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || a.empty()) return false;
  unsigned char difference = 0;
  for (size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

bool BearerAuthenticator::IsBearer(std::string_view authorization) {
  return EqualsIgnoringCase(authorization.substr(0, kScheme.size()), kScheme);
}

Result<std::string> BearerAuthenticator::Authenticate(std::string_view authorization) const {
  const std::string_view given =
      IsBearer(authorization) ? authorization.substr(kScheme.size()) : "";
  const std::string* found = nullptr;
  for (const auto& [name, token] : tokens_) {
    if (SameSecret(given, token)) found = &name;
  }
  if (found != nullptr) return *found;
  return Fail(ErrorCode::kPermissionDenied, "wrong token");
}

}  // namespace promheal
