#include "common/io/prometheus/prometheus_options.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace promheal {
namespace {

constexpr char kSecret[] = "<secret>";

void RefuseBoth(YamlMap& map, std::string_view key, std::string_view other) {
  map.AddError(map.MarkOf(key),
               fmt::format("{}: {} is given, too: expected one of them", key, other));
}

void ReadBasicAuth(YamlMap& map, HttpClientOptions* http) {
  map.Read("username", &http->basic_auth_username, true);
  const bool inline_password = map.Read("password", &http->basic_auth_password);
  if (map.Read("password_file", &http->basic_auth_password_file) && inline_password) {
    RefuseBoth(map, "password_file", "password");
  }
}

void ReadAuthorization(YamlMap& map, HttpClientOptions* http) {
  map.Read("type", &http->authorization_type);
  const bool inline_credentials = map.Read("credentials", &http->authorization_credentials);
  const bool file = map.Read("credentials_file", &http->authorization_credentials_file);
  if (inline_credentials && file) {
    RefuseBoth(map, "credentials_file", "credentials");
  } else if (!inline_credentials && !file) {
    map.AddError(map.mark(), "authorization: expected credentials or credentials_file");
  }
}

void ReadTls(YamlMap& map, HttpClientOptions* http) {
  map.Read("ca_file", &http->ca_file);
  map.Read("cert_file", &http->cert_file);
  map.Read("key_file", &http->key_file);
  map.Read("insecure_skip_verify", &http->insecure_skip_verify);
  if (http->cert_file.empty() != http->key_file.empty()) {
    map.AddError(map.mark(), "tls_config: expected cert_file and key_file together");
  }
}

void ReadHeader(const std::string& name, YamlMap& map, HttpClientOptions* http) {
  for (const char* key : {"values", "secrets"}) {
    std::vector<std::string> values;
    map.Read(key, &values);
    for (std::string& value : values) http->headers.emplace_back(name, std::move(value));
  }
}

bool NamesAHost(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::string_view authority =
        url.substr(scheme.size(), url.find_first_of("/?#", scheme.size()) - scheme.size());
    const std::string_view host = authority.substr(authority.rfind('@') + 1);
    return !host.empty() && host.front() != ':';
  }
  return false;
}

void WriteSecret(YamlWriter& writer, const char* key, const std::string& value) {
  if (!value.empty()) writer.Value(key, kSecret);
}

void WriteFile(YamlWriter& writer, const char* key, const std::string& path) {
  if (!path.empty()) writer.Value(key, path);
}

}  // namespace

void ReadHttpUrl(YamlMap& map, std::string* url) {
  if (!map.Read("url", url) || NamesAHost(*url)) return;
  map.AddError(map.MarkOf("url"),
               fmt::format("url: '{}' is not a URL: expected http:// or https:// and a host",
                           WithoutUserInfo(*url)));
}

void ReadPrometheusOptions(YamlMap& map, PrometheusApiOptions* options) {
  ReadHttpUrl(map, &options->url);
  map.Read("timeout", &options->timeout,
           {.min = std::chrono::milliseconds(100), .max = std::chrono::minutes(5)});
  map.Read("accept_partial", &options->accept_partial);
  map.Read("parameters", &options->parameters);
  ReadHttpOptions(map, &options->http);
}

void ReadHttpOptions(YamlMap& map, HttpClientOptions* options) {
  const bool basic_auth =
      map.ReadMap("basic_auth", [&](YamlMap& each) { ReadBasicAuth(each, options); });
  const bool authorization =
      map.ReadMap("authorization", [&](YamlMap& each) { ReadAuthorization(each, options); });
  if (basic_auth && authorization) RefuseBoth(map, "authorization", "basic_auth");
  map.ReadMap("tls_config", [&](YamlMap& each) { ReadTls(each, options); });
  map.ReadNamedMaps("http_headers", [&](const std::string& name, YamlMap& each) {
    ReadHeader(name, each, options);
  });
  map.Read("proxy_url", &options->proxy_url);
  map.Read("follow_redirects", &options->follow_redirects);
}

void WritePrometheusOptions(const PrometheusApiOptions& options, YamlWriter& writer) {
  writer.Value("url", WithoutUserInfo(options.url));
  writer.Value("timeout", options.timeout);
  writer.Value("accept_partial", options.accept_partial);
  if (!options.parameters.empty()) {
    writer.Map("parameters", [&] {
      for (const auto& [name, value] : options.parameters) writer.Value(name, value);
    });
  }
  WriteHttpOptions(options.http, writer);
}

void WriteHttpOptions(const HttpClientOptions& http, YamlWriter& writer) {
  if (!http.basic_auth_username.empty()) {
    writer.Map("basic_auth", [&] {
      writer.Value("username", http.basic_auth_username);
      WriteSecret(writer, "password", http.basic_auth_password);
      WriteFile(writer, "password_file", http.basic_auth_password_file);
    });
  }
  if (!http.authorization_credentials.empty() || !http.authorization_credentials_file.empty()) {
    writer.Map("authorization", [&] {
      writer.Value("type", http.authorization_type);
      WriteSecret(writer, "credentials", http.authorization_credentials);
      WriteFile(writer, "credentials_file", http.authorization_credentials_file);
    });
  }
  writer.Map("tls_config", [&] {
    WriteFile(writer, "ca_file", http.ca_file);
    WriteFile(writer, "cert_file", http.cert_file);
    WriteFile(writer, "key_file", http.key_file);
    writer.Value("insecure_skip_verify", http.insecure_skip_verify);
  });
  if (!http.headers.empty()) {
    writer.Map("http_headers", [&] {
      for (const auto& [name, value] : http.headers) {
        writer.Map(name, [&] { writer.Values("secrets", {kSecret}); });
      }
    });
  }
  if (!http.proxy_url.empty()) writer.Value("proxy_url", WithoutUserInfo(http.proxy_url));
  writer.Value("follow_redirects", http.follow_redirects);
}

std::string WithoutUserInfo(const std::string& url) {
  const size_t scheme = url.find("://");
  const size_t host = scheme == std::string::npos ? 0 : scheme + 3;
  const size_t at = url.find('@', host);
  if (at == std::string::npos || url.find('/', host) < at) return url;
  return url.substr(0, host) + kSecret + url.substr(at);
}

}  // namespace promheal
