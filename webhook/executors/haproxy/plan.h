#pragma once

#include <string>
#include <vector>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "common/base/time.h"
#include "webhook/executors/haproxy/haproxy_options.h"
#include "webhook/executors/haproxy/runtime/server_state.h"
#include "webhook/executors/haproxy/setting.h"

namespace promheal::healing {

// Finds the subject of an action from its options and labels, and chooses its slot from the state
// if the operation chooses one. Pure.

// "orders", "orders/orders-1", "orders/orders-4@10.0.0.7:8080". For an operation that chooses its
// slot it is the backend: "orders".
// kInvalidArgument if a label is missing, or its value may not become a word.
Result<std::string> SubjectOf(const HaproxyOptions& options, const Labels& labels);

Setting SettingOf(const HaproxyOptions& options, std::string subject);

// The value that the action sets; `percent` counts only for operations with degrees.
// kFailedPrecondition if a share of the configured weight rounds to 0: that would be a drain.
Result<std::string> WantedValue(const HaproxyOptions& options, int percent, int initial_weight);

// The state of one backend in each HAProxy.
using BackendViews = std::vector<std::vector<ServerState>>;

// The first spare slot, in order of configuration, that is in maintenance on any HAProxy: if they
// differ, they agree afterwards. kFailedPrecondition if none is left.
Result<ServerName> ChooseSpare(const BackendViews& views, const std::string& backend);

// The last spare slot that is in service on any HAProxy.
Result<ServerName> ChooseSurplus(const BackendViews& views, const std::string& backend);

// Whether a spare slot has been put into service (or out of it, if `in_service` is false) since
// `intended_at`. HAProxy counts whole seconds since the last change of any kind. A change up to a
// second earlier therefore also counts, and so does a slot that went down and up since.
bool SpareChangedSince(const std::vector<ServerState>& servers, bool in_service, Time intended_at,
                       Time now);

// The labels from which `pattern` makes `text`: {service="orders"} for "{service}" and "orders".
// Empty unless they follow from it.
Labels LabelsBehind(const LabelTemplate& pattern, const std::string& text);

}  // namespace promheal::healing
