#include "webhook/state/healing_snapshot.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

std::shared_ptr<const Incident> Named(const std::string& id) {
  Incident incident;
  incident.id = id;
  return std::make_shared<const Incident>(std::move(incident));
}

std::vector<std::string> IdsOf(const std::vector<std::shared_ptr<const Incident>>& incidents) {
  std::vector<std::string> ids;
  for (const auto& incident : incidents) ids.push_back(incident->id);
  return ids;
}

using Ids = std::vector<std::string>;

class PublishedSnapshotTest : public testing::Test {
 protected:
  PublishedSnapshot published_;
};

TEST_F(PublishedSnapshotTest, ShowsWhatHasChangedAndWhatHasNot) {
  published_.Publish({.open = {{"open/b", Named("b")}, {"open/a", Named("a")}}});
  published_.Publish({.open = {{"open/a", Named("a again")}}});
  EXPECT_EQ(IdsOf(published_.Get()->open), (Ids{"a again", "b"})) << "by target";
}

TEST_F(PublishedSnapshotTest, OneThatHasClosedIsNotOpenAnyMore) {
  published_.Publish({.open = {{"open/a", Named("a")}}});
  published_.Publish({.open = {{"open/a", nullptr}}, .closed = {Named("a")}});
  published_.Publish({.closed = {Named("b"), Named("c")}});
  EXPECT_TRUE(published_.Get()->open.empty());
  EXPECT_EQ(IdsOf(published_.Get()->closed), (Ids{"c", "b", "a"})) << "newest first";
}

TEST_F(PublishedSnapshotTest, KeepsOnlyTheLatestClosedOnes) {
  for (size_t i = 0; i < kMaxClosedShown + 5; ++i) {
    published_.Publish({.closed = {Named(std::to_string(i))}});
  }
  EXPECT_EQ(published_.Get()->closed.size(), kMaxClosedShown);
  EXPECT_EQ(published_.Get()->closed.front()->id, std::to_string(kMaxClosedShown + 4));
}

TEST_F(PublishedSnapshotTest, IsTheSameOneAsLongAsThereAreNoNews) {
  published_.Publish({.open = {{"open/a", Named("a")}}});
  const auto before = published_.Get();
  EXPECT_EQ(published_.Get(), before);
  published_.Publish({.open = {{"open/b", Named("b")}}});
  EXPECT_EQ(IdsOf(before->open), Ids{"a"}) << "a snapshot never changes";
  EXPECT_EQ(IdsOf(published_.Get()->open), (Ids{"a", "b"}));
}

TEST_F(PublishedSnapshotTest, AfterTheLedgerWasReadAgainNothingOlderIsLeft) {
  published_.Publish({.open = {{"open/a", Named("a")}},
                      .closed = {Named("c")},
                      .frozen = {{"frozen/a", std::make_shared<const FrozenRecord>()}},
                      .orphans = std::vector<Orphan>(1)});
  EXPECT_EQ(published_.Get()->frozen.size(), 1U);
  published_.Publish({.from_scratch = true, .open = {{"open/b", Named("b")}}});
  EXPECT_EQ(IdsOf(published_.Get()->open), Ids{"b"});
  EXPECT_TRUE(published_.Get()->closed.empty());
  EXPECT_TRUE(published_.Get()->frozen.empty());
  EXPECT_EQ(published_.Get()->orphans.size(), 1U) << "that is no matter of the ledger";
}

}  // namespace
}  // namespace promheal::healing
