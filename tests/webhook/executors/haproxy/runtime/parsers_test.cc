#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/webhook/executors/haproxy/runtime/captured.h"
#include "webhook/executors/haproxy/runtime/map_file.h"
#include "webhook/executors/haproxy/runtime/process_info.h"
#include "webhook/executors/haproxy/runtime/server_state.h"
#include "webhook/executors/haproxy/runtime/server_stats.h"
#include "webhook/executors/haproxy/runtime/stick_table.h"
#include "webhook/executors/haproxy/runtime/text_fields.h"

namespace promheal::healing {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

std::string Describe(const ServerState& server) {
  return ToString(server.name) + ' ' + std::string(ToString(StateOf(server))) +
         (IsSpare(server) ? " spare" : "") + (GetsRequests(server) ? " serves" : "");
}

std::vector<std::string> Describe(const std::vector<ServerState>& servers) {
  std::vector<std::string> texts;
  for (const ServerState& server : servers) texts.push_back(Describe(server));
  return texts;
}

TEST(ServerStateTest, ReadsWhatHaproxyShows) {
  const auto servers = ParseServerStates(Captured("servers_state.txt"));
  ASSERT_TRUE(servers) << servers.error().message;
  EXPECT_THAT(Describe(*servers),
              ElementsAre("to_orders/inner ready serves", "to_payments/inner ready serves",
                          "to_auth/inner ready serves", "orders/orders-1 ready serves",
                          "orders/orders-2 ready spare serves",  // Set ready: still a spare.
                          "orders/orders-3 ready spare",         // Nothing listens there.
                          "payments/payments-1 drain", "payments/payments-2 ready serves",
                          "payments/payments-3 maint spare", "auth/auth-1 maint",
                          "auth/auth-2 maint spare", "auth/auth-3 maint spare"));
  const ServerState* first = FindServer(*servers, {"orders", "orders-1"});
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->address, "127.0.0.1");
  EXPECT_EQ(first->port, 52085);
  EXPECT_EQ(first->weight, 10);
  EXPECT_EQ(first->initial_weight, 100);
  EXPECT_EQ(first->since_change, seconds(5));
  EXPECT_EQ(FindServer(*servers, {"orders", "payments-1"}), nullptr);
}

TEST(ServerStateTest, ReadsTheServersOfOneBackend) {
  EXPECT_EQ(ParseServerStates(Captured("servers_state_orders.txt"))->size(), 3U);
}

TEST(ServerStateTest, FindsColumnsByName) {
  const auto servers = ParseServerStates(
      "1\n# srv_port new srv_time_since_last_change srv_iweight srv_uweight srv_admin_state "
      "srv_op_state srv_addr srv_name be_name\n80 x 7 1 0 32 2 ::1 s b\n\n");
  ASSERT_TRUE(servers) << servers.error().message;
  EXPECT_THAT(Describe(*servers), ElementsAre("b/s maint")) << "its name does not resolve";
}

TEST(ServerStateTest, KnowsWhoSetAServerToWhat) {
  struct Row {
    uint32_t admin;
    SlotState state;
    bool spare;
  };
  const Row rows[] = {
      {0x00, SlotState::kReady, false},
      {0x01, SlotState::kMaint, false},
      {0x02, SlotState::kMaint, false},  // From the server that it tracks.
      {0x04, SlotState::kReady, true},
      {0x05, SlotState::kMaint, true},
      {0x08, SlotState::kDrain, false},
      {0x10, SlotState::kDrain, false},  // From the tracked server.
      {0x20, SlotState::kMaint, false},  // No address.
      {0x40, SlotState::kReady, false},  // Only a name was set.
      {0x09, SlotState::kMaint, false},
      {0x0c, SlotState::kDrain, true},
  };
  for (const Row& row : rows) {
    const ServerState server{.admin = row.admin};
    EXPECT_EQ(StateOf(server), row.state) << row.admin;
    EXPECT_EQ(IsSpare(server), row.spare) << row.admin;
  }
}

TEST(ServerStateTest, AServerWithoutWeightTakesNoRequests) {
  ServerState server{.health = ServerHealth::kRunning, .weight = 0};
  EXPECT_FALSE(GetsRequests(server));
  server.weight = 1;
  EXPECT_TRUE(GetsRequests(server));
  server.health = ServerHealth::kStopping;
  EXPECT_FALSE(GetsRequests(server));
}

