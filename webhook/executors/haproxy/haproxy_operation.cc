#include "webhook/executors/haproxy/haproxy_operation.h"

namespace promheal::healing {
namespace {

constexpr std::string_view kNeedsTable =
    "a stick table with `type string len 64`, `expire` and `store`, and the rules that read it, as "
    "in services/gateway/haproxy.cfg";
constexpr std::string_view kNeedsSlot = "a server of that name in the backend";
constexpr std::string_view kNeedsSpare = "servers that the configuration has `disabled`";

const std::vector<HaproxyOperationInfo> kOperations = {
    {.operation = HaproxyOperation::kReady,
     .name = "ready",
     .kind = SettingKind::kState,
     .changes = "a slot gets requests again",
     .repeated = "nothing",
     .undo = "the slot goes back to drain or maint",
     .needs = kNeedsSlot},
    {.operation = HaproxyOperation::kScaleOut,
     .name = "scale_out",
     .kind = SettingKind::kState,
     .chooses_slot = true,
     .changes = "the first spare slot of the backend is set ready",
     .repeated = "nothing for the same intent; a new intent sets the next spare slot ready",
     .undo = "the slot goes back to maint, unless too few would be left",
     .needs = kNeedsSpare},
    {.operation = HaproxyOperation::kAddServer,
     .name = "add_server",
     .kind = SettingKind::kMember,
     .changes = "one more server joins the backend, with a health check every second",
     .repeated = "nothing",
     .undo = "the server is taken out of service and deleted, unless too few would be left",
     .needs = "a backend with a dynamic balance, and an IPv4 address and port for the server"},
    {.operation = HaproxyOperation::kThrottle,
     .name = "throttle",
     .kind = SettingKind::kShed,
     .has_percent = true,
     .changes = "the gateway answers a share of the requests with 429",
     .repeated = "renews the entry, which expires by itself",
     .undo = "the entry is cleared",
     .needs = kNeedsTable},
    {.operation = HaproxyOperation::kSetMaxconn,
     .name = "set_maxconn",
     .kind = SettingKind::kMaxconn,
     .changes = "a slot gets at most `maxconn` requests at once; the others wait",
     .repeated = "nothing",
     .undo = "the previous limit",
     .needs = kNeedsSlot},
    {.operation = HaproxyOperation::kSetWeight,
     .name = "set_weight",
     .kind = SettingKind::kWeight,
     .has_percent = true,
     .changes = "a slot gets a share of its usual requests",
     .repeated = "nothing",
     .undo = "the previous weight",
     .needs =
         "a server with `weight 100`, so that shares are whole numbers, and a dynamic balance"},
    {.operation = HaproxyOperation::kDrain,
     .name = "drain",
     .kind = SettingKind::kState,
     .changes = "a slot gets no new requests, except from sessions that stick to it",
     .repeated = "nothing",
     .undo = "the slot goes back to ready or maint",
     .needs = kNeedsSlot},
    {.operation = HaproxyOperation::kScaleIn,
     .name = "scale_in",
     .kind = SettingKind::kState,
     .chooses_slot = true,
     .changes = "the last spare slot in service is set to maint",
     .repeated = "nothing for the same intent; a new intent sets the next one to maint",
     .undo = "the slot goes back to ready",
     .needs = kNeedsSpare},
    {.operation = HaproxyOperation::kDelServer,
     .name = "del_server",
     .kind = SettingKind::kMember,
     .changes = "a server is taken out of service, its sessions are ended, and it is deleted",
     .repeated = "nothing",
     .undo = "the server is added again at its address, without the rest of its configuration",
     .needs = "a server without `resolvers` and to which nothing else refers, such as one from "
              "add_server",
     .not_undone = "the server comes back without its configuration, only with its address"},
    {.operation = HaproxyOperation::kMaint,
     .name = "maint",
     .kind = SettingKind::kState,
     .changes = "a slot gets no new requests and no health checks",
     .repeated = "nothing",
     .undo = "the slot goes back to ready or drain",
     .needs = kNeedsSlot},
    {.operation = HaproxyOperation::kRedirect,
     .name = "redirect",
     .kind = SettingKind::kRedirect,
     .changes = "all requests go to another backend, such as one that apologises",
     .repeated = "nothing",
     .undo = "the entry of the map is deleted, or gets its previous value",
     .needs = "a map whose file is empty, and the rule that reads it, as in "
              "services/gateway/haproxy.cfg"},
    {.operation = HaproxyOperation::kBreaker,
     .name = "breaker",
     .kind = SettingKind::kBreaker,
     .has_percent = true,
     .changes = "the gateway answers requests with 503: all, or if half-open a share of them",
     .repeated = "renews the entry, which expires by itself",
     .undo = "the entry is cleared",
     .needs = kNeedsTable},
};

}  // namespace

const std::vector<HaproxyOperationInfo>& HaproxyOperations() { return kOperations; }

const HaproxyOperationInfo& InfoOf(HaproxyOperation operation) {
  return RowOf(kOperations, operation);
}

std::string HaproxyReference() {
  return ReferenceOf(kOperations, [](const HaproxyOperationInfo& info) {
    return LivesInTable(info.kind) ? "until it expires, unless renewed"
           : info.has_percent      ? "until undone or reloaded; in degrees"
                                   : "until undone or reloaded";
  });
}

}  // namespace promheal::healing
