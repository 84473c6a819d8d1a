#include "webhook/alertmanager_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "tests/support/fake_http_server.h"
#include "tests/support/null_logger.h"
#include "tests/support/wait.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class AlertmanagerReaderTest : public testing::Test {
 protected:
  AlertmanagerReaderTest() {
    config_->alertmanager.url = alertmanager_.url() + "/am/";
    config_->alertmanager.interval = 20ms;
    config_->alertmanager.filter = {"healing=\"promheal\"", "team=~\"a|b\""};
  }
  void Start() {
    reader_ = std::make_unique<AlertmanagerReader>([this] { return config_; }, MakeCurlHttpClient,
                                                   inbox_, metrics_, clock_, *logger_);
  }
  std::string Asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  bool HasAnswer() { return inbox_.Pop(20ms).input.reading.has_value(); }

  std::mutex mutex_;
  std::string asked_;
  int status_ = 200;
  support::FakeHttpServer alertmanager_{[this](const support::FakeHttpRequest& request) {
    const std::lock_guard lock(mutex_);
    asked_ = request.target;
    return support::Reply(status_, "[]");
  }};
  std::shared_ptr<HealingConfig> config_ = std::make_shared<HealingConfig>();
  SystemClock clock_;
  std::unique_ptr<Logger> logger_ = support::MakeNullLogger();
  HealingMetrics metrics_;
  Inbox inbox_{10};
  std::unique_ptr<AlertmanagerReader> reader_;
};

TEST_F(AlertmanagerReaderTest, AsksForAllThatIsOursAndHandsItOver) {
  Start();
  EXPECT_TRUE(support::WaitUntil([&] { return HasAnswer(); }, 10s));
  EXPECT_THAT(Asked(), HasSubstr("/am/api/v2/alerts?active=true&silenced=true"));
  EXPECT_THAT(Asked(), HasSubstr("filter=healing%3D%22promheal%22&filter=team%3D~%22a%7Cb%22"));
}

TEST_F(AlertmanagerReaderTest, OneThatDoesNotAnswerHandsNothingOver) {
  status_ = 500;
  Start();
  EXPECT_TRUE(support::WaitUntil([&] { return !Asked().empty(); }, 10s));
  EXPECT_FALSE(HasAnswer());
  {
    const std::lock_guard lock(mutex_);
    status_ = 200;
  }
  EXPECT_TRUE(support::WaitUntil([&] { return HasAnswer(); }, 10s));
}

TEST_F(AlertmanagerReaderTest, AsksNobodyWhereNoneIsConfigured) {
  config_->alertmanager.url.clear();
  Start();
  EXPECT_FALSE(HasAnswer());
  EXPECT_EQ(Asked(), "");
}

}  // namespace
}  // namespace promheal::healing
