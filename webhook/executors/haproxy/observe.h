#pragma once

#include <string>

#include "common/io/clock.h"
#include "webhook/core/override/action.h"
#include "webhook/executors/haproxy/haproxy_options.h"
#include "webhook/executors/haproxy/runtime/runtime_session.h"

namespace promheal::healing {

// Judges by the state of one HAProxy whether the action has taken place since `intended_at`.
// `subject` is from SubjectOf. Another state than the wanted one is kNotHappened. It is kUnknown if
// the wanted state may have been there in between: after a reload, after an entry would have
// expired, or if the entry has another value.
ObservationReport ObserveOn(RuntimeSession& session, const HaproxyOptions& options,
                            const std::string& subject, Time intended_at, const Clock& clock);

}  // namespace promheal::healing
