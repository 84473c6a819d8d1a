// Sends the real program alerts with labels that mean something to a shell, a URL, HAProxy, HTTP,
// SQL, PromQL, HTML or a terminal. Each value either arrives unchanged as an argument or is refused,
// and has no other effect. Executors have such tests of their own.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <set>
#include <sstream>

#include "common/io/file.h"
#include "common/io/http/http_text.h"
#include "tests/support/fake_http_server.h"
#include "tests/support/promtool.h"
#include "tests/support/running_healer.h"
#include "tests/support/stride.h"
#include "tests/support/wait.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

constexpr int kValues = 400 / support::kStride;

// `command` takes the value as an argument, `query` into its question. Neither is told about more
// than one value. @ is the test's directory.
constexpr char kConfig[] = R"(
prometheus: {timeout: 5s}
incidents: {collection_window: 0s}
budgets:
  actions_in_flight: 16
  actions_per_hour: 10000
  actions_per_hour_per_group: 10000
  storm: {incidents: 100000}
actions:
  command:
    timeout: 10s
    command: {argv: [sh, -c, 'echo "$# $1" >> @/commands', command, "{note}"]}
  query:
    timeout: 10s
    command: {argv: [sh, -c, 'echo $# >> @/others', query]}
policies:
  - name: command
    mode: auto
    match: {scenario: command}
    ladder: [{action: command}]
    verify: {settle: 0s, interval: 200ms, timeout: 400ms, conditions: [{query: 'up{number="{number}"}', expect: "== 1"}]}
  - name: query
    mode: auto
    match: {scenario: query}
    ladder: [{action: query}]
    verify: {settle: 0s, interval: 200ms, timeout: 400ms, conditions: [{query: 'up{note="{note}"}', expect: "== 1"}]}
)";

std::string HostileValue(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {"a",
                                                   "orders",
                                                   "7",
                                                   ".",
                                                   "-",
                                                   "_",
                                                   ":",
                                                   "@",
                                                   " ",
                                                   "$(touch @/pwned)",
                                                   "`touch @/pwned`",
                                                   "; touch @/pwned;",
                                                   "|| touch @/pwned #",
                                                   "&& touch @/pwned",
                                                   "> @/pwned",
                                                   "$IFS",
                                                   "${PATH}",
                                                   "\n",
                                                   "\r\n",
                                                   "\t",
                                                   "\x1b[2J",
                                                   "../../etc/passwd",
                                                   "%2e%2e%2f",
                                                   "%00",
                                                   "?x=1&y=2",
                                                   "#part",
                                                   "http://evil.example/",
                                                   "\r\nX-Evil: 1\r\n\r\n",
                                                   "'",
                                                   "\"",
                                                   "\\",
                                                   "''; DROP TABLE entry; --",
                                                   "' OR '1'='1",
                                                   "\"} or vector(1) #",
                                                   "{note}",
                                                   "{{ .Value }}",
                                                   "{",
                                                   "}",
                                                   "*",
                                                   "=~",
                                                   "; disable server a/b",
                                                   "\nset server a/b state maint\n",
                                                   "<script>alert(1)</script>",
                                                   "&amp;",
                                                   "--help",
                                                   "-rf",
                                                   "\xc3\xa9",
                                                   "\xe2\x80\xa8",
                                                   "\xf0\x9f\x94\xa5",
                                                   "%n%s",
                                                   "~root",
                                                   "$1"};
  std::string value;
  for (size_t count = 1 + random() % 4; count > 0; --count) {
    value += kPieces[random() % kPieces.size()];
  }
  return value;
}

std::string Json(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      json += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      if (c == '"' || c == '\\') json += '\\';
      json += c;
    }
  }
  return json + "\"";
}

// The text of the string literal that makes up `query` between `head` and `tail`; fails where the
// literal ends anywhere else.
std::string LiteralIn(std::string_view query, std::string_view head, std::string_view tail) {
  EXPECT_TRUE(query.starts_with(head) && query.ends_with(tail)) << query;
  query.remove_prefix(head.size());
  query.remove_suffix(tail.size());
  std::string text;
  for (size_t i = 0; i < query.size(); ++i) {
    EXPECT_NE(query[i], '"') << query;
    EXPECT_NE(query[i], '\n') << query;
    const bool escaped = query[i] == '\\';
    if (escaped && ++i == query.size()) {
      ADD_FAILURE() << "ends in the middle: " << query;
      break;
    }
    text += escaped && query[i] == 'n' ? '\n' : query[i];
  }
  return text;
}

class HostileLabelsTest : public testing::Test {
 protected:
  HostileLabelsTest() {
    for (int i = 0; i < kValues; ++i) {
      values_.push_back(support::WithReplaced(HostileValue(random_), "@", directory_.path()));
    }
    EXPECT_TRUE(healer_.StartReady()) << healer_.Output();
    files_before_ = Files();
  }

