#include "common/io/yaml/yaml_writer.h"

#include <gtest/gtest.h>

#include "common/io/yaml/yaml_schema.h"

namespace promheal {
namespace {

TEST(YamlWriterTest, WritesBlockStyle) {
  YamlWriter writer;
  writer.Value("interval", std::chrono::seconds(90));
  writer.Value("share", 0.5);
  writer.Value("trees", 100);
  writer.Value("partial", true);
  writer.Values("labels", {"cluster", "service"});
  writer.Map("prometheus", [&] { writer.Value("url", "http://localhost:9090/prometheus"); });
  writer.List("features", 2, [&](size_t i) {
    writer.Value("name", i == 0 ? "rate" : "errors");
    writer.Map("minimum", [&] { writer.Value("absolute", 2.0); });
  });
  writer.List("rules", 0, [](size_t) {});
  EXPECT_EQ(writer.text(), R"(interval: 1m30s
share: 0.5
trees: 100
partial: true
labels: [cluster, service]
prometheus:
  url: http://localhost:9090/prometheus
features:
  - name: rate
    minimum:
      absolute: 2
  - name: errors
    minimum:
      absolute: 2
rules: []
)");
}

TEST(YamlWriterTest, WhatItWritesIsReadBack) {
  for (const char* value : {"plain",
                            "",
                            "true",
                            "No",
                            "12",
                            "1e3",
                            "-x",
                            "a: b",
                            "a #b",
                            "x:",
                            "~",
                            "{a}",
                            "[a]",
                            "*a",
                            "two\nlines",
                            "tab\there",
                            "quo\"te",
                            "back\\slash",
                            "sum by (x) (rate(a{b=\"c\"}[1m]))",
                            "- dash",
                            "'single'",
                            "grüße",
                            " blank ",
                            "@at",
                            "%percent",
                            "|",
                            ">",
                            "&anchor"}) {
    YamlWriter writer;
    writer.Value("key", value);
    writer.Map(value, [&] { writer.Values("list", {value, value}); });
    YamlDocument document = YamlDocument::Parse("written.yml", writer.text());
    YamlMap root = document.root();
    std::string read;
    std::vector<std::string> list;
    root.Read("key", &read);
    if (root.Has(value)) {
      root.ReadMap(value, [&](YamlMap& map) { map.Read("list", &list); });
      EXPECT_EQ(list, (std::vector<std::string>{value, value})) << writer.text();
    }
    root.Finish();
    const Status status = document.status();
    EXPECT_TRUE(status) << status.error().message << "\n" << writer.text();
    EXPECT_EQ(read, value) << writer.text();
  }
}

}  // namespace
}  // namespace promheal
