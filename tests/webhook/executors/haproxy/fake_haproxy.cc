#include "tests/webhook/executors/haproxy/fake_haproxy.h"

#include <fmt/format.h>

#include <sstream>

namespace promheal::healing {
namespace {

constexpr uint32_t kForcedMaint = 0x01;
constexpr uint32_t kDisabled = 0x04;
constexpr uint32_t kForcedDrain = 0x08;

std::vector<std::string> Words(const std::string& command) {
  std::istringstream stream(command);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

ServerState Configured(const std::string& backend, int number, bool spare) {
  return {.name = {backend, fmt::format("{}-{}", backend, number)},
          .address = "127.0.0.1",
          .port = 3000 + number,
          .health = spare ? ServerHealth::kStopped : ServerHealth::kRunning,
          .admin = spare ? kForcedMaint | kDisabled : 0,
          .weight = 100,
          .initial_weight = 100};
}

std::string Word(const std::vector<std::string>& words, size_t index) {
  return index < words.size() ? words[index] : "";
}

}  // namespace

class FakeHaproxy::Client final : public RuntimeApi {
 public:
  explicit Client(FakeHaproxy& haproxy) : haproxy_(haproxy) {}
  Result<std::string> Run(const RuntimeCommand& command, Duration) const override {
    return haproxy_.Run(command.text());
  }