TEST(ServerStateTest, WhatCannotBeReadIsAnError) {
  const std::string whole = Captured("servers_state_orders.txt");
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("1\n\n"), std::string("1\n# be_name\n\n"),
        std::string("2\n# be_name\n\n"), whole.substr(0, whole.size() / 2),
        whole.substr(0, whole.size() - 20) + "\n\n", whole + "x"}) {
    EXPECT_FALSE(ParseServerStates(text)) << text;
  }
  EXPECT_EQ(ParseServerStates("Can't find backend.\n\n").error().code, ErrorCode::kNotFound);
}

TEST(ServerStatsTest, ReadsWhatHaproxyShows) {
  const auto all = ParseStats(Captured("stat_orders_servers.txt"));
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_EQ(all->size(), 3U);
  const ProxyStats& first = all->at(0);
  EXPECT_EQ(first.proxy, "orders");
  EXPECT_EQ(first.name, "orders-1");
  EXPECT_EQ(first.kind, StatsKind::kServer);
  EXPECT_EQ(first.status, "UP");
  EXPECT_EQ(first.weight, 10U);
  EXPECT_EQ(first.sessions, 0U);
  EXPECT_EQ(first.session_limit, 20U);
  EXPECT_EQ(first.total_sessions, 9U);
  EXPECT_EQ(first.queued, 0U);
  EXPECT_EQ(first.responses_5xx, 0U);
  EXPECT_EQ(all->at(1).session_limit, std::nullopt) << "no limit";
  EXPECT_EQ(all->at(2).status, "DOWN");
}

TEST(ServerStatsTest, ReadsFrontendsAndBackendsToo) {
  const auto all = ParseStats(Captured("stat.txt"));
  ASSERT_TRUE(all) << all.error().message;
  int kinds[4] = {};
  for (const ProxyStats& stats : *all) ++kinds[static_cast<int>(stats.kind)];
  EXPECT_THAT(kinds, ElementsAre(5, 8, 12, 0));
}

TEST(ServerStatsTest, FieldsMayHoldCommasQuotesAndLines) {
  const auto all = ParseStats("# pxname,svname,last_chk,type,\nb,s,\"a,\"\"b\"\"\nc\",2,\n\n");
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->size(), 1U);
}

TEST(ServerStatsTest, WhatCannotBeReadIsAnError) {
  for (const char* text : {"", "\n", "# pxname,svname,type\nb,s,2\n", "# pxname,svname\nb,s\n\n",
                           "# pxname,svname,type\nb,s,7\n\n", "# pxname,svname,type\n,,2\n\n"}) {
    EXPECT_FALSE(ParseStats(text)) << text;
  }
  EXPECT_EQ(ParseStats("No such proxy.\n\n").error().code, ErrorCode::kNotFound);
}

TEST(StickTableTest, ReadsWhatHaproxyShows) {
  const auto shed = ParseStickTable(Captured("table_shed.txt"));
  ASSERT_TRUE(shed) << shed.error().message;
  ASSERT_EQ(shed->size(), 1U);
  EXPECT_EQ(shed->at(0).key, "orders");
  EXPECT_EQ(shed->at(0).expires_in, Duration(13697));
  EXPECT_EQ(shed->at(0).Get("gpt0"), 40U);
  EXPECT_EQ(shed->at(0).Get("gpc0"), 0U) << "not stored";

  const auto breaker = ParseStickTable(Captured("table_breaker.txt"));
  ASSERT_TRUE(breaker) << breaker.error().message;
  ASSERT_EQ(breaker->size(), 2U);
  EXPECT_EQ(breaker->at(0).key, "auth-v2.eu:80");
  EXPECT_EQ(breaker->at(1).Get("gpc0"), 1U);
  EXPECT_EQ(breaker->at(1).Get("gpt0"), 90U);
}

TEST(StickTableTest, AKeyWithoutAnEntryShowsNothing) {
  EXPECT_TRUE(ParseStickTable(Captured("table_no_entry.txt"))->empty());
}

TEST(StickTableTest, ReadsOtherDataAndOddKeys) {
  const auto entries = ParseStickTable(
      "# table: t, type: string, size:1024, used:2\n"
      "0x1: key=a use=0 exp=5 b c use=0 exp=0 shard=0 conn_rate(30000)=7 server_key=web gpt0=1\n"
      "\n");
  ASSERT_TRUE(entries) << entries.error().message;
  EXPECT_EQ(entries->at(0).key, "a use=0 exp=5 b c");
  EXPECT_EQ(entries->at(0).expires_in, std::nullopt) << "the table has no expire";
  EXPECT_EQ(entries->at(0).Get("conn_rate"), 7U);
}

