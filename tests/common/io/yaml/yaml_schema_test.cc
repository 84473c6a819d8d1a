#include "common/io/yaml/yaml_schema.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/temp_directory.h"

namespace promheal {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

// A configuration with one of everything.
struct Example {
  std::string url;
  bool dry_run = false;
  int64_t bytes = 0;
  int threads = 4;
  double ratio = 0.5;
  Duration interval = seconds(15);
  std::vector<std::string> labels;
  std::vector<std::pair<std::string, std::string>> parameters;
  size_t mode = 0;
  double quantile = 0.9;
  std::vector<std::string> rule_names;
  std::vector<std::string> services;
};

Example ReadExample(YamlDocument* document) {
  Example example;
  YamlMap root = document->root();
  root.Read("url", &example.url, true);
  root.Read("dry_run", &example.dry_run);
  root.Read("bytes", &example.bytes, {.min = 0});
  root.Read("threads", &example.threads, {.min = 1, .max = 64});
  root.Read("ratio", &example.ratio, {.min = 0.0, .max = 1.0});
  root.Read("interval", &example.interval, {.min = seconds(1), .max = hours(1)});
  root.Read("labels", &example.labels);
  root.Read("parameters", &example.parameters);
  root.ReadEnum("mode", {"shadow", "recommend", "auto"}, &example.mode);
  root.ReadMap("threshold", [&](YamlMap& map) {
    map.Read("quantile", &example.quantile);
    map.Read("window", &example.interval);
  });
  root.ReadList("rules", [&](YamlMap& map) {
    std::string name;
    if (map.Read("name", &name, true)) example.rule_names.push_back(name);
    Duration cooldown{};
    map.Read("cooldown", &cooldown);
  });
  root.ReadNamedMaps("services", [&](const std::string& name, YamlMap& map) {
    int slots = 0;
    map.Read("slots", &slots, {.min = 1});
    example.services.push_back(name + "=" + std::to_string(slots));
  });
  root.Finish();
  return example;
}

// Everything that is wrong with `text`; "" where nothing is.
std::string ErrorsOf(std::string_view text) {
  YamlDocument document = YamlDocument::Parse("f.yml", text);
  ReadExample(&document);
  const Status status = document.status();
  if (status) return {};
  EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
  return status.error().message;
}

TEST(YamlSchemaTest, ReadsOneOfEverything) {
  YamlDocument document = YamlDocument::Parse("f.yml", R"(# A comment.
url: http://localhost:9090   # Another one.
dry_run: true
bytes: 5000000000
threads: 8
ratio: 1e-2
interval: 1m30s
labels: [service, "a b"]
parameters:
  dedup: true
  level: "5"
mode: auto
threshold:
  quantile: 0.5
rules:
  - name: one
  - {name: two, cooldown: 5m}
services:
  orders: {slots: 3}
  payments:
    slots: 2
  auth:
)");
  const Example example = ReadExample(&document);
  ASSERT_TRUE(document.status()) << document.status().error().message;
  EXPECT_EQ(example.url, "http://localhost:9090");
  EXPECT_TRUE(example.dry_run);
  EXPECT_EQ(example.bytes, 5'000'000'000);
  EXPECT_EQ(example.threads, 8);
  EXPECT_EQ(example.ratio, 0.01);
  EXPECT_EQ(example.interval, seconds(90));
  EXPECT_THAT(example.labels, ElementsAre("service", "a b"));
  EXPECT_THAT(example.parameters, ElementsAre(Pair("dedup", "true"), Pair("level", "5")));
  EXPECT_EQ(example.mode, 2U);
  EXPECT_EQ(example.quantile, 0.5);
  EXPECT_THAT(example.rule_names, ElementsAre("one", "two"));
  EXPECT_THAT(example.services, ElementsAre("orders=3", "payments=2", "auth=0"));
}

TEST(YamlSchemaTest, LeavesDefaultsAloneWhereAKeyIsAbsentOrWrong) {
  YamlDocument document =
      YamlDocument::Parse("f.yml", "url: x\nthreads: 0\nratio: [1]\ninterval: soon\nmode: no\n");
  const Example example = ReadExample(&document);
  EXPECT_FALSE(document.status());
  EXPECT_EQ(example.threads, 4);
  EXPECT_EQ(example.ratio, 0.5);
  EXPECT_EQ(example.interval, seconds(15));
  EXPECT_EQ(example.mode, 0U);
}

TEST(YamlSchemaTest, AnEmptyKeyIsAnEmptyMapOrList) {
  EXPECT_EQ(ErrorsOf("url: x\nlabels:\nparameters:\nthreshold:\nrules:\nservices:\n"), "");
  EXPECT_EQ(ErrorsOf("url: x\nlabels: []\nparameters: {}\nthreshold: {}\nrules: []\n"), "");
}

TEST(YamlSchemaTest, AnAliasStandsForWhatItNames) {
  YamlDocument document = YamlDocument::Parse(
      "f.yml", "url: x\nservices:\n  orders: &three {slots: 3}\n  auth: *three\n");
  EXPECT_THAT(ReadExample(&document).services, ElementsAre("orders=3", "auth=3"));
  EXPECT_TRUE(document.status());
}

TEST(YamlSchemaTest, TakesTheLineBreaksOfOtherSystemsAndAByteOrderMark) {
  EXPECT_EQ(ErrorsOf("\xef\xbb\xbfurl: x\r\nthreads: 2\r\n"), "");
  EXPECT_EQ(ErrorsOf("url: x\r\nthreads: 0\r\n"),
            "f.yml:2:10: threads: 0 is too small: expected a whole number from 1 to 64");
}

struct BadDocument {
  const char* text;
  const char* errors;
};

TEST(YamlSchemaTest, SaysWhereAndWhatIsWrongAndWhatWasExpected) {
  for (const BadDocument& bad : std::vector<BadDocument>{
           // Keys.
           {"url: x\ndryrun: true\n", "f.yml:2:1: unknown key 'dryrun' (did you mean 'dry_run'?)"},
           {"url: x\nTHREADS: 5\n", "f.yml:2:1: unknown key 'THREADS' (did you mean 'threads'?)"},
           {"url: x\ncompletely: different\n",
            "f.yml:2:1: unknown key 'completely': expected dry_run, bytes, threads, ratio, "
            "interval, labels, parameters, mode, threshold, rules or services"},
           {"url: x\nrules:\n  - name: a\n    cooldwon: 5s\n",
            "f.yml:4:5: unknown key 'cooldwon' (did you mean 'cooldown'?)"},
           {"url: x\nservices:\n  orders:\n    slot: 1\n",
            "f.yml:4:5: unknown key 'slot' (did you mean 'slots'?)"},
           {"url: x\n<<: {threads: 1}\n",
            "f.yml:2:1: unknown key '<<': expected dry_run, bytes, threads, ratio, interval, "
            "labels, parameters, mode, threshold, rules or services"},
           {"threads: 5\n", "f.yml:1:1: missing key 'url': expected text"},
           {"url: x\nrules:\n  - cooldown: 5s\n", "f.yml:3:5: missing key 'name': expected text"},
           // Duplicate keys, at every depth and also below keys that no reader asks for.
           {"url: x\nurl: y\n", "f.yml:2:1: duplicate key 'url': first given in line 1"},
           {"url: x\nthreshold:\n  quantile: 1\n  quantile: 2\n",
            "f.yml:4:3: duplicate key 'quantile': first given in line 3"},
           {"url: x\nrules: [{name: a, name: b}]\n",
            "f.yml:2:19: duplicate key 'name': first given in line 2"},
           {"url: x\n\"url\": y\n", "f.yml:2:1: duplicate key 'url': first given in line 1"},
           {"url: x\nparameters:\n  a: 1\n  b: 2\n  a: 3\n",
            "f.yml:5:3: duplicate key 'a': first given in line 3"},
           // Values of another kind.
           {"url: [x]\n", "f.yml:1:6: url: is a list: expected text"},
           {"url:\n", "f.yml:1:1: url: has no value: expected text"},
           {"url: ~\n", "f.yml:1:1: url: has no value: expected text"},
           {"url: \"\"\n", "f.yml:1:6: url: is empty: expected text"},
           {"url: {a: b}\n", "f.yml:1:6: url: is a map: expected text"},
           {"url: x\ndry_run: yes\n",
            "f.yml:2:10: dry_run: 'yes' is not a boolean: expected true or false"},
           {"url: x\ndry_run: \"true\"\n",
            "f.yml:2:10: dry_run: \"true\" is not a boolean: expected true or false"},
           {"url: x\nbytes: many\n",
            "f.yml:2:8: bytes: 'many' is not a whole number: expected a whole number"},
           {"url: x\nbytes: 1.5\n",
            "f.yml:2:8: bytes: '1.5' is not a whole number: expected a whole number"},
           {"url: x\nbytes: 99999999999999999999\n",
            "f.yml:2:8: bytes: '99999999999999999999' is not a whole number: expected a whole "
            "number"},
           {"url: x\nbytes: -1\n",
            "f.yml:2:8: bytes: -1 is too small: expected a whole number of at least 0"},
           {"url: x\nthreads: 65\n",
            "f.yml:2:10: threads: 65 is too large: expected a whole number from 1 to 64"},
           {"url: x\nthreads: \"8\"\n",
            "f.yml:2:10: threads: \"8\" is not a whole number: expected a whole number"},
           {"url: x\nthreads:\n",
            "f.yml:2:1: threads: has no value: expected a whole number from 1 to 64"},
           {"url: x\nratio: 1.5\n",
            "f.yml:2:8: ratio: 1.5 is too large: expected a number from 0 to 1"},
           {"url: x\nratio: .nan\n", "f.yml:2:8: ratio: '.nan' is not a number: expected a number"},
           {"url: x\nratio: nan\n", "f.yml:2:8: ratio: 'nan' is not a number: expected a number"},
           {"url: x\nratio: 1,5\n", "f.yml:2:8: ratio: '1,5' is not a number: expected a number"},
           {"url: x\ninterval: soon\n",
            "f.yml:2:11: interval: 'soon' is not a duration: expected a number and a unit, such as "
            "30s or 1h30m"},
           {"url: x\ninterval: 30\n",
            "f.yml:2:11: interval: '30' is not a duration: expected a number and a unit, such as "
            "30s or 1h30m"},
           {"url: x\ninterval: 10ms\n",
            "f.yml:2:11: interval: 10ms is too small: expected a duration from 1s to 1h"},
           {"url: x\ninterval: 2h\n",
            "f.yml:2:11: interval: 2h is too large: expected a duration from 1s to 1h"},
           {"url: x\nmode: atuo\n",
            "f.yml:2:7: mode: unknown value 'atuo' (did you mean 'auto'?): expected shadow, "
            "recommend or auto"},
           {"url: x\nmode: live\n",
            "f.yml:2:7: mode: unknown value 'live': expected shadow, recommend or auto"},
           {"url: x\nlabels: service\n",
            "f.yml:2:9: labels: is a single value: expected a list of texts"},
           {"url: x\nlabels: [a, [b], ~]\n",
            "f.yml:2:9: labels[2]: has no value: expected text\n"
            "f.yml:2:13: labels[1]: is a list: expected text"},
           {"url: x\nparameters: [a]\n",
            "f.yml:2:13: parameters: is a list: expected a map of names to texts"},
           {"url: x\nparameters:\n  a: [1]\n  b:\n",
            "f.yml:3:6: parameters.a: is a list: expected text\n"
            "f.yml:4:3: parameters.b: has no value: expected text"},
           {"url: x\nthreshold: 5\n", "f.yml:2:12: threshold: is a single value: expected a map"},
           {"url: x\nrules: {name: a}\n", "f.yml:2:8: rules: is a map: expected a list of maps"},
           {"url: x\nrules:\n  - name: a\n  - b\n",
            "f.yml:4:5: rules[1]: is a single value: expected a map"},
           {"url: x\nrules:\n  -\n", "f.yml:3:3: rules[0]: has no value: expected a map"},
           {"url: x\nservices: [orders]\n",
            "f.yml:2:11: services: is a list: expected a map of names, each with a map below it"},
           {"url: x\nservices:\n  orders: 3\n",
            "f.yml:3:11: services.orders: is a single value: expected a map"},
           {"url: x\n? [a, b]\n: c\n", "f.yml:2:3: a key must be text"},
           {"url: x\n~: c\n", "f.yml:2:1: a key must be text"},
           {"url: !secret x\n", "f.yml:1:6: tag '!secret' is not supported"},
       }) {
    EXPECT_EQ(ErrorsOf(bad.text), bad.errors) << bad.text;
  }
}

TEST(YamlSchemaTest, SaysWhatIsNotYaml) {
  for (const BadDocument& bad : std::vector<BadDocument>{
           {"", "f.yml:1:1: the file is empty: expected a map, such as 'key: value'"},
           {"\n\n", "f.yml:1:1: the file is empty: expected a map, such as 'key: value'"},
           {"# nothing\n", "f.yml:1:1: the file is empty: expected a map, such as 'key: value'"},
           {"---\n", "f.yml:1:1: the file is empty: expected a map, such as 'key: value'"},
           {"~\n", "f.yml:1:1: the file is empty: expected a map, such as 'key: value'"},
           {"- a\n- b\n", "f.yml:1:1: expected a map at the top, such as 'key: value'"},
           {"just text\n", "f.yml:1:1: expected a map at the top, such as 'key: value'"},
           {"url: x\n---\nurl: y\n", "f.yml:2:1: a second document starts here: expected one"},
           {"url: x: y\n",
            "f.yml:1:7: a ':' cannot stand here: check the indentation, or quote the text"},
           {"url: x\n threads: 5\n",
            "f.yml:2:9: a ':' cannot stand here: check the indentation, or quote the text"},
           {"threshold:\n    quantile: 1\n  window: 5s\n",
            "f.yml:3:3: the indentation fits no line above"},
           {"labels: [a, b\nurl: x\n", "f.yml:1:9: '[' is not closed: expected ',' or ']'"},
           {"labels: [a, b\n", "f.yml:1:9: '[' is not closed: expected ',' or ']'"},
           {"url: {a: b\n", "f.yml:1:6: '{' is not closed: expected ',' or '}'"},
           {"url: - x\n", "f.yml:1:6: a '-' cannot stand here: a list starts on a line of its own"},
           {"url: @x\n", "f.yml:1:6: this character cannot start a value: put the text in quotes"},
           {"threads: 1\nurl: 'x\nratio: 1\n",
            "f.yml:2:1: a quote that opens after this is never closed"},
           {"url: \"x\n", "f.yml:1:1: a quote that opens after this is never closed"},
           {"url: \"\\q\"\n", "f.yml:1:9: unknown escape character: q"},
           {"url: *nobody\n", "f.yml:1:6: the alias names no anchor above"},
           {"url: &a [*a]\n", "f.yml:1:10: an alias cannot stand inside the value that it names"},
           {"url:\n\tx\n", "f.yml:2:1: a tab indents this line: expected spaces"},
           {"threshold:\n  \tquantile: 1\n", "f.yml:2:3: a tab indents this line: expected spaces"},
           {"url: \xff\n", "f.yml:1:6: byte 0xff is not UTF-8"},
           {"url: x\n# caf\xe9\n", "f.yml:2:6: byte 0xe9 is not UTF-8"},
           {"url: x\n\x01: y\n", "f.yml:2:1: control character 0x01 is not allowed"},
           {"url: \x04\n", "f.yml:1:6: control character 0x04 is not allowed"},
           {"url: \"a\\0b\"\n", "f.yml:1:6: a text cannot hold the character \\0"},
       }) {
    EXPECT_EQ(ErrorsOf(bad.text), bad.errors) << bad.text;
  }
  EXPECT_EQ(ErrorsOf(std::string_view("url: x\0y\n", 9)),
            "f.yml:1:7: control character 0x00 is not allowed");
  EXPECT_EQ(ErrorsOf(std::string_view("\xff\xfeu\0r\0l\0", 8)),
            "f.yml:1:1: byte 0xff is not UTF-8");
}

TEST(YamlSchemaTest, SaysEverythingAtOnceInOrderOfPosition) {
  EXPECT_EQ(ErrorsOf("threads: 0\n"
                     "rules:\n"
                     "  - nmae: a\n"
                     "interval: soon\n"
                     "threads: 5\n"
                     "mode: never\n"),
            "f.yml:1:1: missing key 'url': expected text\n"
            "f.yml:1:10: threads: 0 is too small: expected a whole number from 1 to 64\n"
            "f.yml:3:5: missing key 'name': expected text\n"
            "f.yml:3:5: unknown key 'nmae' (did you mean 'name'?)\n"
            "f.yml:4:11: interval: 'soon' is not a duration: expected a number and a unit, such as "
            "30s or 1h30m\n"
            "f.yml:5:1: duplicate key 'threads': first given in line 1\n"
            "f.yml:6:7: mode: unknown value 'never': expected shadow, recommend or auto");
}

TEST(YamlSchemaTest, AnErrorIsOneLineWhateverItRepeats) {
  YamlDocument document = YamlDocument::Parse("f.yml", "url: x");
  document.root().AddError({1, 6}, "there is no feature 'a\nb\x1b'");
  EXPECT_EQ(document.status().error().message, "f.yml:1:6: there is no feature 'a b '");
}

TEST(YamlSchemaTest, AnErrorInAnAliasedValueIsToldOnce) {
  EXPECT_EQ(ErrorsOf("url: x\nservices:\n  a: &bad {slots: 0}\n  b: *bad\n  c: *bad\n"),
            "f.yml:3:19: slots: 0 is too small: expected a whole number of at least 1");
}

TEST(YamlSchemaTest, TellsFiveHundredErrorsAndCountsTheRest) {
  std::string text = "url: x\nlabels:\n";
  for (int i = 0; i < 550; ++i) text += "  - [x]\n";
  const std::string errors = ErrorsOf(text);
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 500);
  EXPECT_THAT(errors, testing::EndsWith("\nf.yml: and 50 more errors"));
}

TEST(YamlSchemaTest, ChecksAfterReadingAddTheirOwnErrors) {
  YamlDocument document = YamlDocument::Parse("f.yml", "url: x\nthreshold:\n  quantile: 1\n");
  YamlMap root = document.root();
  EXPECT_THAT(root.Keys(), ElementsAre("url", "threshold"));
  root.ReadMap("threshold", [](YamlMap& map) {
    double quantile = 0;
    map.Read("quantile", &quantile);
    map.AddError(map.MarkOf("quantile"), "quantile: must be less than 1");
    map.AddError(map.MarkOf("absent"), "at the start of the map");
  });
  document.AddError(root.MarkOf("url"), "url: is not reachable");
  document.AddError({}, "of the whole file");
  EXPECT_TRUE(root.Has("url"));
  EXPECT_FALSE(root.Has("other"));
  root.Finish();
  EXPECT_EQ(document.status().error().message,
            "f.yml: of the whole file\n"
            "f.yml:1:6: url: is not reachable\n"
            "f.yml:3:3: at the start of the map\n"
            "f.yml:3:13: quantile: must be less than 1");
}

TEST(YamlSchemaTest, WhatSeveralReadersOfTheRootReadIsKnown) {
  YamlDocument document = YamlDocument::Parse("f.yml", "a: 1\nb: 2\n");
  int number = 0;
  document.root().Read("a", &number);
  document.root().Read("b", &number);
  document.root().Finish();
  EXPECT_TRUE(document.status());
}

TEST(YamlSchemaTest, AnIntThatDoesNotFitIsTooLarge) {
  YamlDocument document = YamlDocument::Parse("f.yml", "a: 3000000000\n");
  int number = 7;
  EXPECT_FALSE(document.root().Read("a", &number));
  EXPECT_EQ(number, 7);
  EXPECT_EQ(document.status().error().message,
            "f.yml:1:4: a: 3000000000 is too large: expected a whole number from -2147483648 to "
            "2147483647");
}

TEST(YamlSchemaTest, NeverPrintsWhatATextHolds) {
  YamlDocument document = YamlDocument::Parse("f.yml", "password: [hunter2]\npasswrd: hunter2\n");
  std::string password;
  document.root().Read("password", &password, true);
  document.root().Finish();
  EXPECT_THAT(document.status().error().message, Not(HasSubstr("hunter2")));
}

TEST(YamlSchemaTest, ShowsLongAndStrangeValuesShortAndOnOneLine) {
  const std::string errors =
      ErrorsOf("url: x\nthreads: \"a\\nf.yml:1:1: forged" + std::string(500, 'z') + "\"\n");
  EXPECT_EQ(errors.find('\n'), std::string::npos);
  EXPECT_LT(errors.size(), 200U);
}

TEST(YamlSchemaTest, LoadsAFileAndSaysWhichOneCannotBeRead) {
  const support::TempDirectory directory;
  const std::string path = directory.Write("exporter.yml", "threads: x\n");
  YamlDocument document = YamlDocument::Load(path);
  int threads = 0;
  document.root().Read("threads", &threads);
  EXPECT_EQ(document.status().error().message,
            path + ":1:10: threads: 'x' is not a whole number: expected a whole number");

  YamlDocument missing = YamlDocument::Load("/nowhere/exporter.yml");
  std::string url;
  missing.root().Read("url", &url, true);
  EXPECT_EQ(missing.status().error().message,
            "opening /nowhere/exporter.yml: No such file or directory");
}

// Hostile input ends in an error, soon.

std::string Repeated(std::string_view text, size_t times) {
  std::string repeated;
  for (size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST(YamlSchemaTest, RefusesDeepNesting) {
  for (const char* piece : {"[", "{a: ", "- ", "? "}) {
    EXPECT_THAT(ErrorsOf(Repeated(piece, 100'000)), HasSubstr("nested deeper than 64 levels"))
        << piece;
  }
  std::string indented;
  for (size_t i = 0; i < 100; ++i) indented += std::string(i, ' ') + "a:\n";
  EXPECT_EQ(ErrorsOf(indented), "f.yml:65:65: nested deeper than 64 levels");
}

TEST(YamlSchemaTest, RefusesDepthMadeOfAliases) {
  std::string text = "a0: &a0 x\n";
  for (int i = 1; i <= 20'000; ++i) {
    text += fmt::format("a{}: &a{} [*a{}]\n", i, i, i - 1);
  }
  EXPECT_EQ(ErrorsOf(text), "f.yml:65:12: nested deeper than 64 levels");
}

TEST(YamlSchemaTest, RefusesAnAliasBomb) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    text += fmt::format("a{}: &a{} [{}]\n", i, i, Repeated(fmt::format("*a{}, ", i - 1), 10));
  }
  EXPECT_THAT(ErrorsOf(text), HasSubstr("more than 200000 values, with aliases expanded"));
}

TEST(YamlSchemaTest, RefusesTooManyValuesAndTooLargeFiles) {
  EXPECT_THAT(ErrorsOf("labels: [" + Repeated("a,", 300'000) + "]"),
              HasSubstr("more than 200000 values"));
  EXPECT_EQ(ErrorsOf("url: " + std::string(10'000'000, 'x')),
            "f.yml:1:1: the file is larger than 4 MiB");
  EXPECT_EQ(ErrorsOf("url: " + std::string(4'000'000, 'x')), "") << "large, and still a text";
}

TEST(YamlSchemaTest, ManyUnknownKeysAreNoHang) {
  std::string text = "url: x\n";
  for (int i = 0; i < 90'000; ++i) text += fmt::format("interva{}: 1\n", i);
  EXPECT_THAT(ErrorsOf(text), HasSubstr("f.yml: and 89500 more errors"));
}

}  // namespace
}  // namespace promheal
