#include "webhook/cli/order_commands.h"

#include <fmt/core.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "common/base/text_table.h"
#include "webhook/cli/client_command.h"

namespace promheal::healing {
namespace {

using Parameters = std::map<std::string, std::string>;

// A flag for each parameter of an order; a flag that is not given is not sent.
ExtraFlag Flag(const char* name, const char* help, const char* placeholder, std::string& value) {
  return {.name = name, .help = help, .value = &value, .placeholder = placeholder};
}

ExtraFlag Reason(Parameters& parameters) {
  return Flag("reason", "Why: others will read it.", "TEXT", parameters["reason"]);
}
ExtraFlag Target(Parameters& parameters) {
  return Flag("target", "The labels of the target, such as service=orders.", "LABELS",
              parameters["target"]);
}
ExtraFlag Freeze(Parameters& parameters) {
  return Flag("duration", "How long no action is started on the target; 1h by default.", "DURATION",
              parameters["duration"]);
}

std::string Query(const Parameters& parameters) {
  std::string query;
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    query += fmt::format("{}{}={}", query.empty() ? '?' : '&', name, PercentEncode(value));
  }
  return query;
}

// Prints {"changed": true, "text": "...", "incidents": ["...", ...]} as a line, and a line for each
// incident.
Result<std::string> ReportText(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object() || !json.value("text", nlohmann::json()).is_string()) {
    return Fail(ErrorCode::kDataLoss,
                "the answer is not one to an order: is this a healing_webhook?");
  }
  std::string text = Printable(json["text"].get<std::string>()) + "\n";
  for (const auto& id : json.value("incidents", nlohmann::json::array())) {
    if (id.is_string()) text += fmt::format("  {}\n", Printable(id.get<std::string>()));
  }
  return text;
}

int Tell(const ClientFlags& flags, const std::string& path) {
  Result<HealerClient> healer = HealerClient::Open(flags.address);
  if (!healer) return Complain(healer.error());
  const Result<std::string> body = healer->Post(path);
  if (!body) return Complain(body.error());
  const Result<std::string> text = ReportText(*body);
  if (!text) return Complain(text.error());
  fmt::print("{}", flags.json ? *body : *text);
  return 0;
}

struct Kind {
  const char* name;  // "pause"
  const char* summary;
  const char* path;
};

int Run(const Kind& kind, Parameters& parameters, std::vector<ExtraFlag> flags, int argc,
        const char* const* argv) {
  ClientFlags healer;
  flags.push_back(Reason(parameters));
  const auto parsed = ParseClientCommand(std::string("healing_webhook ") + kind.name, kind.summary,
                                         healer, std::move(flags), argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  return Tell(healer, kind.path + Query(parameters));
}

}  // namespace

int RunPause(int argc, const char* const* argv) {
  Parameters parameters;
  return Run({"pause", "Starts no action until a person resumes", "/-/pause"}, parameters, {}, argc,
             argv);
}

int RunResume(int argc, const char* const* argv) {
  Parameters parameters;
  return Run({"resume", "Ends a pause", "/-/resume"}, parameters, {}, argc, argv);
}

int RunFreeze(int argc, const char* const* argv) {
  Parameters parameters;
  return Run({"freeze", "Starts no action on one target for a while", "/api/v1/targets/freeze"},
             parameters, {Target(parameters), Freeze(parameters)}, argc, argv);
}

int RunUnfreeze(int argc, const char* const* argv) {
  Parameters parameters;
  return Run({"unfreeze", "Ends the freeze of a target, also the healer's own",
              "/api/v1/targets/unfreeze"},
             parameters, {Target(parameters)}, argc, argv);
}

int RunRelease(int argc, const char* const* argv) {
  Parameters parameters;
  bool all = false;
  std::vector<ExtraFlag> flags = {
      Target(parameters),
      Flag("incident", "Only what this one holds.", "ID", parameters["incident"]),
      {.name = "all", .help = "All overrides.", .given = &all},
      Freeze(parameters)};
  ClientFlags healer;
  flags.push_back(Reason(parameters));
  const auto parsed = ParseClientCommand("healing_webhook release",
                                         "Undoes overrides at once, and freezes their targets",
                                         healer, std::move(flags), argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  if (all) parameters["all"] = "true";
  return Tell(healer, "/api/v1/overrides/release" + Query(parameters));
}

int RunFalseAlarm(int argc, const char* const* argv) {
  const std::string id = PopArgument(&argc, &argv);
  Parameters parameters;
  ClientFlags healer;
  const auto parsed =
      ParseClientCommand("healing_webhook false-alarm ID",
                         "Marks an incident as a false alarm: the healer stops acting on it",
                         healer, {Reason(parameters)}, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  if (id.empty()) {
    return Complain({ErrorCode::kInvalidArgument,
                     "false-alarm: which incident? expected its ID, as `healing_webhook incidents` "
                     "shows it"});
  }
  return Tell(healer, fmt::format("/api/v1/incidents/{}/false-alarm{}", PercentEncode(id),
                                  Query(parameters)));
}

}  // namespace promheal::healing
