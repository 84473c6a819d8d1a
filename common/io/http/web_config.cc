#include "common/io/http/web_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "common/io/file.h"
#include "common/io/yaml/yaml_schema.h"

namespace promheal {
namespace {

// The headers that exporter-toolkit allows: one file suits every exporter.
constexpr std::array<std::string_view, 5> kHeaders = {"Content-Security-Policy", "X-Frame-Options",
                                                      "X-Content-Type-Options", "X-XSS-Protection",
                                                      "Strict-Transport-Security"};

// "$2y$10$" and 53 characters of crypt's alphabet, with a cost from 4 to 31.
bool IsBcryptHash(std::string_view hash) {
  constexpr size_t kHashLength = 60;
  constexpr size_t kRestAt = 7;
  if (hash.size() != kHashLength || !hash.starts_with("$2") || hash[6] != '$') return false;
  if (std::string_view("aby").find(hash[2]) == std::string_view::npos || hash[3] != '$') {
    return false;
  }
  const std::string_view cost = hash.substr(4, 2);
  if (cost < "04" || cost > "31" || !std::isdigit(static_cast<unsigned char>(cost[1]))) {
    return false;
  }
  return std::all_of(hash.begin() + kRestAt, hash.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '/'; });
}

// Errors never hold a hash, which is a secret, too.
void ReadUsers(YamlMap& map, std::map<std::string, std::string>* users) {
  for (const std::string& name : map.Keys()) {
    std::string hash;
    if (!map.Read(name, &hash)) continue;
    if (name.find(':') != std::string::npos) {
      map.AddError(map.MarkOf(name), fmt::format("{}: a user's name cannot hold a colon", name));
    } else if (!IsBcryptHash(hash)) {
      map.AddError(map.MarkOf(name),
                   fmt::format("{}: is not a bcrypt hash: expected the output of `htpasswd -nB`, "
                               "such as $2y$10$...",
                               name));
    } else {
      (*users)[name] = hash;
    }
  }
}

void ReadHeaders(YamlMap& map, std::map<std::string, std::string>* headers) {
  for (const std::string_view name : kHeaders) {
    std::string value;
    if (!map.Read(name, &value)) continue;
    if (value.find_first_of("\r\n") == std::string::npos) {
      (*headers)[std::string(name)] = value;
    } else {
      map.AddError(map.MarkOf(name), fmt::format("{}: a header must be one line", name));
    }
  }
}

void ReadTokenFiles(YamlMap& map, std::map<std::string, std::string>* files) {
  for (const std::string& name : map.Keys()) {
    std::string path;
    if (!map.Read(name, &path)) continue;
    if (path.empty()) {
      map.AddError(map.MarkOf(name), fmt::format("{}: expected the path of a file", name));
    } else {
      (*files)[name] = path;
    }
  }
}

// An attacker could guess a shorter token.
constexpr size_t kShortestToken = 16;

Status ReadTokens(WebConfig& config) {
  for (const auto& [name, path] : config.bearer_token_files) {
    Result<std::string> token = ReadSecretFile(path);
    if (!token) return Prefixed("bearer_token_files: " + name, token.error());
    const bool visible = std::all_of(token->begin(), token->end(),
                                     [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    if (token->size() < kShortestToken || !visible) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("bearer_token_files: {}: {}: expected one token of at least {} "
                              "characters without spaces",
                              name, path, kShortestToken));
    }
    config.bearer_tokens[name] = std::move(*token);
  }
  return {};
}

}  // namespace

Result<WebConfig> LoadWebConfig(const std::string& path, WebSecrets secrets) {
  YamlDocument document = YamlDocument::Load(path);
  YamlMap root = document.root();
  WebConfig config;
  root.ReadMap("basic_auth_users",
               [&](YamlMap& users) { ReadUsers(users, &config.basic_auth_users); });
  root.ReadMap("bearer_token_files",
               [&](YamlMap& files) { ReadTokenFiles(files, &config.bearer_token_files); });
  root.ReadMap("http_server_config", [&](YamlMap& server) {
    bool http2 = true;  // Allowed because files are shared; this server speaks HTTP/1.1 only.
    server.Read("http2", &http2);
    server.ReadMap("headers", [&](YamlMap& headers) { ReadHeaders(headers, &config.headers); });
  });
  if (root.Has("tls_server_config")) {
    root.AddError(root.MarkOf("tls_server_config"),
                  "tls_server_config: TLS is not supported: terminate it in a reverse proxy or a "
                  "sidecar in front, and listen on 127.0.0.1");
  }
  root.Finish();
  if (const Status status = document.status(); !status) {
    return tl::make_unexpected(status.error());
  }
  if (secrets == WebSecrets::kLeave) return config;
  if (const Status read = ReadTokens(config); !read) return tl::make_unexpected(read.error());
  return config;
}

}  // namespace promheal
