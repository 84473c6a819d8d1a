#include "webhook/web/order_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/duration.h"
#include "webhook/core/target_text.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;
using Parameters = std::map<std::string, std::string>;

constexpr size_t kLongestReason = 1000;
constexpr size_t kLargestBody = 64 * 1024;
constexpr Duration kShortestFreeze = std::chrono::seconds(1);
constexpr Duration kLongestFreeze = std::chrono::hours(24 * 30);
constexpr Duration kUsualFreeze = std::chrono::hours(1);

std::vector<std::string> NamesFor(OrderKind kind) {
  switch (kind) {
    case OrderKind::kFreeze:
      return {"target", "duration", "reason"};
    case OrderKind::kUnfreeze:
      return {"target", "reason"};
    case OrderKind::kRelease:
      return {"target", "incident", "all", "duration", "reason"};
    case OrderKind::kPause:
    case OrderKind::kResume:
    case OrderKind::kFalseAlarm:
      break;
  }
  return {"reason"};
}

tl::unexpected<Error> Invalid(const std::string& message) {
  return Fail(ErrorCode::kInvalidArgument, message);
}

// The JSON value as the query string would have it: a target becomes "service=orders".
Result<std::string> TextOf(const std::string& name, const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (name == "all" && value.is_boolean()) return std::string(value.get<bool>() ? "true" : "false");
  if (name != "target" || !value.is_object()) return Invalid(name + ": expected a string");
  std::string text;
  for (const auto& [label, label_value] : value.items()) {
    if (!label_value.is_string()) return Invalid("target." + label + ": expected a string");
    if (label_value.get_ref<const std::string&>().find(',') != std::string::npos) {
      return Invalid("target." + label + ": cannot hold a comma");
    }
    text += fmt::format("{}{}={}", text.empty() ? "" : ",", label, label_value.get<std::string>());
  }
  return text;
}

Status AddBody(const std::string& body, Parameters& parameters) {
  if (body.find_first_not_of(" \t\r\n") == std::string::npos) return {};
  if (body.size() > kLargestBody) return Invalid("body: too large for an order");
  // An order needs three levels at most; deeper input would only feed the parser's recursion.
  const Json json = Json::parse(
      body, [](int depth, Json::parse_event_t, Json&) { return depth <= 3; }, false);
  if (!json.is_object()) return Invalid("body: expected a JSON object");
  for (const auto& [name, value] : json.items()) {
    Result<std::string> text = TextOf(name, value);
    if (!text) return tl::make_unexpected(text.error());
    if (!parameters.emplace(name, std::move(*text)).second) {
      return Invalid(name + ": given in the query and in the body");
    }
  }
  return {};
}

Status CheckNames(OrderKind kind, const Parameters& parameters) {
  const std::vector<std::string> known = NamesFor(kind);
  for (const auto& [name, value] : parameters) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return Invalid(
          fmt::format("unknown parameter '{}': expected {}", name, fmt::join(known, ", ")));
    }
  }
  return {};
}

// Refuses a target that no incident can be about: freezing it would have no effect.
Status CheckTarget(const Order& order, const HealingConfig& config) {
  const Labels& target = order.target;
  const auto& needed = config.target_labels;
  const auto& also = config.optional_labels;
  for (const std::string& name : needed) {
    if (!target.Has(name)) return Invalid(fmt::format("target: the label '{}' is missing", name));
  }
  for (const auto& [name, value] : target) {
    if (std::find(needed.begin(), needed.end(), name) == needed.end() &&
        std::find(also.begin(), also.end(), name) == also.end()) {
      return Invalid(fmt::format("target: '{}' is not among the labels that make a target: {}{}{}",
                                 name, fmt::join(needed, ", "), also.empty() ? "" : "; of a part ",
                                 fmt::join(also, ", ")));
    }
  }
  if (order.kind == OrderKind::kFreeze && !target.Only(also).empty() && !target.HasAll(also)) {
    return Invalid(fmt::format("target: a part of a target needs all of these labels: {}",
                               fmt::join(also, ", ")));
  }
  return {};
}

Status ReadTarget(const Parameters& parameters, const HealingConfig& config, Order& order) {
  const auto given = parameters.find("target");
  if (given == parameters.end()) return {};
  const Result<Labels> target = ParseTargetText(given->second);
  if (!target) return tl::make_unexpected(target.error());
  order.target = *target;
  return CheckTarget(order, config);
}

Status ReadDuration(const Parameters& parameters, Order& order) {
  order.duration = kUsualFreeze;
  const auto given = parameters.find("duration");
  if (given == parameters.end()) return {};
  const Result<Duration> duration = ParseDuration(given->second);
  if (!duration) return Prefixed("duration", duration.error());
  if (*duration < kShortestFreeze || *duration > kLongestFreeze) {
    return Invalid(fmt::format("duration: expected {} to {}, got {}",
                               FormatDuration(kShortestFreeze), FormatDuration(kLongestFreeze),
                               given->second));
  }
  order.duration = *duration;
  return {};
}

// The sender must say `all=true`; a missing target does not mean all targets.
Status ReadWhat(const Parameters& parameters, Order& order) {
  const auto incident = parameters.find("incident");
  if (incident != parameters.end()) order.incident_id = incident->second;
  const auto all = parameters.find("all");
  if (all != parameters.end() && all->second != "true") return Invalid("all: expected true");
  const int said = (order.target.empty() ? 0 : 1) + (order.incident_id.empty() ? 0 : 1) +
                   (all == parameters.end() ? 0 : 1);
  if (order.kind == OrderKind::kRelease && said != 1) {
    return Invalid("expected one of: target, incident, all=true");
  }
  const bool needs_target = order.kind == OrderKind::kFreeze || order.kind == OrderKind::kUnfreeze;
  if (needs_target && order.target.empty()) return Invalid("target: expected labels");
  return {};
}

}  // namespace

Result<Order> ParseOrder(OrderKind kind, const HttpServerRequest& request,
                         const HealingConfig& config) {
  Parameters parameters = request.query;
  Order order{.kind = kind};
  const Status read = AddBody(request.body, parameters)
                          .and_then([&] { return CheckNames(kind, parameters); })
                          .and_then([&] { return ReadTarget(parameters, config, order); })
                          .and_then([&] { return ReadDuration(parameters, order); })
                          .and_then([&] { return ReadWhat(parameters, order); });
  if (!read) return tl::make_unexpected(read.error());
  order.why = parameters["reason"];
  if (order.why.size() > kLongestReason) {
    return Invalid(fmt::format("reason: at most {} characters", kLongestReason));
  }
  return order;
}

}  // namespace promheal::healing
