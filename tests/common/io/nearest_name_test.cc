#include "common/io/nearest_name.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

TEST(NearestNameTest, FindsWhatASlipMeant) {
  const std::vector<std::string> names = {"cooldown", "interval", "url", "dry_run", "max"};
  struct Row {
    const char* slip;
    const char* meant;
  };
  for (const Row& row : {Row{"cooldwon", "cooldown"},   // Neighbours swapped.
                         Row{"cooldow", "cooldown"},    // One less.
                         Row{"coolldown", "cooldown"},  // One more.
                         Row{"intervall", "interval"}, Row{"Interval", "interval"},
                         Row{"dry-run", "dry_run"}, Row{"urls", "url"}, Row{"uri", "url"},
                         Row{"something", ""}, Row{"in", ""}, Row{"x", ""}, Row{"", ""}}) {
    EXPECT_EQ(NearestName(row.slip, names), row.meant) << row.slip;
  }
}

TEST(NearestNameTest, TakesTheNearestAndOfEqualsTheFirst) {
  EXPECT_EQ(NearestName("setle", {"settled", "settle"}), "settle");
  EXPECT_EQ(NearestName("bat", {"cat", "rat"}), "cat");
  EXPECT_EQ(NearestName("bat", {}), "");
}

TEST(NearestNameTest, ALongNameIsNoSlip) {
  const std::string name(100'000, 'x');
  EXPECT_EQ(NearestName(name, {name + "y"}), "");
}

}  // namespace
}  // namespace promheal
