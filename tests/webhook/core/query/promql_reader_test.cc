#include "webhook/core/query/promql_reader.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

TEST(PromqlReaderTest, BarePromqlKeepsOffsets) {
  EXPECT_EQ(BarePromql("up{a=\"x}\\\"y\"} # or vector(0)"), "up{a=\"     \"}               ");
  EXPECT_EQ(BarePromql("up{a='b'}\n# '\n or `c`"), "up{a=' '}\n   \n or ` `");
  EXPECT_EQ(BarePromql("up #'\r or down"), "up   \r or down");
}

TEST(PromqlReaderTest, CommentsCanBeTakenOutAlone) {
  EXPECT_EQ(WithoutComments("up{a='#b', # 'c'\n}"), "up{a='#b',      \n}");
}

TEST(PromqlReaderTest, APatternIsAlsoFoundAfterACommentOrALineBreak) {
  for (const char* query : {"up{a=~# why\n'", "up{a=~\r\n'"}) {
    PromqlReader reader;
    reader.Read(query);
    EXPECT_TRUE(reader.is_pattern()) << query;
  }
}

}  // namespace
}  // namespace promheal::healing
