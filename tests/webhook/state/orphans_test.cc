#include "webhook/state/orphans.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

const OverrideChange kStray{.keeper = "/run/a.sock", .subject = "auth", .after = "40%"};

OverridesRead Reading(const std::string& action, std::vector<OverrideChange> changes) {
  OverridesRead read{.action = action};
  for (OverrideChange& change : changes) {
    read.state.overrides.push_back({.changes = {std::move(change)}});
  }
  read.state.keepers.push_back({.keeper = "/run/a.sock", .run = "pid 1"});
  return read;
}

// The record of an incident that holds this.
Orphans::Holding Holding(const OverrideChange& change) {
  Incident incident;
  incident.overrides.push_back({.held = {.changes = {change}}});
  return {{"open/auth", std::make_shared<const Incident>(incident)}};
}

TEST(OrphansTest, WhatTwoReadingsInARowShowOnNoRecordIsOneAndToldOnce) {
  Orphans orphans;
  EXPECT_TRUE(orphans.Update(Reading("throttle", {kStray}), {}).empty()) << "it may be older";
  EXPECT_TRUE(orphans.all().empty());
  EXPECT_EQ(orphans.Update(Reading("throttle", {kStray}), {}).size(), 1U);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(orphans.Update(Reading("throttle", {kStray}), {}).empty());
  }
  ASSERT_EQ(orphans.all().size(), 1U);
  EXPECT_EQ(orphans.all()[0].subject, "auth");
  orphans.Update(Reading("throttle", {}), {});
  EXPECT_TRUE(orphans.all().empty()) << "gone";
}

TEST(OrphansTest, WhatIsOnRecordIsNone) {
  Orphans orphans;
  OverrideChange stepped = kStray;
  stepped.earlier = {"40%"};
  stepped.after = "20%";
  for (const OverrideChange& ours : {kStray, stepped}) {
    for (int i = 0; i < 3; ++i) orphans.Update(Reading("throttle", {kStray}), Holding(ours));
    EXPECT_TRUE(orphans.all().empty());
  }
  OverrideChange reached = kStray;
  reached.subject += "@10.0.0.7:8080";
  for (int i = 0; i < 3; ++i) orphans.Update(Reading("throttle", {kStray}), Holding(reached));
  EXPECT_TRUE(orphans.all().empty()) << "the same place";
  OverrideChange other = kStray;
  other.after = "75%";
  for (int i = 0; i < 3; ++i) orphans.Update(Reading("throttle", {other}), Holding(kStray));
  EXPECT_EQ(orphans.all().size(), 1U) << "our place, but another writer's value";
}

TEST(OrphansTest, TwoActionsThatReadTheSamePlaceSeeOneOrphan) {
  Orphans orphans;
  for (int i = 0; i < 2; ++i) {
    for (const char* action : {"throttle", "throttle_more"}) {
      orphans.Update(Reading(action, {kStray}), {});
    }
  }
  EXPECT_EQ(orphans.all().size(), 1U);
}

TEST(OrphansTest, AGatewayThatCannotBeReadForgetsNothing) {
  Orphans orphans;
  for (int i = 0; i < 2; ++i) orphans.Update(Reading("throttle", {kStray}), {});
  OverridesRead unread{.action = "throttle"};
  unread.state.keepers.push_back(
      {.keeper = "/run/a.sock", .error = Error{ErrorCode::kUnavailable, "refused"}});
  orphans.Update(unread, {});
  EXPECT_EQ(orphans.all().size(), 1U);
}

}  // namespace
}  // namespace promheal::healing
