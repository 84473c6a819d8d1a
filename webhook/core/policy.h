#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"
#include "webhook/core/budget.h"
#include "webhook/core/expectation.h"
#include "webhook/core/label_match.h"
#include "webhook/core/maintenance.h"
#include "webhook/core/scenario.h"

namespace promheal::healing {

enum class Mode {
  kShadow,     // Decide and tell, never act: the default.
  kRecommend,  // As shadow, and tell people what to do.
  kAuto,       // Act.
};
std::string_view ToString(Mode mode);  // "shadow", "recommend", "auto"

// How to find out from data whether the trouble is over.
struct Verification {
  Duration settle = std::chrono::seconds(15);    // After an action, before the first question.
  Duration interval = std::chrono::seconds(15);  // Between questions.
  int times = 2;                                 // Good answers in a row that count as recovered.
  Duration timeout = std::chrono::minutes(2);    // After settling; then the action was ineffective.
  std::vector<Condition> conditions;             // All of them. Empty: nothing can be verified.
};

// How long what an action leaves in force is held, and how it is let go.
struct Hold {
  Duration at_least =
      std::chrono::minutes(1);  // In force so long before the first step of release,
                                // twice as long after each relapse, up to at_most.
  Duration at_most = std::chrono::minutes(10);  // Then a relapse means that it does not help.
  std::vector<int> release;                     // Percent in force, falling; the last step is none.
  Duration step = std::chrono::seconds(30);     // Each must have been good for so long.
  std::optional<Verification> verify;           // What is good; else the rung's own says.
  bool keep_when_escalated = false;             // Stays while a human looks, until it recovers.
};

// One step of a ladder.
struct Rung {
  std::string action;                             // A name under `actions` of the configuration.
  int attempts = 1;                               // Within one incident.
  Duration cooldown = std::chrono::minutes(10);   // Least time between two on the same target.
  double cooldown_factor = 1;                     // Longer by so much for each use within a day,
  Duration cooldown_max = std::chrono::hours(6);  // up to so long.
  std::optional<Verification> verify;             // Instead of the policy's.
  std::optional<Hold> hold;                       // Only and always of what stays in force.
  // What must hold before it may be used; where it does not, or nobody knows, the next rung's turn
  // comes, and not having used this one is no failure of it.
  std::vector<Condition> required;
  // What must hold of what remains healthy without the target. Until then it waits.
  std::optional<Condition> min_healthy;
  // While it is fully in force nothing gets through that could be judged: its release is.
  bool probe = false;
};

struct Policy {
  std::string name;
  std::vector<LabelMatch> match;  // Against the labels of the incident's naming alert.
  Mode mode = Mode::kShadow;
  std::vector<Rung> ladder;  // Least disruptive first. Empty: notify only.
  Verification verify;
  Duration wait_for_platform{0};  // What else restarts things (systemd, kubelet) goes first.
  Duration escalate_after = std::chrono::minutes(15);  // A human is called after waiting so long.
  Duration freeze = std::chrono::hours(1);  // How long a target is left alone after its last rung.
};

// Everything that decisions rest on and that comes from configuration.
struct PolicySet {
  std::vector<Policy> policies;  // The first that matches counts.
  ScenarioPrecedence scenarios = DefaultScenarioPrecedence();
  // Never acted upon, whatever the policies say: any of these label sets.
  std::vector<std::vector<LabelMatch>> protected_targets = DefaultProtectedTargets();
  std::vector<MaintenanceWindow> maintenance;  // What is within one is held up by it.
  Budgets budgets;
  std::map<std::string, Duration> action_timeouts;  // By action name; see TimeoutOf.
  // An incident waits so long for more of its alerts before the first decision.
  Duration collection_window = std::chrono::seconds(5);
  // Alerts resolved, but so long no data confirmed it: the incident closes and says so.
  Duration unconfirmed_after = std::chrono::minutes(30);

  // promheal itself, Prometheus and Alertmanager, by their customary job and service labels.
  static std::vector<std::vector<LabelMatch>> DefaultProtectedTargets();
};

// The policy for an incident named by an alert with these labels, or null.
const Policy* FindPolicy(const PolicySet& policies, const Labels& labels);
const Policy* FindPolicyByName(const PolicySet& policies, std::string_view name);
bool IsProtected(const PolicySet& policies, const Labels& labels);
// How long one call of the action may take.
Duration TimeoutOf(const PolicySet& policies, const std::string& action);

// The rung's own verification, or else its policy's.
const Verification& VerificationOf(const Policy& policy, size_t rung);
// The same for the release of what the rung holds.
const Verification& ReleaseVerificationOf(const Policy& policy, size_t rung);

}  // namespace promheal::healing
