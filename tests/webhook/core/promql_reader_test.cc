#include "webhook/core/promql_reader.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

TEST(PromqlReaderTest, WhatIsBareIsPromqlAloneAndStaysInItsPlace) {
  EXPECT_EQ(BarePromql("up{a=\"x}\\\"y\"} # or vector(0)"), "up{a=\"     \"} #             ");
  EXPECT_EQ(BarePromql("up{a='b'}\n# '\n or `c`"), "up{a=' '}\n#  \n or ` `");
}

}  // namespace
}  // namespace promheal::healing
