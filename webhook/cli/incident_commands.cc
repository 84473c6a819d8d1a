#include "webhook/cli/incident_commands.h"

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "common/io/clock.h"
#include "webhook/cli/client_command.h"
#include "webhook/cli/incident_list.h"
#include "webhook/cli/incident_text.h"

namespace promheal::healing {
namespace {

Result<std::string> Ask(const HealerAddress& address, const std::string& path) {
  Result<HealerClient> client = HealerClient::Open(address);
  if (!client) return tl::make_unexpected(client.error());
  return client->Get(path);
}

}  // namespace

int RunIncidents(int argc, const char* const* argv) {
  ClientFlags healer;
  std::string state;
  const auto parsed = ParseClientCommand("healing_webhook incidents",
                                         "Lists the incidents and their outcomes", healer,
                                         {{.name = "state",
                                           .help = "Only incidents in this state: open or closed.",
                                           .value = &state,
                                           .placeholder = "STATE"}},
                                         argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  const std::string path =
      "/api/v1/incidents" + (state.empty() ? "" : "?state=" + PercentEncode(state));
  const Result<std::string> body = Ask(healer.address, path);
  if (!body) return Complain(body.error());
  const Result<std::vector<Incident>> incidents = DecodeIncidentList(*body);
  if (!incidents) return Complain(incidents.error());
  fmt::print("{}", healer.json ? *body : IncidentTable(*incidents, SystemClock().Now()));
  return 0;
}

int RunExplain(int argc, const char* const* argv) {
  const std::string id = PopArgument(&argc, &argv);
  ClientFlags healer;
  const auto parsed = ParseClientCommand(
      "healing_webhook explain ID", "Explains an incident step by step", healer, {}, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  if (id.empty()) {
    return Complain({ErrorCode::kInvalidArgument,
                     "explain: which incident? expected its ID, as `healing_webhook incidents` "
                     "shows it"});
  }
  const Result<std::string> body = Ask(healer.address, "/api/v1/incidents/" + PercentEncode(id));
  if (!body) return Complain(body.error());
  const Result<Incident> incident = DecodeIncident(*body);
  if (!incident) return Complain(incident.error());
  fmt::print("{}", healer.json ? *body : Explanation(*incident));
  return 0;
}

}  // namespace promheal::healing
