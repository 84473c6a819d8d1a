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
  for (const char* text :
       {"", "replicas", "-1 replicas", "3", "3 replicas by ", "3 replicas ", "03 replicas",
        "99999999999999999999 replicas", "3 replicasby x", "3 replicas by \x1b[31m"}) {
    EXPECT_FALSE(ParseReplicas(text)) << text;
  }
}

TEST(SwarmServiceTest, WhateverElseTheSpecificationSaysIsWrittenBack) {
  const auto service = ParseSwarmService(
      R"({"ID":"a","Version":{"Index":18446744073709551},"Spec":{"Name":"b","Labels":{"c":"d"},
          "TaskTemplate":{"ForceUpdate":18446744073709551613,"e":[0.25,null,9007199254740993]},
          "Mode":{"Replicated":{"Replicas":2}}}})");
  ASSERT_TRUE(service) << service.error().message;
  EXPECT_EQ(SpecRestarted(*service, "f"),
            R"({"Labels":{"c":"d","promheal.restarted":"f"},"Mode":{"Replicated":{"Replicas":2}},)"
            R"("Name":"b","TaskTemplate":{"ForceUpdate":18446744073709551614,)"
            R"("e":[0.25,null,9007199254740993]}})");
}

TEST(SwarmServiceTest, WhatIsNoServiceIsSaidPlainly) {
  for (
      const char* text :
      {"", "[]", "{}", "{\"ID\":7}", "{\"ID\":\"a\",\"Spec\":[]}",
       R"({"ID":"a","Version":{"Index":1},"Spec":{"Name":"b","Mode":{"Global":{}}}})",
       R"({"ID":"a","Version":{"Index":1},"Spec":{"Name":"b","TaskTemplate":[],"Mode":{"Global":{}}}})",
       R"({"ID":"a","Version":{"Index":1},"Spec":{"Name":"b","TaskTemplate":{},"Mode":{"Replicated":{}}}})"}) {
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
