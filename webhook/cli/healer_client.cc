#include "webhook/cli/healer_client.h"

#include <fmt/core.h>

#include <utility>

#include "common/io/prometheus/prometheus_options.h"
#include "common/io/yaml/yaml_schema.h"

namespace promheal::healing {
namespace {

Result<HttpClientOptions> ReadHttpConfig(const std::string& path) {
  HttpClientOptions options;
  if (path.empty()) return options;
  YamlDocument document = YamlDocument::Load(path);
  YamlMap root = document.root();
  ReadHttpOptions(root, &options);
  root.Finish();
  if (const Status status = document.status(); !status) return tl::make_unexpected(status.error());
  return options;
}

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::vector<ExtraFlag> AddressFlags(HealerAddress& address) {
  return {{.name = "webhook.url",
           .help = "Where the healer runs, with any path prefix.",
           .default_value = "http://localhost:10181",
           .value = &address.url,
           .placeholder = "URL"},
          {.name = "http.config.file",
           .help = "File with credentials, in the keys of Prometheus' http_config: "
                   "basic_auth, authorization, tls_config, ...",
           .default_value = "",
           .value = &address.http_config_file,
           .placeholder = "PATH"}};
}

Result<HealerClient> HealerClient::Open(const HealerAddress& address) {
  Result<HttpClientOptions> options = ReadHttpConfig(address.http_config_file);
  if (!options) return tl::make_unexpected(options.error());
  return HealerClient(WithoutSlashAtEnd(address.url), MakeCurlHttpClient(*std::move(options)));
}

Result<std::string> HealerClient::Get(const std::string& path) {
  return Send({.url = url_ + path});
}

Result<std::string> HealerClient::Post(const std::string& path) {
  return Send({.method = "POST", .url = url_ + path});
}

Result<std::string> HealerClient::Send(HttpRequest request) {
  const std::string asking = fmt::format("asking {}", WithoutUserInfo(url_));
  Result<HttpResponse> response = http_->Send(request);
  if (!response) return Prefixed(asking, response.error());
  if (response->status == 200) return std::move(response->body);
  const ErrorCode code =
      response->status == 404 ? ErrorCode::kNotFound : ErrorCode::kFailedPrecondition;
  return Fail(code, fmt::format("{}: {}: {}", asking, response->status, FirstLine(response->body)));
}

}  // namespace promheal::healing
