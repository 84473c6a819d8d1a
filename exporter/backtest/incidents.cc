#include "exporter/backtest/incidents.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "common/base/time_argument.h"
#include "exporter/backtest/score_file.h"
#include "exporter/scoring/history.h"

namespace promheal::anomaly {
namespace {

constexpr char kFiring[] = R"(ALERTS{alertstate="firing",scenario!="anomaly"})";

// The fields of a line (RFC 4180, without line breaks in quotes); nullopt if a quote is not closed.
std::optional<std::vector<std::string>> SplitCsv(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  if (quoted) return std::nullopt;
  return fields;
}

// Indices of the columns; -1 = missing.
struct Columns {
  int start = -1;
  int end = -1;
  int target = -1;
};

Columns FindColumns(const std::vector<std::string>& header) {
  Columns columns;
  for (size_t i = 0; i < header.size(); ++i) {
    if (header[i] == "start") columns.start = static_cast<int>(i);
    if (header[i] == "end") columns.end = static_cast<int>(i);
    if (header[i] == "target") columns.target = static_cast<int>(i);
  }
  return columns;
}

Result<Incident> ReadIncident(const std::vector<std::string>& fields, const Columns& columns,
                              Time now) {
  const auto field = [&](int column) {
    const auto index = static_cast<size_t>(column);
    return column >= 0 && index < fields.size() ? fields[index] : std::string();
  };
  const auto start = ParseTimeArgument(field(columns.start), now);
  if (!start) return Prefixed("start", start.error());
  const auto end = ParseTimeArgument(field(columns.end), now);
  if (!end) return Prefixed("end", end.error());
  if (*end < *start) return Fail(ErrorCode::kInvalidArgument, "it ends before it begins");
  Incident incident{.start = *start, .end = *end, .target = std::nullopt};
  if (const std::string target = field(columns.target); !target.empty()) incident.target = target;
  return incident;
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

Result<std::vector<Incident>> ParseIncidents(const std::string& name, std::string_view text,
                                             Time now) {
  const auto fail = [&](size_t line, std::string_view what) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{}:{}: {}", name, line, what));
  };
  const std::vector<std::string_view> lines = Lines(text);
  const auto header = SplitCsv(lines.empty() ? "" : lines.front());
  const Columns columns = FindColumns(header.value_or(std::vector<std::string>()));
  if (columns.start < 0 || columns.end < 0) {
    return fail(1, "expected a header with the columns start, end and, if wanted, target");
  }
  std::vector<Incident> incidents;
  for (size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const auto fields = SplitCsv(lines[i]);
    if (!fields) return fail(i + 1, "a quote is not closed");
    const auto incident = ReadIncident(*fields, columns, now);
    if (!incident) return fail(i + 1, incident.error().message);
    incidents.push_back(*incident);
  }
  return incidents;
}

Result<std::vector<Incident>> IncidentsFromAlerts(const ExporterConfig& config, PrometheusApi& api,
                                                  const Stretch& judged) {
  std::map<std::string, std::set<Time>> firing;
  const Time from = AlignDown(judged.from, config.interval);
  for (Time at = from; at <= judged.to; at += config.interval * kStepsPerQuery) {
    const Time end = std::min(at + config.interval * (kStepsPerQuery - 1), judged.to);
    const auto answer = api.QueryRange(kFiring, at, end, config.interval);
    if (!answer) return Prefixed("reading the history of alerts", answer.error());
    for (const Series& series : answer->series) {
      if (!series.labels.HasAll(config.target_labels)) continue;
      auto& times = firing[TargetName(series.labels.Only(config.target_labels))];
      for (const Point& point : series.points) times.insert(point.time);
    }
  }
  std::vector<Incident> incidents;
  for (const auto& [target, times] : firing) {
    std::optional<Time> last;
    for (const Time time : times) {
      if (!last || time - *last > config.interval * kApartSteps) {
        incidents.push_back({.start = time - config.interval, .end = time, .target = target});
      }
      incidents.back().end = time;
      last = time;
    }
  }
  return incidents;
}

std::vector<Incident> IncidentsWithin(const std::vector<Incident>& incidents,
                                      const Stretch& judged) {
  std::vector<Incident> within;
  std::copy_if(incidents.begin(), incidents.end(), std::back_inserter(within),
               [&](const Incident& incident) {
                 return incident.start >= judged.from && incident.start < judged.to;
               });
  return within;
}

}  // namespace promheal::anomaly
