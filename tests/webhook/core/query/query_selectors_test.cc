#include "webhook/core/query/query_selectors.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

using Selectors = std::vector<QuerySelector>;

TEST(QuerySelectorsTest, FindsEverySelectorWithBraces) {
  EXPECT_EQ(
      SelectorsOf(LabelTemplate(
          R"(sum(rate(errors{job="a,b}", service = "{service}"}[1m])) / up { instance!='{i}', })")),
      (Selectors{{"errors", {R"(job="a,b}")"}, {"service"}}, {"up", {}, {"instance"}}}));
  EXPECT_EQ(SelectorsOf(LabelTemplate(R"({__name__="up"} or vector(0) # x{a="{a}"})")),
            (Selectors{{"", {R"(__name__="up")"}, {}}}));
  EXPECT_EQ(SelectorsOf(LabelTemplate("up # all\n{job=\"#a\", # ours, that is\n "
                                      "service=\"{service}\" # one\n}")),
            (Selectors{{"up", {R"(job="#a")"}, {"service"}}}));
  EXPECT_EQ(SelectorsOf(LabelTemplate(R"(up or {job="a", service="{service}"})")),
            (Selectors{{"", {R"(job="a")"}, {"service"}}}));
  EXPECT_EQ(SelectorsOf(LabelTemplate("up")), Selectors{});
  EXPECT_EQ(SelectorsOf(LabelTemplate("up{")), Selectors{});
}

TEST(QuerySelectorsTest, CombinationsAreThoseOfAllTargets) {
  const auto selector =
      SelectorsOf(LabelTemplate(R"(service:up:ratio{env="prod", service="{service}"})")).front();
  EXPECT_EQ(
      CombinationsQuery(selector, {"cluster", "service"}),
      R"(group by (cluster, service) (service:up:ratio{env="prod", cluster!="", service!=""}))");
}

}  // namespace
}  // namespace promheal::healing
