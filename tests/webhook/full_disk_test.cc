// The whole program but for main, on a file system that is really full.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "tests/support/null_logger.h"
#include "tests/support/raw_http_client.h"
#include "tests/support/temp_directory.h"
#include "tests/support/wait.h"
#include "webhook/healing_service.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

// A file system of one megabyte.
class SmallDisk {
 public:
  SmallDisk() {
    if (::mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, "size=1m") != 0) {
      problem_ = std::strerror(errno);
    }
  }
  ~SmallDisk() {
    if (problem_.empty()) ::umount2(directory_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::string& problem() const { return problem_; }
  const std::string& path() const { return directory_.path(); }
  void Fill() const {
    std::ofstream file(directory_.PathOf("filler"), std::ios::binary);
    const std::string block(4096, 'x');
    while (file.write(block.data(), 4096).flush()) {
    }
  }
  void Free() const { ::unlink(directory_.PathOf("filler").c_str()); }

 private:
  support::TempDirectory directory_;
  std::string problem_;
};

class FullDiskTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.problem().empty()) GTEST_SKIP() << "mounting a tmpfs: " << disk_.problem();
    auto service = HealingService::Start(
        {.config_file = configuration_.Write("healing.yml", "incidents: {}\n"),
         .storage_path = disk_.path() + "/data",
         .web_listen_address = "127.0.0.1:0",
         .allow_unauthenticated = true},
        clock_, *logger_);
    ASSERT_TRUE(service) << service.error().message;
    service_ = std::move(*service);
  }
  support::RawHttpResponse Send(const std::string& request, const std::string& body = "") const {
    const auto response = support::RawHttpExchange(
        service_->port(), fmt::format("{} HTTP/1.1\r\nHost: t\r\nContent-Length: {}\r\n\r\n{}",
                                      request, body.size(), body));
    EXPECT_TRUE(response);
    return response.value_or(support::RawHttpResponse{});
  }
  // Each about a service of its own, with much to write down.
  support::RawHttpResponse Alert(int number) const {
    return Send("POST /api/v1/alerts",
                fmt::format(R"({{"version":"4","alerts":[{{"status":"firing",)"
                            R"("labels":{{"alertname":"Crash","service":"s{}"}},)"
                            R"("annotations":{{"summary":"{}"}},)"
                            R"("startsAt":"2026-01-01T00:00:00Z"}}]}})",
                            number, std::string(8192, 'x')));
  }
  bool Knows(int number) const {
    const std::string service = fmt::format("\"service\":\"s{}\"", number);
    return Send("GET /api/v1/incidents").body.find(service) != std::string::npos;
  }
  bool Ready() const { return Send("GET /-/ready").status == 200; }

  SmallDisk disk_;
  support::TempDirectory configuration_;
  SystemClock clock_;
  std::unique_ptr<Logger> logger_ = support::MakeNullLogger();
  std::unique_ptr<HealingService> service_;
};

TEST_F(FullDiskTest, RefusesAlertsAndSaysSoUntilThereIsRoomAgain) {
  ASSERT_TRUE(support::WaitUntil([&] { return Ready(); }, 10s));
  ASSERT_EQ(Alert(0).status, 200);
  disk_.Fill();
  int refused = 1;
  while (refused < 100 && Alert(refused).status == 200) ++refused;
  ASSERT_LT(refused, 100) << "the disk never got full";
  const auto answer = Alert(refused);
  EXPECT_EQ(answer.status, 503) << "Alertmanager sends it again";
  EXPECT_NE(answer.body.find("full"), std::string::npos) << answer.body;
  const auto ready = Send("GET /-/ready");
  EXPECT_EQ(ready.status, 503);
  EXPECT_NE(ready.body.find("full"), std::string::npos) << ready.body;
  EXPECT_EQ(Send("GET /-/healthy").status, 200) << "a restart would not help";

  disk_.Free();
  EXPECT_TRUE(support::WaitUntil([&] { return Ready(); }, 10s)) << "by itself";
  EXPECT_EQ(Alert(refused).status, 200);
  // The page is published a moment after the answer.
  for (int i = 0; i <= refused; ++i) {
    EXPECT_TRUE(support::WaitUntil([&] { return Knows(i); }, 10s)) << i;
  }
}

}  // namespace
}  // namespace promheal::healing
