#include "webhook/core/query/query_template.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

std::string Rendered(const char* query, const char* value) {
  return RenderQuery(LabelTemplate(query), Labels{{"service", value}}).value_or("refused");
}

TEST(QueryTemplateTest, AValueCannotLeaveItsQuotesWhicheverTheyAre) {
  const char* const hostile = "x\"'} or vector(1) # \\ \n";
  EXPECT_EQ(Rendered(R"(up{service="{service}"})", hostile),
            R"(up{service="x\"'} or vector(1) # \\ \n"})");
  EXPECT_EQ(Rendered("up{service='{service}'}", hostile),
            R"(up{service='x"\'} or vector(1) # \\ \n'})");
}

TEST(QueryTemplateTest, AValueIsNoPattern) {
  EXPECT_EQ(Rendered(R"(up{pod=~"{service}-.*"})", ".*|a"), R"(up{pod=~"\\.\\*\\|a-.*"})");
  EXPECT_EQ(Rendered("up{pod !~ '{service}', service=\"{service}\"}", "a.b"),
            R"(up{pod !~ 'a\\.b', service="a.b"})");
}

TEST(QueryTemplateTest, APlaceholderOutsideOfQuotesIsRefused) {
  for (const char* query :
       {"{service}:up:ratio", "up{service={service}}", "up{service=\"a\"} > {service}",
        "up{service=`{service}`}", R"(up{service="a\{service}"})", "up # it's\n{service}",
        "up{a=\"\\\"{b}\"} + {service}"}) {
    EXPECT_EQ(Rendered(query, "x"), "refused") << query;
    const Status status = CheckQuery(LabelTemplate(query));
    ASSERT_FALSE(status) << query;
    EXPECT_NE(status.error().message.find("does not stand between quotes in"), std::string::npos);
  }
  EXPECT_TRUE(CheckQuery(LabelTemplate("# don't\nup{a=`'`, service=\"{service}\"}")));
}

TEST(QueryTemplateTest, TheBracesOfOtherTemplatesAreRefused) {
  for (const char* query :
       {R"(up{service="{{service}}"})", R"(up{service="{{ $labels.service }}"})"}) {
    const Status status = CheckQuery(LabelTemplate(query));
    ASSERT_FALSE(status) << query;
    EXPECT_EQ(status.error().message, "'" + std::string(query) +
                                          "' has double braces: expected the label's name in "
                                          "single ones, as in {service=\"{service}\"}");
  }
}

}  // namespace
}  // namespace promheal::healing
