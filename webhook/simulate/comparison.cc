#include "webhook/simulate/comparison.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "common/base/text_table.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

// An event and the index of the policy that caused it.
struct Said {
  size_t policy = 0;
  const SimulatedEvent* event = nullptr;
};

// The action of a decision without its reason: two policies differ if these differ.
std::string Deed(const SimulatedEvent& event) {
  if (event.what == "closed") return "closed " + event.reason;
  const bool withheld = event.reason == ToString(DecisionReason::kShadowMode) ||
                        event.reason == ToString(DecisionReason::kRecommendMode);
  if (event.what == "heal" || withheld) return event.what + " " + event.action;
  return event.what;
}

std::string InWords(const SimulatedEvent& event) {
  if (event.what == "closed") return "closed: " + event.reason;
  const bool names_action = Deed(event) != event.what;
  return fmt::format("{}{}{} ({})", event.what, names_action ? " " : "",
                     names_action ? event.action : "", event.reason);
}

std::vector<Said> InOrder(const std::vector<SimulatedPolicy>& policies) {
  std::vector<Said> all;
  for (size_t i = 0; i < policies.size(); ++i) {
    for (const SimulatedEvent& event : policies[i].result.events) all.push_back({i, &event});
  }
  std::stable_sort(all.begin(), all.end(), [](const Said& a, const Said& b) {
    return std::tie(a.event->time, a.event->target) < std::tie(b.event->time, b.event->target);
  });
  return all;
}

ComparedDecision RowOf(const Said& said, const std::vector<const SimulatedEvent*>& standing) {
  ComparedDecision row{.time = said.event->time,
                       .target = said.event->target,
                       .scenario = said.event->scenario,
                       .text = said.event->text};
  std::string first;
  for (const SimulatedEvent* event : standing) {
    row.standing.push_back(event == nullptr ? "-" : InWords(*event));
    const std::string deed = event == nullptr ? "" : Deed(*event);
    if (event == standing.front()) first = deed;
    row.differ = row.differ || deed != first;
  }
  return row;
}

// "restart 2, throttle 1"
std::string Counts(const std::map<std::string, size_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count);
  }
  return text.empty() ? "none" : text;
}

size_t Disagreements(const std::vector<ComparedDecision>& rows) {
  return static_cast<size_t>(
      std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.differ; }));
}

std::string Sums(const std::vector<SimulatedPolicy>& policies) {
  std::vector<std::vector<std::string>> table = {{""}, {"actions"}, {"withheld"}, {"incidents"}};
  for (const SimulatedPolicy& policy : policies) {
    table[0].push_back(policy.name);
    table[1].push_back(Counts(policy.result.actions));
    table[2].push_back(Counts(policy.result.withheld));
    table[3].push_back(Counts(policy.result.outcomes));
  }
  return TextTable(table);
}

}  // namespace

std::vector<ComparedDecision> Compare(const std::vector<SimulatedPolicy>& policies) {
  std::map<std::string, std::vector<const SimulatedEvent*>> standing;  // By target.
  std::vector<ComparedDecision> rows;
  size_t last = 0;  // The policy of the last event.
  for (const Said& said : InOrder(policies)) {
    auto& now = standing[said.event->target];
    now.resize(policies.size(), nullptr);
    now[said.policy] = said.event;
    ComparedDecision row = RowOf(said, now);
    const bool joins =
        !rows.empty() && rows.back().time == row.time && rows.back().target == row.target;
    // Decisions of both policies at the same time share a row. If a policy decides twice at that
    // time, the last decision counts.
    if (joins && said.policy != last && row.text != rows.back().text) {
      row.text = rows.back().text + " | " + row.text;
    }
    if (joins) rows.pop_back();
    rows.push_back(std::move(row));
    last = said.policy;
    // A new incident begins without decisions.
    const bool over = std::all_of(now.begin(), now.end(), [](const SimulatedEvent* event) {
      return event == nullptr || event->what == "closed";
    });
    if (over && now.size() == policies.size()) standing.erase(said.event->target);
  }
  return rows;
}

std::string ComparisonText(const std::vector<SimulatedPolicy>& policies,
                           const ComparisonNotes& notes) {
  if (notes.deliveries == 0) return "No alerts were delivered: there was nothing to decide.\n";
  const std::vector<ComparedDecision> rows = Compare(policies);
  const bool two = policies.size() > 1;
  std::vector<std::vector<std::string>> table = {{"TIME (UTC)", "TARGET", "SCENARIO"}};
  for (const SimulatedPolicy& policy : policies) table[0].push_back(policy.name);
  if (two) table[0].push_back("");
  table[0].push_back("WHY");
  for (const ComparedDecision& row : rows) {
    std::vector<std::string> cells = {ClockText(row.time), Printable(row.target),
                                      Printable(row.scenario)};
    for (const std::string& decision : row.standing) cells.push_back(Printable(decision));
    if (two) cells.push_back(row.differ ? "!=" : "");
    cells.push_back(Printable(row.text));
    table.push_back(std::move(cells));
  }
  std::string text = rows.empty() ? "No decisions.\n" : TextTable(table);
  text += fmt::format("\n{}", Sums(policies));
  if (two) text += fmt::format("{} of {} decisions differ.\n", Disagreements(rows), rows.size());
  if (notes.unanswered > 0) {
    text +=
        fmt::format("{} questions had no answer: nothing acts without data.\n", notes.unanswered);
  }
  return text + fmt::format(
                    "{} deliveries. Nothing was done: what an action would have changed cannot be "
                    "known, so the recorded course stands.\n",
                    notes.deliveries);
}

std::string ComparisonJson(const std::vector<SimulatedPolicy>& policies,
                           const ComparisonNotes& notes) {
  const std::vector<ComparedDecision> rows = Compare(policies);
  Json json = {{"deliveries", notes.deliveries},
               {"unanswered_questions", notes.unanswered},
               {"disagreements", Disagreements(rows)},
               {"policies", Json::array()},
               {"decisions", Json::array()}};
  for (const SimulatedPolicy& policy : policies) {
    json["policies"].push_back({{"name", policy.name},
                                {"actions", policy.result.actions},
                                {"withheld", policy.result.withheld},
                                {"incidents", policy.result.outcomes}});
  }
  for (const ComparedDecision& row : rows) {
    json["decisions"].push_back({{"time", FormatRfc3339(row.time)},
                                 {"target", row.target},
                                 {"scenario", row.scenario},
                                 {"standing", row.standing},
                                 {"differ", row.differ},
                                 {"text", row.text}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace promheal::healing
