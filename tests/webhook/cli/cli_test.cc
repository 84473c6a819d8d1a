// The real program as its own client, against the real program as a server.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/support/child_process.h"
#include "tests/support/free_port.h"
#include "tests/support/raw_http_client.h"
#include "tests/support/temp_directory.h"
#include "tests/support/wait.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

struct Done {
  int status;
  std::string output;
};

class CliTest : public testing::Test {
 protected:
  void Start(const std::string& web_config = "") {
    directory_.Write("healing.yml", "incidents: {collection_window: 0s}\n");
    std::vector<std::string> argv = {HEALING_WEBHOOK,
                                     "--config.file",
                                     directory_.PathOf("healing.yml"),
                                     "--storage.path",
                                     directory_.PathOf("data"),
                                     "--web.listen-address",
                                     fmt::format("127.0.0.1:{}", port_)};
    if (web_config.empty()) {
      argv.emplace_back("--web.allow-unauthenticated");
    } else {
      directory_.Write("web.yml", web_config);
      argv.insert(argv.end(),
                  {"--web.config.file", directory_.PathOf("web.yml"), "--web.protect-reads"});
    }
    healer_ = std::make_unique<support::ChildProcess>(support::ChildProcessOptions{.argv = argv});
    const auto listens = [&] {
      try {
        return support::RawHttpGet(port_, "/-/healthy")->status == 200;
      } catch (const std::exception&) {
        return false;
      }
    };
    ASSERT_TRUE(support::WaitUntil(listens, 30s)) << healer_->Output();
  }

  void Alert() const {
    const std::string body =
        R"({"version":"4","alerts":[{"status":"firing","labels":{"alertname":"Crash",)"
        R"("service":"orders","scenario":"crash"},"startsAt":"2026-01-01T00:00:00Z"}]})";
    const auto response = support::RawHttpExchange(
        port_,
        fmt::format("POST /api/v1/alerts HTTP/1.1\r\nHost: t\r\nContent-Length: {}\r\n\r\n{}",
                    body.size(), body));
    ASSERT_TRUE(response);
    ASSERT_EQ(response->status, 200) << response->body;
  }

  Done Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), HEALING_WEBHOOK);
    arguments.push_back(fmt::format("--webhook.url=http://127.0.0.1:{}/", port_));
    support::ChildProcess process({.argv = std::move(arguments)});
    const auto status = process.Wait(20s);
    return {status.value_or(-1), process.Output()};
  }

  support::TempDirectory directory_;
  const uint16_t port_ = support::FreePort();
  std::unique_ptr<support::ChildProcess> healer_;
};

TEST_F(CliTest, ListsAndExplainsWhatTheHealerKnows) {
  Start();
  EXPECT_EQ(Run({"incidents"}).output, "No incidents.\n");
  Alert();
  const Done list = Run({"incidents"});
  EXPECT_EQ(list.status, 0);
  EXPECT_NE(list.output.find("\norders  "), std::string::npos) << list.output;
  EXPECT_NE(list.output.find("no_policy"), std::string::npos) << list.output;
  const std::string id = list.output.substr(list.output.find("orders-2"),
                                            std::string("orders-20260101-000000-").size() + 6);
  const Done explained = Run({"explain", id.substr(0, id.find(' '))});
  EXPECT_EQ(explained.status, 0);
  EXPECT_NE(explained.output.find("named by  Crash\n"), std::string::npos) << explained.output;
  EXPECT_NE(Run({"incidents", "--json"}).output.find("{\"incidents\":[{"), std::string::npos);
}

TEST_F(CliTest, SaysInOneLineWhatWentWrong) {
  EXPECT_NE(Run({"incidents"}).output.find("asking http://127.0.0.1:"), std::string::npos);
  EXPECT_EQ(Run({"incidents"}).status, 1);
  Start();
  const Done unknown = Run({"explain", "orders-1"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_NE(unknown.output.find("404: no such incident"), std::string::npos) << unknown.output;
  EXPECT_NE(Run({"explain"}).output.find("expected its ID"), std::string::npos);
  EXPECT_NE(Run({"incidents", "--state=shut"}).output.find("expected open or closed"),
            std::string::npos);
}

TEST_F(CliTest, NamesTheCommandsWhereThereIsNoneOfThatName) {
  const Done done = Run({"incident"});
  EXPECT_EQ(done.status, 1);
  EXPECT_NE(done.output.find("there is no command 'incident'"), std::string::npos) << done.output;
  EXPECT_NE(done.output.find("  explain"), std::string::npos) << done.output;
}

TEST_F(CliTest, IsLetInWithAnHttpConfig) {
  Start(
      "basic_auth_users:\n"
      "  anna: $2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n");  // "secret"
  const Done refused = Run({"incidents"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.output.find(": 401: "), std::string::npos) << refused.output;
  directory_.Write("good.yml", "basic_auth: {username: anna, password: secret}\n");
  const Done let_in = Run({"incidents", "--http.config.file=" + directory_.PathOf("good.yml")});
  EXPECT_EQ(let_in.output, "No incidents.\n");
  directory_.Write("client.yml", "basic_auth: {username: anna, pasword: x}\n");
  EXPECT_NE(Run({"incidents", "--http.config.file=" + directory_.PathOf("client.yml")})
                .output.find("client.yml:1:30: unknown key 'pasword'"),
            std::string::npos);
}

}  // namespace
}  // namespace promheal::healing
