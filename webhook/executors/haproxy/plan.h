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

// What an action is about, from its options and labels alone, and which slot it takes where the
// state has to say. Pure.

// "orders", "orders/orders-1", "orders/orders-4@10.0.0.7:8080"; of an operation that chooses its
// slot the backend, "orders".
// kInvalidArgument for a label that is missing or whose value may not become a word.
Result<std::string> SubjectOf(const HaproxyOptions& options, const Labels& labels);

Setting SettingOf(const HaproxyOptions& options, std::string subject);

// The value that the action sets; `percent` where it comes in degrees. Of a weight, `initial` is
// the configured one: kFailedPrecondition where a share of it rounds to 0, which would be a drain.
Result<std::string> WantedValue(const HaproxyOptions& options, int percent, int initial_weight);

// The state of one backend in each HAProxy.
using BackendViews = std::vector<std::vector<ServerState>>;

// The first spare slot that is in maintenance somewhere, in order of configuration: where several
// HAProxies differ, they agree afterwards. kFailedPrecondition where none is left.
Result<ServerName> ChooseSpare(const BackendViews& views, const std::string& backend);

// The last spare slot that is in service somewhere.
Result<ServerName> ChooseSurplus(const BackendViews& views, const std::string& backend);

// Whether a spare slot that is now in service (or, for `in_service` false, out of it) came to be so
// since `intended_at`. HAProxy counts whole seconds since the last change of any kind, so this also
// takes for ours what changed up to a second earlier, or went down and up again since.
bool SpareChangedSince(const std::vector<ServerState>& servers, bool in_service, Time intended_at,
                       Time now);

// The labels that lead to `text`, where it follows: {service="orders"} for "{service}" and
// "orders". Empty where it does not.
Labels LabelsBehind(const LabelTemplate& pattern, const std::string& text);

}  // namespace promheal::healing
