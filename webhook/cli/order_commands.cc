#include "webhook/cli/order_commands.h"

#include <fmt/core.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "common/base/text_table.h"
#include "webhook/cli/asked.h"

namespace promheal::healing {
namespace {

using Parameters = std::map<std::string, std::string>;

// One flag for each parameter of an order; what is not said is not sent.
ExtraFlag Flag(const char* name, const char* help, const char* placeholder, std::string& value) {
  return {.name = name, .help = help, .value = &value, .placeholder = placeholder};
}

ExtraFlag Reason(Parameters& parameters) {
  return Flag("reason", "Why: others will read it.", "TEXT", parameters["reason"]);
}
ExtraFlag Target(Parameters& parameters) {
  return Flag("target", "Labels that make a target, such as service=orders.", "LABELS",
              parameters["target"]);
}
ExtraFlag Freeze(Parameters& parameters) {
  return Flag("duration", "How long nothing is started on the target; 1h by default.", "DURATION",
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

// {"changed": true, "text": "...", "incidents": ["...", ...]}: a line, and one for each incident.
Result<std::string> ReportText(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object() || !json.value("text", nlohmann::json()).is_string()) {
    return Fail(ErrorCode::kDataLoss, "this is no answer to an order: is it a healing_webhook?");
  }
  std::string text = Printable(json["text"].get<std::string>()) + "\n";
  for (const auto& id : json.value("incidents", nlohmann::json::array())) {
    if (id.is_string()) text += fmt::format("  {}\n", Printable(id.get<std::string>()));
  }
  return text;
}

int Tell(const Asked& asked, const std::string& path) {
  Result<HealerClient> client = HealerClient::Open(asked.address);
  if (!client) return Complain(client.error());
  const Result<std::string> body = client->Post(path);
  if (!body) return Complain(body.error());
  const Result<std::string> text = ReportText(*body);
  if (!text) return Complain(text.error());
  fmt::print("{}", asked.json ? *body : *text);
  return 0;
}

struct Kind {
  const char* name;  // "pause"
  const char* summary;
  const char* path;
};

int Run(const Kind& kind, Parameters& parameters, std::vector<ExtraFlag> flags, int argc,
        const char* const* argv) {
  Asked asked;
  flags.push_back(Reason(parameters));
  const auto parsed = ParseCommand(std::string("healing_webhook ") + kind.name, kind.summary, asked,
                                   std::move(flags), argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  return Tell(asked, kind.path + Query(parameters));
}

}  // namespace

int RunPause(int argc, const char* const* argv) {
  Parameters parameters;
  return Run({"pause", "No action is started until somebody resumes", "/-/pause"}, parameters, {},
             argc, argv);
}

int RunResume(int argc, const char* const* argv) {
  Parameters parameters;
  return Run({"resume", "Ends a pause", "/-/resume"}, parameters, {}, argc, argv);
}

int RunFreeze(int argc, const char* const* argv) {
  Parameters parameters;
  return Run({"freeze", "No action is started on one target", "/api/v1/targets/freeze"}, parameters,
             {Target(parameters), Freeze(parameters)}, argc, argv);
}

int RunUnfreeze(int argc, const char* const* argv) {
  Parameters parameters;
  return Run(
      {"unfreeze", "Ends a freeze of one target, whoever it is from", "/api/v1/targets/unfreeze"},
      parameters, {Target(parameters)}, argc, argv);
}

int RunRelease(int argc, const char* const* argv) {
  Parameters parameters;
  bool all = false;
  std::vector<ExtraFlag> flags = {
      Target(parameters),
      Flag("incident", "Only what this one holds.", "ID", parameters["incident"]),
      {.name = "all", .help = "Everything that is held in force.", .given = &all},
      Freeze(parameters)};
  Asked asked;
  flags.push_back(Reason(parameters));
  const auto parsed =
      ParseCommand("healing_webhook release",
                   "Takes back at once what is held in force, and freezes its targets", asked,
                   std::move(flags), argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  if (all) parameters["all"] = "true";
  return Tell(asked, "/api/v1/overrides/release" + Query(parameters));
}

int RunFalseAlarm(int argc, const char* const* argv) {
  const std::string id = TakeArgument(&argc, &argv);
  Parameters parameters;
  Asked asked;
  const auto parsed = ParseCommand("healing_webhook false-alarm ID",
                                   "Says that nothing was wrong: no more is done about it", asked,
                                   {Reason(parameters)}, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  if (id.empty()) {
    return Complain({ErrorCode::kInvalidArgument,
                     "false-alarm: which incident? expected its ID, as `healing_webhook incidents` "
                     "shows it"});
  }
  return Tell(asked, fmt::format("/api/v1/incidents/{}/false-alarm{}", PercentEncode(id),
                                 Query(parameters)));
}

}  // namespace promheal::healing
