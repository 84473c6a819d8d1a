#include "webhook/executors/swarm/swarm_options.h"

#include <gmock/gmock.h>

#include "common/io/yaml/yaml_schema.h"

namespace promheal::healing {
namespace {

using testing::HasSubstr;

std::string ErrorsOf(const std::string& text, SwarmOptions* options = nullptr) {
  YamlDocument document = YamlDocument::Parse("s.yml", text);
  YamlMap root = document.root();
  const SwarmOptions read = ReadSwarmOptions(root);
  root.Finish();
  if (options != nullptr) *options = read;
  const Status status = document.status();
  return status ? "" : status.error().message;
}

TEST(SwarmOptionsTest, ReadsWhatEachOperationHas) {
  SwarmOptions options;
  EXPECT_EQ(ErrorsOf("operation: scale_out\nservice: \"shop_{service}\"\nmost: 8\n", &options), "");
  EXPECT_EQ(options.socket, "/var/run/docker.sock");
  EXPECT_EQ(options.most, 8);
  EXPECT_EQ(ToString(options), "scale_out service shop_{service}");
  EXPECT_EQ(ErrorsOf("operation: scale_in\nservice: \"{service}\"\nleast: 2\n", &options), "");
  EXPECT_EQ(options.least, 2);
  EXPECT_EQ(ErrorsOf("operation: restart\nservice: \"{service}\"\n", &options), "");
}

TEST(SwarmOptionsTest, SaysWhatIsWrong) {
  struct Row {
    const char* text;
    const char* error;
  };
  for (const Row& row : {
           Row{"service: \"{a}\"\n", "operation: missing: expected one of scale_out, restart"},
           Row{"operation: stop\nservice: \"{a}\"\n", "expected scale_out, restart or scale_in"},
           Row{"operation: restart\n", "missing key 'service'"},
           Row{"operation: restart\nservice: shop\n", "service: expected a name with a place"},
           Row{"operation: restart\nservice: \"{a}\"\nmost: 3\n", "unknown key 'most'"},
           Row{"operation: scale_in\nservice: \"{a}\"\nleast: 0\n", "least: "},
           Row{"operation: restart\nservice: \"{a}\"\nsocket: docker.sock\n",
               "socket: expected an absolute path"},
       }) {
    EXPECT_THAT(ErrorsOf(row.text), HasSubstr(row.error)) << row.text;
  }
}

TEST(SwarmOptionsTest, ALabelThatMakesNoNameIsRefused) {
  SwarmOptions options;
  options.service = LabelTemplate("shop_{service}");
  EXPECT_EQ(ServiceName(options, Labels{{"service", "orders.v2-a"}}).value(), "shop_orders.v2-a");
  EXPECT_FALSE(ServiceName(options, Labels{{"service", "a/b"}}));
  EXPECT_FALSE(ServiceName(options, {}));
}

}  // namespace
}  // namespace promheal::healing
