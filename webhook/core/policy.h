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
  kRecommend,  // As shadow, and recommend the action to people.
  kAuto,       // Act.
};
std::string_view ToString(Mode mode);  // "shadow", "recommend", "auto"

// How data tell whether the trouble is over.
struct Verification {
  Duration settle = std::chrono::seconds(15);    // After an action, before the first question.
  Duration interval = std::chrono::seconds(15);  // Between questions.
  int times = 2;                                 // Equal answers in a row that count.
  Duration timeout = std::chrono::minutes(2);    // After settling; then the action was ineffective.
  std::vector<Condition> conditions;             // All must hold. Empty: nothing can be verified.
};

// How long the override of an action is held, and how it is released.
struct Hold {
  // Time in force before the first step of the release. It doubles after each relapse, up to
  // `at_most`.
  Duration at_least = std::chrono::minutes(1);
  Duration at_most = std::chrono::minutes(10);  // A relapse after this: it does not help.
  std::vector<int> release;  // Percent in force at each step, falling. Then nothing.
  Duration step = std::chrono::seconds(30);  // How long data must be good at each step.
  std::optional<Verification> verify;        // For the release; else the rung's own.
  bool keep_when_escalated = false;          // Held while a human looks, until data recover.
};

// An action on a policy's ladder, and the conditions of its use.
struct Rung {
  std::string action;                             // A name under `actions` of the configuration.
  int attempts = 1;                               // Within one incident.
  Duration cooldown = std::chrono::minutes(10);   // Least time between two uses on the same target,
  double cooldown_factor = 1;                     // multiplied by this for each use within a day,
  Duration cooldown_max = std::chrono::hours(6);  // at most this long.
  std::optional<Verification> verify;             // Instead of the policy's.
  std::optional<Hold> hold;  // Exactly for the actions that leave an override in force.
  // All must hold before the rung may be used. Otherwise, or without data, it is skipped for the
  // next rung, which does not count as a failure.
  std::vector<Condition> required;
  // Must hold for the healthy rest without the target; until then the action waits.
  std::optional<Condition> min_healthy;
  // While it is fully in force, nothing gets through that data could judge: only its release is
  // judged.
  bool probe = false;
};

struct Policy {
  std::string name;
  std::vector<LabelMatch> match;  // Against the labels of the incident's naming alert.
  Mode mode = Mode::kShadow;
  std::vector<Rung> ladder;  // The least disruptive rung first. Empty: only notifies.
  Verification verify;
  Duration wait_for_platform{0};  // Time for systemd, kubelet, ... to restart it first.
  Duration escalate_after = std::chrono::minutes(15);  // A human is called after a wait this long.
  Duration freeze = std::chrono::hours(1);  // How long a target is frozen after its last rung.
};

// The part of the configuration that decisions depend on.
struct PolicySet {
  std::vector<Policy> policies;  // The first match counts.
  ScenarioPrecedence scenarios = DefaultScenarioPrecedence();
  // A target that matches any of these is never acted upon, whatever the policies say.
  std::vector<std::vector<LabelMatch>> protected_targets = DefaultProtectedTargets();
  std::vector<MaintenanceWindow> maintenance;  // No action starts while a window is open.
  Budgets budgets;
  std::map<std::string, Duration> action_timeouts;  // By action name; see TimeoutOf.
  // How long an incident waits for more alerts before the first decision.
  Duration collection_window = std::chrono::seconds(5);
  // How long an incident whose alerts are resolved waits for data before it closes unconfirmed.
  Duration unconfirmed_after = std::chrono::minutes(30);

  // promheal itself, Prometheus and Alertmanager, by their usual job and service labels.
  static std::vector<std::vector<LabelMatch>> DefaultProtectedTargets();
};

// The policy of an incident whose naming alert has these labels, or null.
const Policy* FindPolicy(const PolicySet& policies, const Labels& labels);
const Policy* FindPolicyByName(const PolicySet& policies, std::string_view name);
bool IsProtected(const PolicySet& policies, const Labels& labels);
// How long one call of the action may take.
Duration TimeoutOf(const PolicySet& policies, const std::string& action);

// The rung's own verification, or else its policy's.
const Verification& VerificationOf(const Policy& policy, size_t rung);
// The same for the release of the rung's override.
const Verification& ReleaseVerificationOf(const Policy& policy, size_t rung);

}  // namespace promheal::healing
