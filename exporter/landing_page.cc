#include "exporter/landing_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/duration.h"
#include "common/io/http/http_server.h"

namespace promheal::anomaly {
namespace {

constexpr char kHead[] = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="15">
<title>anomaly_exporter</title>
<style>
:root { color-scheme: light dark; --line: #8884; --accent: #d9480f; --calm: #2f9e44; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 3rem auto; padding: 0 1rem; }
h1 { margin: 0; } p { margin: .3rem 0; } .note { opacity: .7; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
table { border-collapse: collapse; width: 100%; margin: 1.5rem 0; }
th { text-align: left; font-weight: 600; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .8rem .4rem 0; vertical-align: top; }
.bar { width: 8rem; height: .6rem; background: var(--line); border-radius: .3rem; overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--calm); } .high i { background: var(--accent); }
td.high { color: var(--accent); font-weight: 600; }
</style></head><body>
)";

constexpr char kLinks[] =
    "<p><a href=\"metrics\">metrics</a> · <a href=\"config\">config</a> · "
    "<a href=\"-/healthy\">healthy</a> · <a href=\"-/ready\">ready</a></p>\n";

// The bar is full at twice the threshold.
std::string ScoreCells(const TargetSnapshot& target) {
  if (!target.score) return "<td>–</td><td></td>";
  const double score = target.score->anomaly_score;
  const char* state = score > 1.0 ? "high" : "calm";
  return fmt::format(
      "<td class=\"{}\">{:.2f}</td><td><div class=\"bar {}\"><i "
      "style=\"width:{:.0f}%\"></i></div></td>",
      state, score, state, 50.0 * std::min(score, 2.0));
}

std::string ModelCell(const TargetSnapshot& target, Time now) {
  std::string text;
  if (target.trained_at) {
    const auto age = std::chrono::floor<std::chrono::seconds>(now - *target.trained_at);
    text = fmt::format("trained {} ago, {} samples", FormatDuration(age), target.samples);
  } else if (target.not_ready == NotTrainable::kTooFewSamples) {
    text = fmt::format("warming up: {} of {} samples", target.samples, target.samples_needed);
  } else if (target.not_ready) {
    text = fmt::format("not ready: {}", ToString(*target.not_ready));
  }
  return text + (target.excluded ? ", not learning now" : "");
}

std::string TargetRow(const Snapshot& snapshot, const TargetSnapshot& target, Time now) {
  std::string why = target.score ? ExplainScore(snapshot, *target.score) : "";
  if (target.score && target.score->coverage < 1.0) {
    why += fmt::format("{}{:.0f} % of the features have a value", why.empty() ? "" : "; ",
                       100.0 * target.score->coverage);
  }
  return fmt::format("<tr><td>{}</td>{}<td>{}</td><td>{}</td></tr>\n",
                     EscapeHtml(target.target.ToDisplayName()), ScoreCells(target), EscapeHtml(why),
                     EscapeHtml(ModelCell(target, now)));
}

std::string Summary(const Snapshot& snapshot, Time now) {
  if (snapshot.time == Time()) return "<p>The first cycle has not ended yet.</p>\n";
  const auto age = std::chrono::floor<std::chrono::seconds>(now - snapshot.time);
  if (!snapshot.prometheus_up) {
    return fmt::format(
        "<p class=\"note\">Prometheus did not answer the cycle {} ago: there are no scores.</p>\n",
        FormatDuration(age));
  }
  return fmt::format("<p class=\"note\">{} targets, {} features, {} ago. 1 is the threshold.</p>\n",
                     snapshot.targets.size(), snapshot.features.size(), FormatDuration(age));
}

}  // namespace

std::string LandingPage(const Snapshot& snapshot, Time now, const std::string& version) {
  std::string page = kHead;
  page += fmt::format("<h1>anomaly_exporter</h1><p class=\"note\">{}</p>\n", EscapeHtml(version));
  page += kLinks;
  page += Summary(snapshot, now);
  if (!snapshot.targets.empty()) {
    page +=
        "<table><tr><th>Target</th><th>Score</th><th></th><th>What stands out</th>"
        "<th>Model</th></tr>\n";
    for (const TargetSnapshot& target : snapshot.targets) page += TargetRow(snapshot, target, now);
    page += "</table>\n";
  }
  return page + "</body></html>\n";
}

std::string ExplainScore(const Snapshot& snapshot, const Score& score) {
  if (score.top_feature < 0) return "";
  const auto top = static_cast<size_t>(score.top_feature);
  const FeatureScore& feature = score.features[top];
  return fmt::format("{} {:.4g}, expected {:.4g} ({:+.1f} sd)", snapshot.features[top],
                     feature.value, feature.expected, feature.deviation);
}

}  // namespace promheal::anomaly
