#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"
#include "webhook/core/override/action.h"

namespace promheal::healing {

// Carries out one configured action, and finds out afterwards whether it took place. An executor
// sees only the action: the decision to act was made before.
// Thread safety: any thread may call any member, also at the same time for different targets.
class Executor {
 public:
  virtual ~Executor() = default;

  // For people, without secrets: "command supervisorctl restart {service}:*".
  virtual std::string description() const = 0;

  // The part of its effect that Undo does not restore, as a sentence for people; "" if there is
  // none, or if it is not known.
  virtual std::string_view not_undone() const { return ""; }

  // Whether the action's labels are complete and safe to use; asks and changes nothing. The
  // error names the value that is missing or unsafe.
  virtual Status Check(const Action& action) const = 0;

  // Carries it out. At the deadline it stops whatever it started, and the result is kUnknown. If
  // this program dies meanwhile, that stops, too, at most 3 seconds after the deadline: a later
  // observation is final.
  virtual Receipt Execute(const Action& action, Duration deadline) = 0;

  // Whether the action has taken place since `action.intended_at`. Changes nothing. kUnknown if
  // the executor cannot tell.
  virtual ObservationReport Observe(const Action& action) = 0;

  // The effect that Execute would have now, for people: "would restart orders-1, which is exited".
  // Asks, but changes nothing. An error if Execute would refuse. Default: Check and description.
  virtual Result<std::string> Rehearse(const Action& action, Duration deadline);

  // Asks the gateways or engines that would carry it out whether they answer: "Docker 20.10.24, API
  // 1.41". Changes nothing. By default there is nothing to ask.
  virtual Result<std::string> Probe(Duration deadline);
};

}  // namespace promheal::healing
