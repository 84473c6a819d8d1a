#include "common/io/prometheus/prometheus_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

struct Read {
  PrometheusApiOptions options;
  std::string errors;
};

Read ReadText(const std::string& text) {
  YamlDocument document = YamlDocument::Parse("p.yml", text);
  YamlMap root = document.root();
  Read read;
  ReadPrometheusOptions(root, &read.options);
  root.Finish();
  if (const Status status = document.status(); !status) read.errors = status.error().message;
  return read;
}

constexpr char kEverything[] = R"(
url: https://user:inurl@prometheus.example:9090/prom
timeout: 5s
accept_partial: false
parameters: {dedup: "true", replicaLabels: replica}
authorization: {type: Token, credentials: topsecret}
tls_config: {ca_file: ca.pem, cert_file: c.pem, key_file: k.pem, insecure_skip_verify: true}
http_headers:
  X-Scope-OrgID: {values: [tenant-a]}
  X-Key: {secrets: [hidden]}
proxy_url: http://proxy:3128
follow_redirects: false
)";

TEST(PrometheusOptionsTest, ReadsEverything) {
  const Read read = ReadText(kEverything);
  EXPECT_EQ(read.errors, "");
  const HttpClientOptions& http = read.options.http;
  EXPECT_EQ(read.options.timeout, std::chrono::seconds(5));
  EXPECT_FALSE(read.options.accept_partial);
  EXPECT_THAT(read.options.parameters,
              ElementsAre(Pair("dedup", "true"), Pair("replicaLabels", "replica")));
  EXPECT_EQ(http.authorization_type, "Token");
  EXPECT_EQ(http.authorization_credentials, "topsecret");
  EXPECT_EQ(http.ca_file, "ca.pem");
  EXPECT_TRUE(http.insecure_skip_verify);
  EXPECT_THAT(http.headers,
              ElementsAre(Pair("X-Scope-OrgID", "tenant-a"), Pair("X-Key", "hidden")));
  EXPECT_EQ(http.proxy_url, "http://proxy:3128");
  EXPECT_FALSE(http.follow_redirects);
}

TEST(PrometheusOptionsTest, AnEmptySectionIsTheDefault) {
  const Read read = ReadText("{}");
  EXPECT_EQ(read.errors, "");
  EXPECT_EQ(read.options.url, "http://localhost:9090");
}

TEST(PrometheusOptionsTest, ShowsNoSecret) {
  YamlWriter writer;
  WritePrometheusOptions(ReadText(kEverything).options, writer);
  for (const char* secret : {"topsecret", "hidden", "inurl", "tenant-a"}) {
    EXPECT_THAT(writer.text(), Not(HasSubstr(secret)));
  }
  EXPECT_THAT(writer.text(), HasSubstr("url: \"https://<secret>@prometheus.example:9090/prom\"\n"));
  EXPECT_EQ(ReadText(writer.text()).errors, "") << writer.text();
}

TEST(PrometheusOptionsTest, SaysWhatIsWrong) {
  struct Row {
    const char* text;
    const char* errors;
  };
  for (const Row& row : std::vector<Row>{
           {"url: localhost:9090",
            "p.yml:1:6: url: 'localhost:9090' is not a URL: expected http:// or https:// and a "
            "host"},
           {"url: 'http://'",
            "p.yml:1:6: url: 'http://' is not a URL: expected http:// or https:// and a host"},
           {"url: 'http://u:p@:9090/x'",
            "p.yml:1:6: url: 'http://<secret>@:9090/x' is not a URL: expected http:// or https:// "
            "and a host"},
           {"basic_auth: {username: a, password: b, password_file: c}",
            "p.yml:1:55: password_file: password is given, too: expected one of them"},
           {"basic_auth: {username: a}\nauthorization: {credentials: b}",
            "p.yml:2:16: authorization: basic_auth is given, too: expected one of them"},
           {"authorization: {type: Bearer}",
            "p.yml:1:16: authorization: expected credentials or credentials_file"},
           {"tls_config: {cert_file: a}",
            "p.yml:1:13: tls_config: expected cert_file and key_file together"},
           {"timout: 3s", "p.yml:1:1: unknown key 'timout' (did you mean 'timeout'?)"},
       }) {
    EXPECT_EQ(ReadText(row.text).errors, row.errors) << row.text;
  }
}

}  // namespace
}  // namespace promheal
