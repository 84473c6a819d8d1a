#include "webhook/simulate/alert_history.h"

#include <algorithm>
#include <string>

namespace promheal::healing {
namespace {

constexpr char kQuery[] = R"(ALERTS{alertstate="firing",healing="promheal"})";
constexpr Duration kStep = std::chrono::seconds(15);

AlertNotice NoticeOf(const Series& series) {
  AlertNotice notice;
  notice.labels = series.labels.Without({"__name__", "alertstate"});
  notice.fingerprint = notice.labels.ToString();
  return notice;
}

void Add(AlertNotice notice, Time start, std::optional<Time> end,
         std::vector<RecordedDelivery>& deliveries) {
  notice.starts_at = start;
  deliveries.push_back({start, {.receiver = "ALERTS", .alerts = {notice}}});
  if (!end) return;
  notice.status = AlertStatus::kResolved;
  notice.ends_at = *end;
  deliveries.push_back({*end, {.receiver = "ALERTS", .alerts = {notice}}});
}

void AddSeries(const Series& series, Time to, std::vector<RecordedDelivery>& deliveries) {
  const AlertNotice notice = NoticeOf(series);
  for (size_t i = 0; i < series.points.size();) {
    size_t last = i;
    while (last + 1 < series.points.size() &&
           series.points[last + 1].time - series.points[last].time <= kStep) {
      ++last;
    }
    const Time end = series.points[last].time + kStep;
    Add(notice, series.points[i].time, end <= to ? std::optional(end) : std::nullopt, deliveries);
    i = last + 1;
  }
}

}  // namespace

Result<std::vector<RecordedDelivery>> AlertHistory(PrometheusApi& prometheus, Time from, Time to) {
  const auto history = prometheus.QueryRange(kQuery, from, to, kStep);
  if (!history) return Prefixed("reading the history of ALERTS", history.error());
  std::vector<RecordedDelivery> deliveries;
  for (const Series& series : history->series) AddSeries(series, to, deliveries);
  std::stable_sort(deliveries.begin(), deliveries.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return deliveries;
}

}  // namespace promheal::healing
