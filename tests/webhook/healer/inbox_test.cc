#include "webhook/healer/inbox.h"

#include <gtest/gtest.h>

#include <thread>

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

TEST(InboxTest, ADeliveryWaitsUntilTheWorkerSaysWhatBecameOfIt) {
  Inbox inbox(10);
  Status status = Fail(ErrorCode::kInternal, "not set");
  std::thread sender([&] { status = inbox.Deliver(Delivery{.group_key = "g"}, 20s); });
  Inbox::Batch batch;
  while (batch.waiting.empty()) batch = inbox.Pop(1s);
  EXPECT_EQ(batch.input.deliveries.at(0).group_key, "g");
  batch.waiting[0].set_value({});
  sender.join();
  EXPECT_TRUE(status);
}

TEST(InboxTest, AFullQueueIsUnavailableAtOnce) {
  Inbox inbox(1);
  EXPECT_EQ(inbox.Deliver({}, 0ms).error().code, ErrorCode::kTimeout) << "no worker pops it";
  EXPECT_EQ(inbox.depth(), 1U);
  const Status full = inbox.Deliver({}, 20s);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error(), (Error{ErrorCode::kUnavailable, "the queue is full"}));
  inbox.Pop(0ms);
  EXPECT_EQ(inbox.depth(), 0U);
}

TEST(InboxTest, AStoppedInboxTakesNoMoreDeliveries) {
  Inbox inbox(10);
  inbox.Stop();
  EXPECT_TRUE(inbox.Pop(20s).stopped);
  EXPECT_EQ(inbox.Deliver({}, 20s).error().code, ErrorCode::kUnavailable);
}

TEST(InboxTest, TakesEverythingAtOnceAndComesBackWithNothingAfterTheTimeout) {
  Inbox inbox(10);
  inbox.Answer({"key", "id", TimePassed{}});
  inbox.Answer({"key", "id", TimePassed{}});
  inbox.Reconfigure(std::make_shared<HealingConfig>());
  const Inbox::Batch batch = inbox.Pop(20s);
  EXPECT_EQ(batch.input.answers.size(), 2U);
  EXPECT_NE(batch.input.new_config, nullptr);
  EXPECT_TRUE(inbox.Pop(1ms).input.answers.empty());
}

}  // namespace
}  // namespace promheal::healing
