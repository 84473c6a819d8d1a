#include "webhook/executors/haproxy/haproxy_options.h"

#include <gtest/gtest.h>

#include <string>

#include "common/io/yaml/yaml_schema.h"
#include "webhook/executors/haproxy/haproxy_executor.h"

namespace promheal::healing {
namespace {

// The options read from the block below `haproxy:`, or all its errors.
std::string Read(const std::string& block, HaproxyOptions* options = nullptr) {
  YamlDocument document = YamlDocument::Parse("healing.yml", block);
  YamlMap root = document.root();
  const HaproxyOptions read = ReadHaproxyOptions(root);
  root.Finish();
  if (options != nullptr) *options = read;
  const Status status = document.status();
  return status ? ToString(read) : status.error().message;
}

TEST(HaproxyOptionsTest, ReadsAnAction) {
  HaproxyOptions options;
  EXPECT_EQ(Read("sockets: [/run/a.sock, /run/b.sock]\noperation: throttle\npercent: 40\n"
                 "key: \"{cluster}-{service}\"\ntable: shed\nexpires_after: 30s\ntimeout: 500ms\n",
                 &options),
            "throttle 40% of {cluster}-{service}");
  EXPECT_EQ(options.sockets.size(), 2U);
  EXPECT_EQ(options.TableName(), "shed");
  EXPECT_EQ(options.expires_after, std::chrono::seconds(30));
  EXPECT_EQ(options.timeout, Duration(500));
}

TEST(HaproxyOptionsTest, HasDefaultsForTheShopsGateway) {
  HaproxyOptions options;
  EXPECT_EQ(Read("{sockets: [/a], operation: breaker}", &options), "breaker 100% of {service}");
  EXPECT_EQ(options.TableName(), "override_breaker");
  EXPECT_EQ(Read("{sockets: [/a], operation: throttle, percent: 5}", &options),
            "throttle 5% of {service}");
  EXPECT_EQ(options.TableName(), "override_shed");
  EXPECT_EQ(Read("{sockets: [/a], operation: drain}"), "drain of {service}/{instance}");
  EXPECT_EQ(Read("{sockets: [/a], operation: scale_out}"), "scale_out of {service}");
  EXPECT_EQ(Read("{sockets: [/a], operation: del_server}"), "del_server of {service}/{instance}");
  EXPECT_EQ(Read("{sockets: [/a], operation: add_server, server: new, address: \"{instance}\"}"),
            "add_server of {service}/new at {instance}");
  EXPECT_EQ(Read("{sockets: [/a], operation: redirect, map: /dev/null, fallback: sorry}"),
            "redirect of {service} to sorry");
  EXPECT_EQ(Read("{sockets: [/a], operation: set_maxconn, maxconn: 9, server: \"s-{slot}\"}"),
            "set_maxconn 9 of {service}/s-{slot}");
}

TEST(HaproxyOptionsTest, SaysAllThatIsWrong) {
  struct Row {
    const char* block;
    const char* errors;
  };
  const Row rows[] = {
      {"{}",
       "healing.yml:1:1: sockets: expected paths of HAProxy admin sockets, such as "
       "[/run/haproxy/admin.sock]\n"
       "healing.yml:1:1: operation: missing: expected one of ready, scale_out, add_server, "
       "throttle, set_maxconn, set_weight, drain, scale_in, del_server, maint, redirect, breaker"},
      {"{sockets: [run/a.sock, /b, /b], operation: drain}",
       "healing.yml:1:11: sockets: expected an absolute path of at most 107 characters\n"
       "healing.yml:1:11: sockets: a path is listed twice"},
      {"{sockets: [/a], operation: drian}",
       "healing.yml:1:28: operation: unknown value 'drian' (did you mean 'drain'?): expected "
       "ready, scale_out, add_server, throttle, set_maxconn, set_weight, drain, scale_in, "
       "del_server, maint, redirect or breaker"},
      {"{sockets: [/a], operation: add_server}",
       "healing.yml:1:1: missing key 'address': expected text"},
      {"{sockets: [/a], operation: add_server, address: \"orders-4:8080\"}",
       "healing.yml:1:49: address: the address may not be put into a command for HAProxy: expected "
       "an IPv4 address and a port, such as 172.18.0.5:3011"},
      {"{sockets: [/a], operation: redirect, map: maps/x, fallback: none}",
       "healing.yml:1:43: map: expected an absolute path of letters, digits and _ . - / and of at "
       "most 200 characters\n"
       "healing.yml:1:61: fallback: no backend may be called 'none'"},
      {"{sockets: [/a], operation: redirect}",
       "healing.yml:1:1: missing key 'map': expected text\n"
       "healing.yml:1:1: missing key 'fallback': expected text"},
      {"{sockets: [/a], operation: throttle}",
       "healing.yml:1:1: percent: missing: expected the share, 1 to 100"},
      {"{sockets: [/a], operation: throttle, percent: 101}",
       "healing.yml:1:47: percent: 101 is too large: expected a whole number from 1 to 100"},
      {"{sockets: [/a], operation: drain, percent: 40}",
       "healing.yml:1:35: unknown key 'percent': expected backend, server, min_active or timeout"},
      {"{sockets: [/a], operation: throttle, percent: 4, key: \"a b {service}\", table: \"x;y\"}",
       "healing.yml:1:55: key: the key may not be put into a command for HAProxy: it holds "
       "something other than letters, digits and _ . : -\n"
       "healing.yml:1:79: table: the table may not be put into a command for HAProxy: it holds "
       "something other than letters, digits and _ . : -"},
  };
  for (const Row& row : rows) EXPECT_EQ(Read(row.block), row.errors) << row.block;
}

TEST(HaproxyOptionsTest, EveryOperationIsDescribed) {
  for (const HaproxyOperationInfo& info : HaproxyOperations()) {
    EXPECT_EQ(&InfoOf(info.operation), &info);
    for (const std::string_view text :
         {info.name, info.changes, info.repeated, info.undo, info.needs}) {
      EXPECT_FALSE(text.empty()) << info.name;
    }
  }
  EXPECT_EQ(HaproxyOperations().size(), static_cast<size_t>(HaproxyOperation::kRedirect) + 1);
}

TEST(HaproxyOptionsTest, AnExecutorIsMadeOfThem) {
  const SystemClock clock;
  HaproxyOptions options;
  Read("{sockets: [/nobody/there.sock], operation: drain}", &options);
  const auto executor = MakeHaproxyExecutor(options, clock);
  Action action;
  action.labels = Labels{{"service", "orders"}, {"instance", "orders-1"}};
  EXPECT_TRUE(executor->Check(action));
  EXPECT_EQ(executor->Execute(action, std::chrono::seconds(1)).detail,
            "asking HAProxy at /nobody/there.sock: cannot connect: No such file or directory");
}

}  // namespace
}  // namespace promheal::healing
