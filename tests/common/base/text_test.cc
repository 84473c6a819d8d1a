#include "common/base/text.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

TEST(TextTest, TrimsBlanksAtBothEndsOnly) {
  EXPECT_EQ(Trimmed(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(Trimmed(" \n"), "");
  EXPECT_EQ(Trimmed(""), "");
  EXPECT_EQ(Trimmed(" a\n", " "), "a\n");
}

// Test vectors of http://www.isthe.com/chongo/src/fnv/test_fnv.c.
TEST(TextTest, HashesAsFnv1aDoes) {
  EXPECT_EQ(Fnv1a(""), 0xcbf29ce484222325u);
  EXPECT_EQ(Fnv1a("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(Fnv1a("foobar"), 0x85944171f73967e8u);
}

}  // namespace
}  // namespace promheal
