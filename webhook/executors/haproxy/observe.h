#pragma once

#include <string>

#include "common/io/clock.h"
#include "webhook/core/override/action.h"
#include "webhook/executors/haproxy/haproxy_options.h"
#include "webhook/executors/haproxy/runtime/runtime_session.h"

namespace promheal::healing {

// Whether one HAProxy is as the action wanted it since `intended_at`, by its state alone. `subject`
// is SubjectOf. Not as wanted is kNotHappened, but kUnknown where it may have been and is not any
// more: after a reload, once an entry would have expired, or where an entry says something else.
ObservationReport ObserveOn(RuntimeSession& session, const HaproxyOptions& options,
                            const std::string& subject, Time intended_at, const Clock& clock);

}  // namespace promheal::healing