  // Every value in a label, an annotation and the very name of the service, each in its own alert.
  void Deliver(const std::string& scenario) const {
    std::string alerts;
    for (size_t i = 0; i < values_.size(); ++i) {
      const std::string note = Json(values_[i]);
      alerts += fmt::format(
          R"({}{{"status":"firing","labels":{{"alertname":"A","service":{},"number":"{}",)"
          R"("scenario":"{}","note":{}}},"annotations":{{"summary":{}}},)"
          R"("startsAt":"2026-01-01T00:00:00Z"}})",
          alerts.empty() ? "" : ",", Json(fmt::format("{}-{}-{}", scenario, i, values_[i])), i,
          scenario, note, note);
    }
    const auto response = healer_.Deliver(alerts);
    ASSERT_EQ(response.status, 200) << response.body;
  }

  std::set<std::string> Files() const {
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      files.insert(entry.path().filename());
    }
    return files;
  }

  std::vector<std::string> Lines(const std::string& file) const {
    std::vector<std::string> lines;
    std::istringstream text(ReadFile(directory_.PathOf(file)).value_or(""));
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  // The queries that were asked, each in the one way in which anything is asked.
  std::vector<std::string> Queries() const {
    std::vector<std::string> queries;
    for (const support::FakeHttpRequest& request : prometheus_.requests()) {
      EXPECT_EQ(request.method, "POST");
      EXPECT_EQ(request.target, "/api/v1/query");
      EXPECT_EQ(request.Header("X-Evil"), "");
      queries.push_back(ParseQuery(request.body)["query"]);
    }
    return queries;
  }

  std::mt19937 random_{20261122};
  support::TempDirectory directory_;
  support::FakeHttpServer prometheus_{
      [](const support::FakeHttpRequest&) { return support::ReplyWithValue("0"); }};
  support::RunningHealer healer_{
      directory_,
      HEALING_WEBHOOK,
      kConfig,
      {"--web.allow-unauthenticated", "--prometheus.url=" + prometheus_.url()}};
  std::vector<std::string> values_ = {"orders-1", "a.b_c"};  // And hostile ones.
  std::set<std::string> files_before_;
};

TEST_F(HostileLabelsTest, AValueThatIsAskedAboutIsTextAndNothingElse) {
  Deliver("query");
  std::set<std::string> asked;
  ASSERT_TRUE(support::WaitUntil(
      [&] {
        asked.clear();
        for (const std::string& query : Queries()) {
          asked.insert(LiteralIn(query, "up{note=\"", "\"}"));
        }
        return asked.size() >= std::set<std::string>(values_.begin(), values_.end()).size();
      },
      60s))
      << healer_.Output();
  EXPECT_EQ(asked, std::set<std::string>(values_.begin(), values_.end()));
  std::set<std::string> expected = files_before_;
  std::set<std::string> files = Files();
  files.erase("others");
  EXPECT_EQ(files, expected);
  ASSERT_TRUE(support::WaitUntil([&] { return !Lines("others").empty(); }, 60s));
  for (const std::string& line : Lines("others")) EXPECT_EQ(line, "0");
}

TEST_F(HostileLabelsTest, AValueForACommandIsOneArgumentOrRefused) {
  Deliver("command");
  const auto is_plain = [](const std::string& value) {
    return !value.empty() &&
           value.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:@-") ==
               std::string::npos &&
           std::string(".:@-").find(value[0]) == std::string::npos;
  };
  std::multiset<std::string> expected;
  for (const std::string& value : values_) {
    if (is_plain(value)) expected.insert("1 " + value);
  }
  ASSERT_GT(expected.size(), 1U);
  ASSERT_LT(expected.size(), values_.size() / 2);
  const auto done = [&] {
    const auto lines = Lines("commands");
    return std::multiset<std::string>(lines.begin(), lines.end());
  };
  EXPECT_TRUE(support::WaitUntil([&] { return done() == expected; }, 60s)) << healer_.Output();
  std::set<std::string> files = Files();
  files.erase("commands");
  EXPECT_EQ(files, files_before_);
}

TEST_F(HostileLabelsTest, WhatIsShownOfAValueIsText) {
  Deliver("command");
  ASSERT_TRUE(support::WaitUntil([&] { return !Lines("commands").empty(); }, 60s));
  // Every line of the log is one event.
  std::istringstream log(healer_.Output());
  for (std::string line; std::getline(log, line);) {
    EXPECT_TRUE(line.starts_with("time=")) << line;
    EXPECT_EQ(line.find_first_of("\r\x1b"), std::string::npos) << line;
  }
  const std::string page = healer_.Get("/").body;
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("&lt;script"), std::string::npos);
  EXPECT_EQ(support::CheckMetrics(healer_.Get("/metrics").body).value_or(""), "");
  // The ledger took it as text, too.
  healer_.Kill();
  ASSERT_TRUE(healer_.StartReady()) << healer_.Output();
  EXPECT_NE(healer_.Get("/api/v1/incidents").body.find("DROP TABLE"), std::string::npos);
}

}  // namespace
}  // namespace promheal::healing
