#include "webhook/core/incident_state.h"

#include <string_view>

namespace promheal::healing {
namespace {

using Event = IncidentEvent;
using State = IncidentState;

struct Row {
  Event event;
  std::string_view next;  // One column per state, two characters wide.
};

// The whole state machine. Columns are states: C collecting, P pending, A acting, O observing,
// V verifying, H holding, R releasing, W watching, E escalated, X closed. A cell is the next state,
// "=" to stay, "-" if the event cannot occur.
constexpr std::array<Row, kIncidentEventCount> kTable = {{
    {Event::kAlertJoined, /*      */ "= = = = = = = = = -"},
    {Event::kScenarioRaised, /*   */ "= = = = = P P P = -"},
    {Event::kPoliciesChanged, /*  */ "= = = = = = = P = -"},
    {Event::kProgramRestarted, /* */ "= = O = = = = = = -"},
    {Event::kWindowElapsed, /*    */ "P - - - - - - - - -"},
    {Event::kDecidedHeal, /*      */ "- A - - - - - - - -"},
    {Event::kDecidedWait, /*      */ "- = - - - - - - - -"},
    {Event::kDecidedRefuse, /*    */ "- W - - - - - - - -"},
    {Event::kDecidedEscalate, /*  */ "- E - - - E E - - -"},
    {Event::kActionDone, /*       */ "- - V - - - - - - -"},
    {Event::kActionHeld, /*       */ "- - R R - - - - - -"},
    {Event::kActionFailed, /*     */ "- - P - - - - - - -"},
    {Event::kActionUnknown, /*    */ "- - O - - - - - - -"},
    {Event::kObservedDone, /*     */ "- - - V - - - - - -"},
    {Event::kObservedNotDone, /*  */ "- - - P - - - - - -"},
    {Event::kObservedUnknown, /*  */ "- - - V - - - - - -"},
    {Event::kDataRecovered, /*    */ "- H - - H - H - - -"},
    {Event::kDataNotRecovered, /* */ "- - - - P P P - - -"},
    {Event::kDataMissing, /*      */ "- - - - P - P - - -"},
    {Event::kReleaseDue, /*       */ "- - - - - R - - - -"},
    {Event::kAllClear, /*         */ "X X - - - X - X X -"},
    {Event::kUnconfirmed, /*      */ "- X - - - X X X X -"},
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