TEST(StickTableTest, WhatCannotBeReadIsAnError) {
  for (const char* text :
       {"", "# table: t\n", "# table: t\nrubbish\n\n", "# table: t\n0x1: key=a exp=5\n\n",
        "# table: t\n0x1: key=a use=0 x\n\n", "# table: t\n use=0: key=a\n\n"}) {
    EXPECT_FALSE(ParseStickTable(text)) << text;
  }
  EXPECT_EQ(ParseStickTable("No such table\n\n").error().code, ErrorCode::kNotFound);
}

TEST(StickTableTest, EntriesThatAreHiddenAreNotTakenForNone) {
  const auto hidden = ParseStickTable(
      "# table: short, type: string, size:1024, used:0\n"
      "# contents not dumped due to insufficient privileges\n\n");
  EXPECT_EQ(hidden.error().code, ErrorCode::kPermissionDenied);
}

TEST(MapTest, ReadsWhatHaproxyShows) {
  const auto entries =
      ParseMap("0x7f27bc0465b0 orders fallback\n0x564c0fa93980 auth a b\n0x1 x\n\n");
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ((*entries)[0].key, "orders");
  EXPECT_EQ((*entries)[0].value, "fallback");
  EXPECT_EQ((*entries)[1].value, "a b");
  EXPECT_EQ((*entries)[2].value, "");
  EXPECT_TRUE(ParseMap("\n")->empty());
}

TEST(MapTest, WhatCannotBeReadIsAnError) {
  EXPECT_EQ(ParseMap("Unknown map identifier. Please use #<id> or <file>.\n\n").error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(ParseMap("0x7f27bc0465b0 orders fallback\n").error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(ParseMap("0x7f27bc0465b0\n\n").error().code, ErrorCode::kDataLoss);
}

TEST(MapTest, ReadsTheNamesOfBackends) {
  EXPECT_EQ(ParseBackends("# name\norders\nfallback\n\n").value(),
            (std::vector<std::string>{"orders", "fallback"}));
  EXPECT_FALSE(ParseBackends("Permission denied\n\n"));
}

TEST(ProcessInfoTest, ReadsWhatHaproxyShows) {
  const auto info = ParseProcessInfo(Captured("info.txt"));
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->version, "2.6.12-1+deb12u4");
  EXPECT_EQ(info->pid, 13918);
  EXPECT_EQ(info->Run(), "pid 13918 since " + FormatRfc3339(info->started));
}

TEST(ProcessInfoTest, WhatCannotBeReadIsAnError) {
  for (const char* text :
       {"", "\n", "Name: HAProxy\n\n", "Name: HAProxy\nPid: x\nStart_time_sec: 5\n\n",
        "Name: HAProxy\nPid: 1\nStart_time_sec: -5\n\n",
        "Name: HAProxy\nPid: 1\nStart_time_sec: 99999999999999999\n\n"}) {
    EXPECT_FALSE(ParseProcessInfo(text)) << text;
  }
}

TEST(TextFieldsTest, SplitsWordsAndLines) {
  EXPECT_THAT(SplitWords("  a b   c "), ElementsAre("a", "b", "c"));
  EXPECT_THAT(SplitWords("   "), ElementsAre());
  EXPECT_THAT(SplitLines("a\n\nb"), ElementsAre("a", "", "b"));
  EXPECT_THAT(SplitLines("a\n"), ElementsAre("a"));
}

TEST(TextFieldsTest, PopsRecordsOneByOne) {
  std::string_view text = "a,,\"b,\"\"c\"\"\"\nd\n\"unclosed";
  EXPECT_THAT(PopCsvRecord(text), ElementsAre("a", "", "b,\"c\""));
  EXPECT_THAT(PopCsvRecord(text), ElementsAre("d"));
  EXPECT_THAT(PopCsvRecord(text), ElementsAre("unclosed"));
  EXPECT_TRUE(text.empty());
}

TEST(TextFieldsTest, ANumberIsTheWholeText) {
  EXPECT_EQ(ParseNumber<int>("-7"), -7);
  EXPECT_EQ(ParseNumber<uint64_t>("18446744073709551615"), 18446744073709551615U);
  for (const char* text : {"", " 1", "1 ", "+1", "0x1", "1.0", "99999999999999999999"}) {
    EXPECT_EQ(ParseNumber<int>(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace promheal::healing
