#include "webhook/executors/docker/docker_options.h"

#include <gmock/gmock.h>

#include "common/io/yaml/yaml_schema.h"
#include "webhook/executors/docker/container_limits.h"

namespace promheal::healing {
namespace {

using testing::HasSubstr;

std::string ErrorsOf(const std::string& text, DockerOptions* options = nullptr) {
  YamlDocument document = YamlDocument::Parse("d.yml", text);
  YamlMap root = document.root();
  const DockerOptions read = ReadDockerOptions(root);
  root.Finish();
  if (options != nullptr) *options = read;
  const Status status = document.status();
  return status ? "" : status.error().message;
}

constexpr const char* kLabels = "labels: {com.docker.compose.service: \"{service}\"}\n";

TEST(DockerOptionsTest, ReadsWhatEachOperationHas) {
  DockerOptions options;
  EXPECT_EQ(
      ErrorsOf(std::string(kLabels) + "operation: restart\nstop_grace: 3s\nat_most: 2\n", &options),
      "");
  EXPECT_EQ(options.socket, "/var/run/docker.sock");
  EXPECT_EQ(options.stop_grace, std::chrono::seconds(3));
  EXPECT_EQ(ToString(options), "restart containers with com.docker.compose.service={service}");
  EXPECT_EQ(ErrorsOf(std::string(kLabels) + "operation: limit\ncpus: 0.5\nmemory_mebibytes: 64\n",
                     &options),
            "");
  EXPECT_EQ(options.nano_cpus, 500'000'000);
  EXPECT_EQ(options.memory_bytes, 64 << 20);
  EXPECT_EQ(ErrorsOf(std::string(kLabels) +
                         "operation: scale_out\nmost: 4\nkeep_aliases: false\ngateway: {sockets: "
                         "[/run/gateway/admin.sock], port: 3011}\n",
                     &options),
            "");
  EXPECT_EQ(options.gateway.port, 3011);
  EXPECT_FALSE(options.keeps_aliases);
}

TEST(DockerOptionsTest, SaysWhatIsWrong) {
  struct Row {
    const char* text;
    const char* error;
  };
  for (const Row& row : {
           Row{"operation: restart\n",
               "labels: expected labels that select the target's containers"},
           Row{"operation: restart\nlabels: {a: b}\n", "labels: expected labels that select"},
           Row{"labels: {a: \"{service}\"}\n", "operation: missing: expected one of unpause"},
           Row{"operation: reboot\nlabels: {a: \"{service}\"}\n", "operation: "},
           Row{"operation: stop\nlabels: {a: \"{service}\"}\ncpus: 1\n", "unknown key 'cpus'"},
           Row{"operation: limit\nlabels: {a: \"{service}\"}\n", "limit: expected cpus"},
           Row{"operation: limit\nlabels: {a: \"{service}\"}\nmemory_mebibytes: 5\n",
               "memory_mebibytes: "},
           Row{"operation: start\nlabels: {a: \"{service}\"}\nsocket: docker.sock\n",
               "socket: expected an absolute path"},
           Row{"operation: start\nlabels: {a: \"{service}\"}\nenable_label: promheal\n",
               "enable_label: expected a name and a value"},
           Row{"operation: scale_out\nlabels: {a: \"{service}\"}\ngateway: {sockets: [/a]}\n",
               "missing key 'port'"},
       }) {
    EXPECT_THAT(ErrorsOf(row.text), HasSubstr(row.error)) << row.text;
  }
}

TEST(ContainerLimitsTest, AsTextAndBack) {
  for (const char* text : {"cpus=0.5", "cpus=unlimited", "cpus=2 memory=67108864",
                           "memory=unlimited", "cpus=0.000000001", "cpus=1.25"}) {
    const auto limits = ParseContainerLimits(text);
    ASSERT_TRUE(limits) << text;
    EXPECT_EQ(ToString(*limits), text);
  }
  for (const char* text : {"", "cpus=", "cpus=-1", "cpus=0", "cpus=0.0000000001", "memory=x",
                           "memory=-1", "swap=1", "cpus=1 ", "cpus=1,5"}) {
    EXPECT_FALSE(ParseContainerLimits(text)) << text;
  }
}

TEST(ContainerLimitsTest, ReadsAQuotaLikeCpus) {
  const ContainerLimits cpus{.nano_cpus = 0};
  Container container;
  EXPECT_EQ(ToString(LimitsOf(container, cpus)), "cpus=unlimited");
  container.cpu_quota = 25000;
  container.cpu_period = 50000;
  EXPECT_EQ(ToString(LimitsOf(container, cpus)), "cpus=0.5");
  container.cpu_quota = -1;
  EXPECT_EQ(ToString(LimitsOf(container, cpus)), "cpus=unlimited");
  container.nano_cpus = 1'500'000'000;
  EXPECT_EQ(ToString(LimitsOf(container, cpus)), "cpus=1.5");
}

}  // namespace
}  // namespace promheal::healing
