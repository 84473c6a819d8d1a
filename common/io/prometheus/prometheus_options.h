#pragma once

#include <string>

#include "common/io/prometheus/prometheus_api.h"
#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"

namespace promheal {

// Reads the `prometheus:` section of a configuration. Keys that Prometheus' http_config also has
// mean the same there:
//   url, timeout, accept_partial, parameters {name: value}, basic_auth {username, password |
//   password_file}, authorization {type, credentials | credentials_file}, tls_config {ca_file,
//   cert_file, key_file, insecure_skip_verify}, http_headers {NAME: {values: [...], secrets:
//   [...]}}, proxy_url, follow_redirects
// Adds all errors to the document.
void ReadPrometheusOptions(YamlMap& map, PrometheusApiOptions* options);

// Reads only the keys of http_config (credentials, TLS, proxy, headers): for servers other than
// Prometheus.
void ReadHttpOptions(YamlMap& map, HttpClientOptions* options);

// Reads `url`, which must have the scheme http or https and a host.
void ReadHttpUrl(YamlMap& map, std::string* url);

// Writes the keys of ReadPrometheusOptions with all defaults. Secrets, and all values of
// http_headers, become <secret>.
void WritePrometheusOptions(const PrometheusApiOptions& options, YamlWriter& writer);
// Writes the keys of ReadHttpOptions.
void WriteHttpOptions(const HttpClientOptions& http, YamlWriter& writer);

// "http://<secret>@host" for "http://user:password@host": for pages and logs.
std::string WithoutUserInfo(const std::string& url);

}  // namespace promheal
