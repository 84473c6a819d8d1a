#include "webhook/alerts/payload_recorder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/io/file.h"
#include "tests/support/fake_clock.h"
#include "tests/support/null_logger.h"
#include "tests/support/temp_directory.h"
#include "webhook/alerts/recorded_payloads.h"

namespace promheal::healing {
namespace {

constexpr char kBody[] =
    "{\"version\":\"4\",\r\n \"alerts\":[{\"status\":\"firing\",\n"
    "\"labels\":{\"alertname\":\"Crash\",\"service\":\"orders\"},"
    "\"startsAt\":\"2026-01-01T00:00:00Z\"}]}\n";

class PayloadRecorderTest : public testing::Test {
 protected:
  std::unique_ptr<PayloadRecorder> Open(size_t max_bytes = 1 << 20) {
    return *PayloadRecorder::Open(path_, clock_, *logger_, max_bytes);
  }
  support::TempDirectory directory_;
  const std::string path_ = directory_.PathOf("payloads.jsonl");
  support::FakeClock clock_{Time()};
  std::unique_ptr<Logger> logger_ = support::MakeNullLogger();
};

TEST_F(PayloadRecorderTest, WhatItWroteIsReadAsWhatWasDelivered) {
  clock_.Set(*ParseRfc3339("2026-01-01T00:00:02.500Z"));
  Open()->Record(kBody);
  Open()->Record(kBody);  // The next start appends.
  const auto deliveries = LoadPayloads(path_);
  ASSERT_TRUE(deliveries) << deliveries.error().message;
  ASSERT_EQ(deliveries->size(), 2U);
  EXPECT_EQ(deliveries->front().at, clock_.Now());
  EXPECT_EQ(deliveries->front().delivery.alerts.at(0).labels.Get("service"), "orders");
}

TEST_F(PayloadRecorderTest, OnlyTheProgramsUserCanReadIt) {
  Open()->Record(kBody);
  struct stat found {};
  ASSERT_EQ(stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);
}

TEST_F(PayloadRecorderTest, KeepsTwoFilesOfTheGivenSizeAtMost) {
  const auto recorder = Open(1000);
  for (int i = 0; i < 50; ++i) recorder->Record(kBody);
  EXPECT_LE(ReadFile(path_)->size(), 1000U);
  EXPECT_LE(ReadFile(path_ + ".1")->size(), 1000U);
  EXPECT_GT(LoadPayloads(directory_.path())->size(), 5U) << "a directory is read as a whole";
}

TEST_F(PayloadRecorderTest, SaysWhereItCannotWriteAtAll) {
  const auto recorder = PayloadRecorder::Open(directory_.PathOf("none/x"), clock_, *logger_);
  ASSERT_FALSE(recorder);
  EXPECT_EQ(recorder.error().message.find("recording payloads: "), 0U);
}

TEST_F(PayloadRecorderTest, ALineThatIsNoneIsNamed) {
  directory_.Write("payloads.jsonl", "\n{\"received_at\":1}\n");
  const auto deliveries = LoadPayloads(path_);
  ASSERT_FALSE(deliveries);
  EXPECT_NE(deliveries.error().message.find("payloads.jsonl:2: expected"), std::string::npos);
}

}  // namespace
}  // namespace promheal::healing
