#include "webhook/executors/swarm/swarm_service.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

TEST(ReplicasTest, AsTextAndBack) {
  for (const char* text : {"0 replicas", "3 replicas", "12 replicas by crash/7 restart by x"}) {
    const auto replicas = ParseReplicas(text);
    ASSERT_TRUE(replicas) << text;
    EXPECT_EQ(ToString(*replicas), text);
  }
  for (const char* text : {"", "replicas", "-1 replicas", "3", "3 replicas by ", "3 replicas ",
                           "03 replicas", "99999999999999999999 replicas", "3 replicasby x"}) {
    EXPECT_FALSE(ParseReplicas(text)) << text;
  }
}

TEST(SwarmServiceTest, WhatIsNoServiceIsSaidPlainly) {
  for (const char* text :
       {"", "[]", "{}", "{\"ID\":7}", "{\"ID\":\"a\",\"Spec\":[]}",
        R"({"ID":"a","Version":{"Index":1},"Spec":{"Name":"b","Mode":{"Replicated":{}}}})"}) {
    const auto service = ParseSwarmService(text);
    ASSERT_FALSE(service) << text;
    EXPECT_EQ(service.error().message, "the engine's answer is not a service");
  }
  EXPECT_FALSE(ParseSwarmServices("{}"));
  EXPECT_FALSE(ParseSwarmTasks("{}"));
  EXPECT_FALSE(ParseSwarmTasks("[{}]"));
}

}  // namespace
}  // namespace promheal::healing
