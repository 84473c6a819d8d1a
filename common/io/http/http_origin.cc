#include "common/io/http/http_origin.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace promheal {
namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

std::string ToLower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

// libcurl reads a C string and would silently ignore everything after a NUL.
bool HasSpaceOrControl(const std::string& url) {
  return std::any_of(url.begin(), url.end(),
                     [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
}

}  // namespace

Result<HttpOrigin> ParseHttpOrigin(const std::string& url) {
  const std::unique_ptr<CURLU, UrlDeleter> parsed(curl_url());
  if (HasSpaceOrControl(url) || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(),
                                             CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return Fail(ErrorCode::kInvalidArgument,
                "not a URL: expected scheme, host and path, such as http://localhost:9090/path");
  }
  HttpOrigin origin{.scheme = ToLower(Part(parsed.get(), CURLUPART_SCHEME)),
                    .host = ToLower(Part(parsed.get(), CURLUPART_HOST)),
                    .port = Part(parsed.get(), CURLUPART_PORT)};
  if (origin.scheme != "http" && origin.scheme != "https") {
    return Fail(ErrorCode::kInvalidArgument, "not a URL that can be used: expected http or https");
  }
  if (origin.host.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "the URL names no host");
  }
  return origin;
}

std::string ToString(const HttpOrigin& origin) {
  const bool implied = origin.port == (origin.scheme == "https" ? "443" : "80");
  return origin.scheme + "://" + origin.host + (implied ? "" : ":" + origin.port);
}

bool MayCarrySecrets(const HttpOrigin& from, const HttpOrigin& to) {
  if (from == to) return true;
  return from.host == to.host && from.scheme == "http" && from.port == "80" &&
         to.scheme == "https" && to.port == "443";
}

}  // namespace promheal
