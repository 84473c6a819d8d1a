#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"
#include "webhook/core/override/action.h"

namespace promheal::healing {

// One configured action: how it is carried out, and how to find out afterwards whether it was.
// Executors see the action and nothing else: whether to act has been decided before.
// Thread safety: all members may be called from any thread, also at once for different targets.
class Executor {
 public:
  virtual ~Executor() = default;

  // For people, without secrets: "command supervisorctl restart {service}:*".
  virtual std::string description() const = 0;

  // What of its effect nobody takes back, as a sentence for people; "" where it happens and is
  // over, where all of it is undone, and where nobody can tell.
  virtual std::string_view not_undone() const { return ""; }

  // Whether this action could be carried out for these labels; touches nothing. The error says
  // which value is missing or unsafe.
  virtual Status Check(const Action& action) const = 0;

  // Carries it out within `deadline`; when that passes, what was started is stopped and the result
  // is kUnknown. It is also stopped, within 3 seconds after the deadline, when this program dies
  // meanwhile, so that an observation after that is final.
  virtual Receipt Execute(const Action& action, Duration deadline) = 0;

  // Whether the action has taken place since `action.intended_at`. Changes nothing. kUnknown where
  // it cannot be told.
  virtual ObservationReport Observe(const Action& action) = 0;

  // What Execute would do now, for people: "would restart orders-1, which is exited". Asks, changes
  // nothing. An error where it would refuse. By default what Check and description say.
  virtual Result<std::string> Rehearse(const Action& action, Duration deadline);

  // Who would carry it out, and whether they can be reached: "Docker 20.10.24, API 1.41". Asks,
  // changes nothing. By default nobody is asked.
  virtual Result<std::string> Probe(Duration deadline);
};

}  // namespace promheal::healing
