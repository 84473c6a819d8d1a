// The real program as its own client, against the real program as a server.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/support/running_healer.h"
#include "tests/support/temp_directory.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

class CliTest : public testing::Test {
 protected:
  void Start(const std::string& web_config = "") {
    directory_.Write("web.yml", web_config);
    healer_ = std::make_unique<support::RunningHealer>(
        directory_, HEALING_WEBHOOK, "incidents: {collection_window: 0s}\n",
        web_config.empty()
            ? std::vector<std::string>{"--web.allow-unauthenticated"}
            : std::vector<std::string>{"--web.config.file=@/web.yml", "--web.protect-reads"});
    ASSERT_TRUE(healer_->StartReady()) << healer_->Output();
  }

  void Alert() const {
    const auto response =
        healer_->Deliver(R"({"status":"firing","labels":{"alertname":"Crash","service":"orders",)"
                         R"("scenario":"crash"},"startsAt":"2026-01-01T00:00:00Z"})");
    ASSERT_EQ(response.status, 200) << response.body;
  }

  support::Finished Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), HEALING_WEBHOOK);
    arguments.push_back("--webhook.url=" +
                        (healer_ ? healer_->url() : "http://127.0.0.1:" + std::to_string(nobody_)));
    return support::RunToEnd(std::move(arguments));
  }

  support::TempDirectory directory_;
  const uint16_t nobody_ = support::FreePort();  // Listens there.
  std::unique_ptr<support::RunningHealer> healer_;
};

TEST_F(CliTest, ListsAndExplainsWhatTheHealerKnows) {
  Start();
  EXPECT_EQ(Run({"incidents"}).output, "No incidents.\n");
  Alert();
  const support::Finished list = Run({"incidents"});
  EXPECT_EQ(list.status, 0);
  EXPECT_NE(list.output.find("\norders  "), std::string::npos) << list.output;
  EXPECT_NE(list.output.find("no_policy"), std::string::npos) << list.output;
  const std::string id = list.output.substr(list.output.find("orders-2"),
                                            std::string("orders-20260101-000000-").size() + 6);
  const support::Finished explained = Run({"explain", id.substr(0, id.find(' '))});
  EXPECT_EQ(explained.status, 0);
  EXPECT_NE(explained.output.find("named by  Crash\n"), std::string::npos) << explained.output;
  EXPECT_NE(Run({"incidents", "--json"}).output.find("{\"incidents\":[{"), std::string::npos);
}

TEST_F(CliTest, SaysInOneLineWhatWentWrong) {
  EXPECT_NE(Run({"incidents"}).output.find("asking http://127.0.0.1:"), std::string::npos);
  EXPECT_EQ(Run({"incidents"}).status, 1);
  Start();
  const support::Finished unknown = Run({"explain", "orders-1"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_NE(unknown.output.find("404: no such incident"), std::string::npos) << unknown.output;
  EXPECT_NE(Run({"explain"}).output.find("expected its ID"), std::string::npos);
  EXPECT_NE(Run({"incidents", "--state=shut"}).output.find("expected open or closed"),
            std::string::npos);
}

TEST_F(CliTest, NamesTheCommandsWhereThereIsNoneOfThatName) {
  const support::Finished done = Run({"incident"});
  EXPECT_EQ(done.status, 1);
  EXPECT_NE(done.output.find("there is no command 'incident'"), std::string::npos) << done.output;
  EXPECT_NE(done.output.find("  explain"), std::string::npos) << done.output;
}

TEST_F(CliTest, IsLetInWithAnHttpConfig) {
  Start(
      "basic_auth_users:\n"
      "  anna: $2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n");  // "secret"
  const support::Finished refused = Run({"incidents"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.output.find(": 401: "), std::string::npos) << refused.output;
  directory_.Write("good.yml", "basic_auth: {username: anna, password: secret}\n");
  const support::Finished let_in =
      Run({"incidents", "--http.config.file=" + directory_.PathOf("good.yml")});
  EXPECT_EQ(let_in.output, "No incidents.\n");
  directory_.Write("client.yml", "basic_auth: {username: anna, pasword: x}\n");
  EXPECT_NE(Run({"incidents", "--http.config.file=" + directory_.PathOf("client.yml")})
                .output.find("client.yml:1:30: unknown key 'pasword'"),
            std::string::npos);
}

}  // namespace
}  // namespace promheal::healing
