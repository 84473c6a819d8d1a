#include "common/base/labels.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

TEST(LabelsTest, AreTheSameInWhateverOrderTheyWereGiven) {
  EXPECT_EQ((Labels{{"a", "1"}, {"b", "2"}}), (Labels{{"b", "2"}, {"a", "1"}}));
}

TEST(LabelsTest, KeepTheLastValueOfARepeatedName) {
  EXPECT_EQ((Labels{{"a", "1"}, {"a", "2"}}), (Labels{{"a", "2"}}));
}

TEST(LabelsTest, HoldNoEmptyValue) {
  Labels labels{{"a", "1"}, {"b", ""}};
  EXPECT_EQ(labels.size(), 1U);
  labels.Set("a", "");
  EXPECT_TRUE(labels.empty());
  EXPECT_EQ(labels.Get("a"), "");
}

TEST(LabelsTest, KeepOrDropNamedLabels) {
  const Labels labels{{"job", "shop"}, {"service", "orders"}, {"instance", "a:1"}};
  EXPECT_EQ(labels.Only({"service", "job", "zone"}),
            (Labels{{"job", "shop"}, {"service", "orders"}}));
  EXPECT_EQ(labels.Without({"instance"}), (Labels{{"job", "shop"}, {"service", "orders"}}));
}

TEST(LabelsTest, KnowWhetherTheyHaveAllOfSomeNames) {
  const Labels labels{{"job", "shop"}, {"service", "orders"}};
  EXPECT_TRUE(labels.HasAll({"service", "job"}));
  EXPECT_TRUE(labels.HasAll({}));
  EXPECT_FALSE(labels.HasAll({"service", "zone"}));
}

TEST(LabelsTest, PrintAsPromQLWithEscapes) {
  EXPECT_EQ((Labels{{"path", "C:\\x\"y\n"}, {"a", "1"}}).ToString(),
            "{a=\"1\",path=\"C:\\\\x\\\"y\\n\"}");
  EXPECT_EQ(Labels().ToString(), "{}");
  EXPECT_EQ((Labels{{"service", "orders"}, {"cluster", "eu"}}).ToDisplayName(), "eu/orders");
}

TEST(LabelsTest, NamesAreChecked) {
  EXPECT_TRUE(IsValidLabelName("_service1"));
  for (const char* name : {"", "1a", "a-b", "a b", "ä"}) EXPECT_FALSE(IsValidLabelName(name));
}

}  // namespace
}  // namespace promheal
