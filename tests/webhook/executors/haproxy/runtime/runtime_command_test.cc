#include "webhook/executors/haproxy/runtime/runtime_command.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace promheal::healing {
namespace {

const ServerName kSlot{"orders", "orders-2"};

TEST(RuntimeCommandTest, SaysWhatHaproxyExpects) {
  EXPECT_EQ(RuntimeCommand::ShowInfo().text(), "show info");
  EXPECT_EQ(RuntimeCommand::ShowAllServers().text(), "show servers state");
  EXPECT_EQ(RuntimeCommand::ShowServers("orders")->text(), "show servers state orders");
  EXPECT_EQ(RuntimeCommand::ShowServerStats("orders")->text(), "show stat orders 4 -1");
  EXPECT_EQ(RuntimeCommand::ShowTable("shed")->text(), "show table shed");
  EXPECT_EQ(RuntimeCommand::ShowTableEntry("shed", "a.b:c-d")->text(),
            "show table shed key a.b:c-d");
  EXPECT_EQ(RuntimeCommand::SetTableEntry("brk", "orders", {{"gpc0", 1}, {"gpt0", 90}})->text(),
            "set table brk key orders data.gpc0 1 data.gpt0 90");
  EXPECT_EQ(RuntimeCommand::ClearTableEntry("shed", "orders")->text(),
            "clear table shed key orders");
  EXPECT_EQ(RuntimeCommand::SetServerState(kSlot, SlotState::kMaint)->text(),
            "set server orders/orders-2 state maint");
  EXPECT_EQ(RuntimeCommand::SetServerWeight(kSlot, 256)->text(),
            "set server orders/orders-2 weight 256");
  EXPECT_EQ(RuntimeCommand::ShowMap("/dev/null")->text(), "show map /dev/null");
  EXPECT_EQ(RuntimeCommand::AddMapEntry("/a/b.map", "orders", "sorry")->text(),
            "add map /a/b.map orders sorry");
  EXPECT_EQ(RuntimeCommand::SetMapEntry("/a/b.map", "orders", "sorry")->text(),
            "set map /a/b.map orders sorry");
  EXPECT_EQ(RuntimeCommand::DeleteMapEntry("/a/b.map", "orders")->text(),
            "del map /a/b.map orders");
  EXPECT_EQ(RuntimeCommand::SetServerMaxconn(kSlot, 0)->text(),
            "set maxconn server orders/orders-2 0");
}

TEST(RuntimeCommandTest, RefusesNumbersThatHaproxyWouldTakeAmiss) {
  EXPECT_FALSE(RuntimeCommand::SetServerWeight(kSlot, -1));
  EXPECT_FALSE(RuntimeCommand::SetServerWeight(kSlot, 257));
  EXPECT_FALSE(RuntimeCommand::SetServerMaxconn(kSlot, -7));
  EXPECT_FALSE(RuntimeCommand::SetServerMaxconn(kSlot, 1'000'001));
}

TEST(RuntimeCommandTest, RefusesWhatIsNotAWord) {
  const std::string hostile[] = {
      "",     " ",     "a b", "a;b",  ";",         "a\nb",   "a\rb",
      "a\tb", "a\\",   "\\n", "<<",   "a/b",       "#1",     "@1",
      "-a",   ".a",    ":a",  "a|b",  "a\"b",      "a'b",    "a{b}",
      "a$b",  "a,b",   "a=b", "a%b",  "a\xc3\xa9", "\x7f",   "a!",
      "a(b)", "a\x01", "*",   "a?b~", "a&b",       "a`id`b", std::string("a\0b", 3),
  };
  for (const std::string& value : hostile) {
    EXPECT_FALSE(CheckWord("key", value)) << value;
    EXPECT_FALSE(RuntimeCommand::ShowServers(value)) << value;
    EXPECT_FALSE(RuntimeCommand::ShowTableEntry("shed", value)) << value;
    EXPECT_FALSE(RuntimeCommand::ClearTableEntry("shed", value)) << value;
    EXPECT_FALSE(RuntimeCommand::SetServerState({"orders", value}, SlotState::kReady)) << value;
    EXPECT_FALSE(RuntimeCommand::SetServerState({value, "orders-1"}, SlotState::kReady)) << value;
  }
  for (const char* path : {"", "/", "a/b", "/a b", "/a;b", "/a\nb", "#1", "/a\\b", "/a@b"}) {
    EXPECT_FALSE(RuntimeCommand::ShowMap(path)) << path;
    EXPECT_FALSE(RuntimeCommand::AddMapEntry(path, "orders", "sorry")) << path;
    EXPECT_FALSE(RuntimeCommand::DeleteMapEntry(path, "orders")) << path;
  }
  EXPECT_FALSE(RuntimeCommand::ShowMap('/' + std::string(200, 'a')));
  EXPECT_FALSE(CheckWord("key", std::string(64, 'a')));
  EXPECT_TRUE(CheckWord("key", std::string(63, 'a')));
}

TEST(RuntimeCommandTest, ErrorsDoNotRepeatTheValue) {
  EXPECT_EQ(CheckWord("key", "x; shutdown").error().message,
            "the key may not be put into a command for HAProxy: it holds something other than "
            "letters, digits and _ . : -");
}

TEST(RuntimeCommandTest, ServerNamesAreReadBack) {
  EXPECT_EQ(ParseServerName("orders/orders-2").value(), kSlot);
  for (const char* text : {"", "orders", "/", "a/", "/b", "a/b/c", "a/b c"}) {
    EXPECT_FALSE(ParseServerName(text)) << text;
  }
}

// For any values HAProxy reads one command, with as many words as its form has.
TEST(RuntimeCommandTest, NoValueChangesTheNumberOfCommandsOrWords) {
  std::mt19937 random(20260201);
  const auto value = [&] {
    std::string text;
    const size_t length = random() % 8;
    for (size_t i = 0; i < length; ++i) {
      text += random() % 4 == 0 ? static_cast<char>(random() % 256)
                                : "abzAZ09_.:-/ ;\\\n<#@\"'"[random() % 21];
    }
    return text;
  };
  int made = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string a = value();
    const std::string b = value();
    const auto number = static_cast<int>(random());
    const std::pair<Result<RuntimeCommand>, int> all[] = {
        {RuntimeCommand::ShowServers(a), 4},
        {RuntimeCommand::ShowServerStats(a), 5},
        {RuntimeCommand::ShowTableEntry(a, b), 5},
        {RuntimeCommand::SetTableEntry(a, b, {{"gpt0", static_cast<uint32_t>(number)}}), 7},
        {RuntimeCommand::ClearTableEntry(a, b), 5},
        {RuntimeCommand::SetServerState({a, b}, SlotState::kDrain), 5},
        {RuntimeCommand::ShowMap('/' + a), 3},
        {RuntimeCommand::AddMapEntry('/' + a, b, a), 5},
        {RuntimeCommand::SetMapEntry("/m", b, a), 5},
        {RuntimeCommand::DeleteMapEntry("/m", b), 4},
        {RuntimeCommand::SetServerWeight({a, b}, number % 300), 5},
        {RuntimeCommand::SetServerMaxconn({a, b}, number % 300), 5},
    };
    for (const auto& [command, words] : all) {
      if (!command) continue;
      ++made;
      const std::string& text = command->text();
      EXPECT_EQ(std::count(text.begin(), text.end(), ' '), words - 1) << text;
      EXPECT_EQ(text.find_first_of("\n\r\t;\\<>#@\"'|"), std::string::npos) << text;
      EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 127; }))
          << text;
    }
  }
  EXPECT_GT(made, 1000);
}

}  // namespace
}  // namespace promheal::healing
