#pragma once

#include <string_view>

#include "common/io/clock.h"
#include "webhook/core/override/override_plan.h"
#include "webhook/executors/haproxy/runtime/runtime_session.h"
#include "webhook/executors/haproxy/setting.h"

namespace promheal::healing {

// One change of an override in one HAProxy, by the rule of override_plan.h. Every write is read
// back, because HAProxy also answers "done" to commands without effect.

struct ChangeLimits {
  int min_active = 1;  // Slots of a backend that must stay in service.
};

ChangeReport ApplyChange(RuntimeSession& session, const Setting& setting,
                         const OverrideChange& change, const ChangeLimits& limits,
                         const Clock& clock);

ChangeReport UndoChange(RuntimeSession& session, const Setting& setting,
                        const OverrideChange& change, const ChangeLimits& limits,
                        const Clock& clock);

// kDone if the place could be read.
ChangeReport InspectChange(RuntimeSession& session, const Setting& setting,
                           const OverrideChange& change, const Clock& clock);

// Fails if `value` would take a slot out of service and leave fewer than `min_active` others that
// get requests. A slot that gets none now may always be taken out.
Status CheckStaysServed(RuntimeSession& session, const Setting& setting, std::string_view value,
                        const ChangeLimits& limits);

}  // namespace promheal::healing
