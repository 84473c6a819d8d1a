#include "common/base/label_template.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

Result<std::string> AsIs(std::string_view, std::string_view value) { return std::string(value); }

const Labels kLabels{{"service", "orders"}, {"zone", "{service}"}};

TEST(LabelTemplateTest, FillsPlacesAndLeavesOtherBracesAlone) {
  struct Case {
    const char* text;
    const char* rendered;
  };
  const Case cases[] = {
      {"{service}:*", "orders:*"},
      {"up{service=\"{service}\"} and {}", "up{service=\"orders\"} and {}"},
      {"{{.State.StartedAt}}", "{{.State.StartedAt}}"},
      {"{service}{service}", "ordersorders"},
      {"{ service }{", "{ service }{"},
      {"", ""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(LabelTemplate(c.text).Render(kLabels, AsIs), std::string(c.rendered)) << c.text;
  }
}

TEST(LabelTemplateTest, NeverLooksForPlacesInsideAValue) {
  EXPECT_EQ(LabelTemplate("{zone}").Render(kLabels, AsIs), std::string("{service}"));
}

TEST(LabelTemplateTest, SaysWhichLabelIsMissing) {
  const auto rendered = LabelTemplate("{pod}-x").Render(kLabels, AsIs);
  ASSERT_FALSE(rendered);
  EXPECT_EQ(rendered.error().message, "the alert has no label 'pod', which '{pod}-x' needs");
}

TEST(LabelTemplateTest, NamesItsPlaces) {
  EXPECT_EQ(LabelTemplate("{a}{b}{a}").names(), (std::vector<std::string>{"a", "b", "a"}));
}

}  // namespace
}  // namespace promheal::healing