 private:
  FakeHaproxy& haproxy_;
};

FakeHaproxy::FakeHaproxy(const support::FakeClock& clock) : clock_(clock) {
  Reload();
  started_ -= std::chrono::hours(1);
  for (auto& [name, at] : changed_at_) at = started_;
}

std::unique_ptr<RuntimeApi> FakeHaproxy::Api() { return std::make_unique<Client>(*this); }

void FakeHaproxy::Reload() {
  ++pid_;
  started_ = clock_.Now();
  tables = {{"override_shed", {}}, {"override_breaker", {}}};
  maxconn.clear();
  redirects.clear();
  servers_ = {Configured("orders", 1, false),   Configured("orders", 2, true),
              Configured("orders", 3, true),    Configured("payments", 1, false),
              Configured("payments", 2, false), Configured("payments", 3, true)};
  for (const ServerState& server : servers_) changed_at_[server.name.server] = started_;
}

Result<std::string> FakeHaproxy::Run(const std::string& command) {
  commands.push_back(command);
  const std::optional<Trouble> with = trouble ? trouble(command) : std::nullopt;
  if (with && with->when == When::kBefore) return tl::make_unexpected(with->error);
  std::string answer = Answer(command);
  if (with) return tl::make_unexpected(with->error);
  return answer;
}

std::string FakeHaproxy::Answer(const std::string& command) {
  ForgetExpired();
  const std::vector<std::string> words = Words(command);
  const std::string verb = Word(words, 0) + ' ' + Word(words, 1);
  if (verb == "show info") return Info();
  if (verb == "show servers") return Servers(Word(words, 3));
  if (verb == "show stat") return Stats(Word(words, 2));
  if (verb == "show table") return Table(Word(words, 2), Word(words, 4));
  if (verb == "set table") return SetTable(words);
  if (verb == "clear table") {
    if (!tables.contains(Word(words, 2))) return "No such table\n\n";
    tables[Word(words, 2)].erase(Word(words, 4).substr(0, key_length));
    return "\n";
  }
  if (verb == "set server" || verb == "set maxconn") return SetServer(words);
  if (verb == "add server") return AddServer(words);
  if (verb == "del server") return DeleteServer(Word(words, 2));
  if (Word(words, 1) == "map") return Map(words);
  if (verb == "show backend") return "# name\norders\npayments\nfallback\nelsewhere\n\n";
  if (verb == "enable health" || verb == "shutdown sessions") return "\n";
  return "Unknown command, but maybe one of the following ones is a better match:\n  help\n\n";
}

std::string FakeHaproxy::Info() const {
  return fmt::format("Name: HAProxy\nVersion: 2.6.12\nPid: {}\nStart_time_sec: {}\n\n", pid_,
                     static_cast<int64_t>(ToUnixSeconds(started_)));
}

std::string FakeHaproxy::Servers(const std::string& backend) const {
  std::string text =
      "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight "
      "srv_iweight srv_time_since_last_change srv_port\n";
  bool found = backend.empty();
  for (const ServerState& server : servers_) {
    if (!backend.empty() && server.name.backend != backend) continue;
    found = true;
    const Duration since = clock_.Now() - changed_at_.at(server.name.server);
    text += fmt::format("1 {} 1 {} {} {} {} {} {} {} {}\n", server.name.backend, server.name.server,
                        server.address, static_cast<int>(server.health), server.admin,
                        server.weight, server.initial_weight, since.count() / 1000, server.port);
  }
  return found ? text + "\n" : "Can't find backend.\n\n";
}

std::string FakeHaproxy::Stats(const std::string& backend) const {
  std::string text = "# pxname,svname,slim,status,type,\n";
  for (const ServerState& server : servers_) {
    if (server.name.backend != backend) continue;
    const auto limit = maxconn.find(server.name.server);
    const uint64_t value = limit == maxconn.end() ? 256 : limit->second;
    text += fmt::format("{},{},{},UP,2,\n", backend, server.name.server,
                        value == 0 ? "" : std::to_string(value));
  }
  return text + "\n";
}

std::string FakeHaproxy::Table(const std::string& name, const std::string& key) const {
  const auto table = tables.find(name);
  if (table == tables.end()) return "No such table\n\n";
  std::string text;
  for (const auto& [entry_key, entry] : table->second) {
    if (!key.empty() && entry_key != key.substr(0, key_length)) continue;
    const int64_t life = table_expires ? (entry.expires_at - clock_.Now()).count() : 0;
    text += fmt::format("0x55ac704da688: key={} use=0 exp={} gpt0={} gpc0={}\n", entry_key, life,
                        entry.gpt0, entry.gpc0);
  }
  if (text.empty() && !key.empty()) return "\n";
  return fmt::format("# table: {}, type: string, size:1024, used:{}\n{}\n", name,
                     table->second.size(), text);
}

std::string FakeHaproxy::SetTable(const std::vector<std::string>& words) {
  if (!tables.contains(Word(words, 2))) return "No such table\n\n";
  FakeEntry& entry = tables[words[2]][Word(words, 4).substr(0, key_length)];
  for (size_t i = 5; i + 1 < words.size(); i += 2) {
    const auto value = static_cast<uint32_t>(std::stol(words[i + 1]));
    (words[i] == "data.gpc0" ? entry.gpc0 : entry.gpt0) = value;
  }
  entry.expires_at = clock_.Now() + table_expires.value_or(Duration(0));
  return "\n";
}

// As HAProxy 2.6, except that a key which is added twice has only one entry.
std::string FakeHaproxy::Map(const std::vector<std::string>& words) {
  if (Word(words, 2) != "/maps/redirect") {
    return "Unknown map identifier. Please use #<id> or <file>.\n\n";
  }
  const std::string key = Word(words, 3);
  if (words[0] == "show") {
    std::string text;
    for (const auto& [name, value] : redirects) {
      text += fmt::format("0x7f27bc0465b0 {} {}\n", name, value);
    }
    return text + "\n";
  }
  if (words[0] == "add") {
    redirects[key] = Word(words, 4);
    return "\n";
  }
  if (!redirects.contains(key))
    return words[0] == "set" ? "entry not found.\n\n" : "Key not found.\n\n";
  if (words[0] == "set") redirects[key] = Word(words, 4);
  if (words[0] == "del") redirects.erase(key);
  return "\n";
}

// As HAProxy 2.6: a new server is in maintenance, and the answer begins with a line break.
std::string FakeHaproxy::AddServer(const std::vector<std::string>& words) {
  const Result<ServerName> name = ParseServerName(Word(words, 2));
  if (!name) return "Require 'backend/server'.\n\n";
  if (FindServer(servers_, *name) != nullptr) {
    return "Already exists a server with the same name in backend.\n\n";
  }
  const std::string endpoint = Word(words, 3);
  const size_t colon = endpoint.find(':');
  servers_.push_back({.name = *name,
                      .address = endpoint.substr(0, colon),
                      .port = std::stoi(endpoint.substr(colon + 1)),
                      .health = ServerHealth::kStopped,
                      .admin = kForcedMaint,
                      .weight = 100,
                      .initial_weight = 100});
  changed_at_[name->server] = clock_.Now();
  return "New server registered.\n\n";
}

std::string FakeHaproxy::DeleteServer(const std::string& word) {
  const Result<ServerName> name = ParseServerName(word);
  const ServerState* server = name ? FindServer(servers_, *name) : nullptr;
  if (server == nullptr) return "No such server.\n\n";
  if (StateOf(*server) != SlotState::kMaint) {
    return "Only servers in maintenance mode can be deleted.\n\n";
  }
  if (connected.contains(name->server)) {
    return "Server still has connections attached to it, cannot remove it.\n\n";
  }
  std::erase_if(servers_, [&](const ServerState& other) { return other.name == *name; });
  return "Server deleted.\n\n";
}

std::string FakeHaproxy::SetServer(const std::vector<std::string>& words) {
  const bool is_maxconn = words[1] == "maxconn";
  const Result<ServerName> name = ParseServerName(Word(words, is_maxconn ? 3 : 2));
  for (ServerState& server : servers_) {
    if (!name || server.name != *name) continue;
    if (is_maxconn) {
      maxconn[name->server] = static_cast<uint32_t>(std::stol(Word(words, 4)));
    } else if (Word(words, 3) == "weight") {
      server.weight = std::stoi(Word(words, 4));
    } else {
      const std::string state = Word(words, 4);
      server.admin = (server.admin & kDisabled) | (state == "maint"   ? kForcedMaint
                                                   : state == "drain" ? kForcedDrain
                                                                      : 0);
      server.health = state == "maint" ? ServerHealth::kStopped : ServerHealth::kRunning;
      changed_at_[name->server] = clock_.Now();
    }
    return "\n";
  }
  return "No such server.\n\n";
}

void FakeHaproxy::ForgetExpired() {
  if (!table_expires) return;
  for (auto& [name, table] : tables) {
    std::erase_if(table, [&](const auto& item) { return item.second.expires_at <= clock_.Now(); });
  }
}

ServerState& FakeHaproxy::Server(const std::string& name) {
  for (ServerState& server : servers_) {
    if (server.name.server == name) return server;
  }
  throw std::out_of_range(name);
}

std::string FakeHaproxy::Entry(const std::string& table, const std::string& key) {
  ForgetExpired();
  const auto found = tables.at(table).find(key);
  if (found == tables.at(table).end()) return "";
  return fmt::format("{}/{}", found->second.gpc0, found->second.gpt0);
}

std::string FakeHaproxy::State() {
  ForgetExpired();
  std::string text;
  for (const ServerState& server : servers_) {
    const auto limit = maxconn.find(server.name.server);
    text += fmt::format("{} {} {} {}; ", server.name.server, ToString(StateOf(server)),
                        server.weight, limit == maxconn.end() ? 256 : limit->second);
  }
  for (const auto& [name, table] : tables) {
    for (const auto& [key, entry] : table) {
      text += fmt::format("{} {} {}/{}; ", name, key, entry.gpc0, entry.gpt0);
    }
  }
  for (const auto& [key, backend] : redirects) text += fmt::format("{} to {}; ", key, backend);
  return text;
}

}  // namespace promheal::healing
