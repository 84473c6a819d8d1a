#include "webhook/core/incident_state.h"

#include <algorithm>

namespace promheal::healing {
namespace {

using Event = IncidentEvent;
using State = IncidentState;

struct Row {
  Event event;
  std::string_view text;
  std::string_view next;  // One column a state, two characters wide.
};

// The whole state machine. Columns are states: C collecting, P pending, A acting, O observing,
// V verifying, H holding, R releasing, W watching, E escalated, X closed. A cell is the next state,
// "=" to stay, "-" where the event cannot occur.
constexpr std::array<Row, kIncidentEventCount> kTable = {{
    {Event::kAlertJoined, "alert_joined", /*             */ "= = = = = = = = = -"},
    {Event::kScenarioRaised, "scenario_raised", /*       */ "= = = = = P P P = -"},
    {Event::kPoliciesChanged, "policies_changed", /*     */ "= = = = = = = P = -"},
    {Event::kProgramRestarted, "program_restarted", /*   */ "= = O = = = = = = -"},
    {Event::kWindowElapsed, "window_elapsed", /*         */ "P - - - - - - - - -"},
    {Event::kDecidedHeal, "decided_heal", /*             */ "- A - - - - - - - -"},
    {Event::kDecidedWait, "decided_wait", /*             */ "- = - - - - - - - -"},
    {Event::kDecidedRefuse, "decided_refuse", /*         */ "- W - - - - - - - -"},
    {Event::kDecidedEscalate, "decided_escalate", /*     */ "- E - - - E E - - -"},
    {Event::kActionDone, "action_done", /*               */ "- - V - - - - - - -"},
    {Event::kActionHeld, "action_held", /*               */ "- - R R - - - - - -"},
    {Event::kActionFailed, "action_failed", /*           */ "- - P - - - - - - -"},
    {Event::kActionUnknown, "action_unknown", /*         */ "- - O - - - - - - -"},
    {Event::kObservedDone, "observed_done", /*           */ "- - - V - - - - - -"},
    {Event::kObservedNotDone, "observed_not_done", /*    */ "- - - P - - - - - -"},
    {Event::kObservedUnknown, "observed_unknown", /*     */ "- - - V - - - - - -"},
    {Event::kDataRecovered, "data_recovered", /*         */ "- H - - H - H - - -"},
    {Event::kDataNotRecovered, "data_not_recovered", /*  */ "- - - - P P P - - -"},
    {Event::kDataMissing, "data_missing", /*             */ "- - - - P - P - - -"},
    {Event::kReleaseDue, "release_due", /*               */ "- - - - - R - - - -"},
    {Event::kAllClear, "all_clear", /*                   */ "X X - - - X - X X -"},
    {Event::kUnconfirmed, "unconfirmed", /*              */ "- X - - - X X X X -"},
}};

constexpr std::string_view kLetters = "CPAOVHRWEX";
constexpr std::array<std::string_view, kAllIncidentStates.size()> kStateNames = {
    "collecting", "pending",   "acting",   "observing", "verifying",
    "holding",    "releasing", "watching", "escalated", "closed"};

constexpr bool IsWellFormed() {
  for (size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<size_t>(kTable[i].event) != i) return false;
    if (kTable[i].next.size() != 2 * kAllIncidentStates.size() - 1) return false;
    for (size_t j = 0; j < kTable[i].next.size(); ++j) {
      const char cell = kTable[i].next[j];
      if (j % 2 == 1
              ? cell != ' '
              : cell != '=' && cell != '-' && kLetters.find(cell) == std::string_view::npos) {
        return false;
      }
    }
  }
  return true;
}
static_assert(IsWellFormed(), "every event needs a row, every state a cell");

}  // namespace

std::string_view ToString(IncidentState state) { return kStateNames[static_cast<size_t>(state)]; }

std::string_view ToString(IncidentEvent event) { return kTable[static_cast<size_t>(event)].text; }

std::optional<IncidentState> ParseIncidentState(std::string_view text) {
  const auto it = std::find(kStateNames.begin(), kStateNames.end(), text);
  if (it == kStateNames.end()) return std::nullopt;
  return static_cast<IncidentState>(it - kStateNames.begin());
}

std::optional<IncidentState> NextState(IncidentState state, IncidentEvent event) {
  const char cell = kTable[static_cast<size_t>(event)].next[2 * static_cast<size_t>(state)];
  if (cell == '-') return std::nullopt;
  if (cell == '=') return state;
  return static_cast<IncidentState>(kLetters.find(cell));
}

bool IsActionInFlight(IncidentState state) {
  return state == State::kActing || state == State::kObserving || state == State::kVerifying;
}

}  // namespace promheal::healing
