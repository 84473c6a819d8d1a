#include <crypt.h>
#include <string.h>
#include <sys/random.h>

#include <array>
#include <optional>

#include "common/io/http/bearer_authenticator.h"
#include "common/io/http/http_text.h"
#include "common/io/http/web_config.h"

namespace promheal {
namespace {

// crypt(3) of `password` with the method and salt of `setting`; "" if `setting` is invalid.
std::string Crypt(const std::string& password, const std::string& setting) {
  const auto data = std::make_unique<crypt_data>();  // 32 KiB; holds traces of the password.
  const char* hash = crypt_r(password.c_str(), setting.c_str(), data.get());
  std::string result = hash == nullptr || hash[0] == '*' ? "" : hash;
  explicit_bzero(data.get(), sizeof(crypt_data));
  return result;
}

// SHA-256 with a random salt and the fewest rounds, for digests of verified passwords in memory.
std::string MakeDigestSetting() {
  constexpr std::string_view kAlphabet =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::array<unsigned char, 16> random{};
  if (getrandom(random.data(), random.size(), 0) < 0) return "";
  std::string setting = "$5$rounds=1000$";
  for (const unsigned char byte : random) setting += kAlphabet[byte % kAlphabet.size()];
  return setting + "$";
}

struct Credentials {
  std::string user;
  std::string password;
};

std::optional<Credentials> ParseBasic(std::string_view authorization) {
  constexpr std::string_view kScheme = "Basic ";
  if (!EqualsIgnoringCase(authorization.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  const std::optional<std::string> text = DecodeBase64(authorization.substr(kScheme.size()));
  if (!text) return std::nullopt;
  const size_t colon = text->find(':');
  // crypt(3) would ignore everything after a NUL.
  if (colon == std::string::npos || text->find('\0') != std::string::npos) return std::nullopt;
  return Credentials{text->substr(0, colon), text->substr(colon + 1)};
}

}  // namespace

BasicAuthenticator::BasicAuthenticator(std::map<std::string, std::string> users)
    : users_(std::move(users)), digest_setting_(MakeDigestSetting()) {}

Result<std::string> BasicAuthenticator::Authenticate(std::string_view authorization) {
  if (users_.empty()) return std::string();
  const auto refused = Fail(ErrorCode::kPermissionDenied, "wrong user name or password");
  const std::optional<Credentials> given = ParseBasic(authorization);
  if (!given) return refused;
  const auto known = users_.find(given->user);
  if (known != users_.end() && WasVerified(given->user, given->password)) return given->user;

  const std::lock_guard lock(bcrypt_mutex_);
  // For an unknown user checks some hash, too, to take as long as for a known one.
  const std::string& hash = known != users_.end() ? known->second : users_.begin()->second;
  const bool matches = SameSecret(Crypt(given->password, hash), hash);
  if (!matches || known == users_.end()) return refused;
  Remember(given->user, given->password);
  return given->user;
}

bool BasicAuthenticator::WasVerified(const std::string& user, const std::string& password) {
  std::string digest;
  {
    const std::lock_guard lock(verified_mutex_);
    const auto it = verified_.find(user);
    if (it == verified_.end()) return false;
    digest = it->second;
  }
  return SameSecret(Crypt(password, digest_setting_), digest);
}

void BasicAuthenticator::Remember(const std::string& user, const std::string& password) {
  std::string digest = Crypt(password, digest_setting_);
  const std::lock_guard lock(verified_mutex_);
  verified_[user] = std::move(digest);
}

}  // namespace promheal
