#include "tests/webhook/core/samples.h"

namespace promheal::healing::samples {

Time Start() { return *ParseRfc3339("2026-01-01T00:00:00Z"); }

Time At(int seconds) { return Start() + std::chrono::seconds(seconds); }

AlertNotice Firing(const std::string& name, const std::string& service, const std::string& scenario,
                   int starts_at) {
  AlertNotice notice;
  notice.fingerprint = name + "-" + service;
  notice.labels = Labels{
      {"alertname", name}, {"service", service}, {"scenario", scenario}, {"severity", "critical"}};
  notice.annotations["summary"] = name + " on " + service;
  notice.starts_at = At(starts_at);
  return notice;
}

AlertNotice Resolved(const AlertNotice& firing, int ends_at) {
  AlertNotice notice = firing;
  notice.status = AlertStatus::kResolved;
  notice.ends_at = At(ends_at);
  return notice;
}

AlertRecord RecordOf(const AlertNotice& notice, int received_at) {
  AlertRecord record;
  Merge(record, notice, At(received_at), std::chrono::minutes(1));
  return record;
}

MaintenanceWindow Deploys(int from, int until, std::vector<LabelMatch> match) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(Start()));
  const int year = static_cast<int>(date.year());
  TimeInterval interval{.times = {{std::chrono::seconds(from), std::chrono::seconds(until)}},
                        .days_of_month = {{1, 1}},
                        .months = {{1, 1}},
                        .years = {{year, year}}};
  return {"deploys", std::move(match), {std::move(interval)}};
}

Condition Expect(const std::string& query, const std::string& expectation) {
  return {"", LabelTemplate(query), *ParseExpectation(expectation)};
}

Policy PolicyFor(const std::string& scenario, const std::vector<std::string>& ladder) {
  Policy policy;
  policy.name = scenario;
  policy.match = {{"scenario", scenario}};
  policy.mode = Mode::kAuto;
  for (const std::string& action : ladder) {
    policy.ladder.push_back({.action = action, .cooldown = std::chrono::seconds(60)});
  }
  policy.verify = {.settle = std::chrono::seconds(4),
                   .interval = std::chrono::seconds(2),
                   .times = 2,
                   .timeout = std::chrono::seconds(20),
                   .conditions = {Expect("up{service=\"{service}\"}", "== 1")}};
  return policy;
}

PolicySet Policies() {
  PolicySet set;
  set.policies = {PolicyFor("crash", {"restart"}),
                  PolicyFor("latency", {"throttle", "scale_out", "restart"})};
  set.collection_window = std::chrono::seconds(2);
  return set;
}

}  // namespace promheal::healing::samples
