#pragma once

#include <string>

#include "common/io/prometheus/prometheus_api.h"
#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"

namespace promheal {

// Reads the `prometheus:` section of a configuration. Its keys are those of Prometheus' own
// http_config where they mean the same:
//   url, timeout, accept_partial, parameters {name: value}, basic_auth {username, password |
//   password_file}, authorization {type, credentials | credentials_file}, tls_config {ca_file,
//   cert_file, key_file, insecure_skip_verify}, http_headers {NAME: {values: [...], secrets:
//   [...]}}, proxy_url, follow_redirects
// What is wrong is reported to the document.
void ReadPrometheusOptions(YamlMap& map, PrometheusApiOptions* options);

// The keys of those that say how to be let in, and by which way: Prometheus' http_config. For other
// servers than Prometheus.
void ReadHttpOptions(YamlMap& map, HttpClientOptions* options);

// `url`: http or https, and a host.
void ReadHttpUrl(YamlMap& map, std::string* url);

// Writes the same keys with every default filled in and every secret (also all of http_headers) as
// <secret>.
void WritePrometheusOptions(const PrometheusApiOptions& options, YamlWriter& writer);
// Those of ReadHttpOptions.
void WriteHttpOptions(const HttpClientOptions& http, YamlWriter& writer);

// "http://<secret>@host" for "http://user:password@host": how a URL may be shown and logged.
std::string WithoutUserInfo(const std::string& url);

}  // namespace promheal
