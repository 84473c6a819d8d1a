#include "webhook/config/query_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "webhook/core/query/query_selectors.h"
#include "webhook/core/query/query_template.h"

namespace promheal::healing {
namespace {

using Targets = std::set<Labels>;

constexpr size_t kMostNamed = 10;

struct Answer {
  bool has_data = false;  // At least one sample that is a number.
  std::string refusal;    // Why Prometheus rejects the query; "" if it does not.
};

class QueryCheck {
 public:
  QueryCheck(const HealingConfig& config, const std::string& file, PrometheusApi& prometheus,
             Time now)
      : config_(config), file_(file), prometheus_(prometheus), now_(now) {
    part_labels_.insert(part_labels_.end(), config.optional_labels.begin(),
                        config.optional_labels.end());
  }

  Result<QueryFindings> Run();

 private:
  Status FindTargets();
  Status FindTargets(const QuerySelector& selector, const std::vector<std::string>& labels,
                     Targets& targets);
  Status Ask(const ConfiguredQuery& question);
  Status AskAbout(const ConfiguredQuery& question, const std::vector<Labels>& targets);
  Status AskAboutNone(const ConfiguredQuery& question, const std::string& why);
  void Refuse(const ConfiguredQuery& question, const std::string& why);
  Result<Answer> AskOnce(const std::string& query);
  std::vector<Labels> TargetsOf(const ConfiguredQuery& question, bool of_parts) const;
  void Warn(const ConfiguredQuery& question, const std::string& text);

  const HealingConfig& config_;
  const std::string& file_;
  PrometheusApi& prometheus_;
  const Time now_;
  std::vector<std::string> part_labels_ = config_.target_labels;
  Targets wholes_;
  Targets parts_;
  QueryFindings findings_;
};

bool IsAmong(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool AreAmong(const std::vector<std::string>& names, const std::vector<std::string>& all) {
  return std::all_of(names.begin(), names.end(),
                     [&](const std::string& name) { return IsAmong(all, name); });
}

// "auth, payments and 3 more".
std::string Named(const std::vector<std::string>& names) {
  const size_t count = std::min(names.size(), kMostNamed);
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(count);
  const std::string text = fmt::format("{}", fmt::join(names.begin(), end, ", "));
  return count == names.size() ? text : fmt::format("{} and {} more", text, names.size() - count);
}

Result<QueryFindings> QueryCheck::Run() {
  if (auto status = FindTargets(); !status) return tl::make_unexpected(status.error());
  findings_.targets = wholes_.size();
  for (const ConfiguredQuery& question : config_.queries) {
    if (auto status = Ask(question); !status) return tl::make_unexpected(status.error());
  }
  return std::move(findings_);
}

Status QueryCheck::FindTargets() {
  std::vector<QuerySelector> selectors = {{"ALERTS", {}, {}}};
  for (const ConfiguredQuery& question : config_.queries) {
    for (QuerySelector& selector : SelectorsOf(question.query)) {
      // A selector whose placeholders are not target labels cannot list targets.
      const bool names_them = !selector.placed.empty() && AreAmong(selector.placed, part_labels_);
      const bool is_new =
          std::find(selectors.begin(), selectors.end(), selector) == selectors.end();
      if (names_them && is_new) selectors.push_back(std::move(selector));
    }
  }
  for (const QuerySelector& selector : selectors) {
    auto found = FindTargets(selector, config_.target_labels, wholes_);
    if (found && !config_.optional_labels.empty()) {
      found = FindTargets(selector, part_labels_, parts_);
    }
    if (!found) return found;
  }
  return {};
}

Status QueryCheck::FindTargets(const QuerySelector& selector,
                               const std::vector<std::string>& labels, Targets& targets) {
  const auto result = prometheus_.Query(CombinationsQuery(selector, labels), now_);
  // A query that Prometheus rejects is reported when it is asked itself.
  if (!result && result.error().code == ErrorCode::kInvalidArgument) return {};
  if (!result) return tl::make_unexpected(result.error());
  for (const Sample& sample : result->samples) {
    const Labels target = sample.labels.Only(labels);
    const bool may_be_healed = !IsProtected(config_.policies, target);
    if (target.HasAll(labels) && may_be_healed) targets.insert(target);
  }
  return {};
}

Status QueryCheck::Ask(const ConfiguredQuery& question) {
  std::vector<std::string> names = question.query.names();
  const auto foreign = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return !IsAmong(part_labels_, name);
  });
  if (foreign != names.end()) {
    return AskAboutNone(question,
                        fmt::format("{{{}}} is no label of targets, so only an alert that has "
                                    "it can tell",
                                    *foreign));
  }
  if (names.empty()) return AskAbout(question, {Labels()});
  const bool of_parts = !AreAmong(names, config_.target_labels);
  const std::vector<Labels> targets = TargetsOf(question, of_parts);
  if (!targets.empty()) return AskAbout(question, targets);
  return AskAboutNone(
      question, fmt::format("Prometheus knows no target with {} that the policy may be about",
                            fmt::join(of_parts ? part_labels_ : config_.target_labels, ", ")));
}

// Asks with made-up labels: only whether Prometheus accepts the query.
Status QueryCheck::AskAboutNone(const ConfiguredQuery& question, const std::string& why) {
  Labels labels;
  for (const std::string& name : question.query.names()) labels.Set(name, "x");
  const Result<std::string> query = RenderQuery(question.query, labels);
  if (!query) return tl::make_unexpected(query.error());
  const Result<Answer> answer = AskOnce(*query);
  if (!answer) return tl::make_unexpected(answer.error());
  if (!answer->refusal.empty()) {
    Refuse(question, answer->refusal);
  } else {
    Warn(question, "not asked: " + why);
  }
  return {};
}

void QueryCheck::Refuse(const ConfiguredQuery& question, const std::string& why) {
  findings_.errors.push_back(
      fmt::format("{}:{}:{}: query: {}", file_, question.at.line, question.at.column, why));
}

// The known targets that match the policy, judged by the labels that name targets.
std::vector<Labels> QueryCheck::TargetsOf(const ConfiguredQuery& question, bool of_parts) const {
  std::vector<LabelMatch> matches;
  if (const Policy* policy = FindPolicyByName(config_.policies, question.policy)) {
    std::copy_if(policy->match.begin(), policy->match.end(), std::back_inserter(matches),
                 [&](const LabelMatch& match) {
                   return IsAmong(of_parts ? part_labels_ : config_.target_labels, match.name);
                 });
  }
  std::vector<Labels> targets;
  for (const Labels& target : of_parts ? parts_ : wholes_) {
    if (MatchesAll(matches, target)) targets.push_back(target);
  }
  return targets;
}

Status QueryCheck::AskAbout(const ConfiguredQuery& question, const std::vector<Labels>& targets) {
  std::vector<std::string> silent;
  for (const Labels& target : targets) {
    const Result<std::string> query = RenderQuery(question.query, target);
    if (!query) return tl::make_unexpected(query.error());
    const Result<Answer> answer = AskOnce(*query);
    if (!answer) return tl::make_unexpected(answer.error());
    if (!answer->refusal.empty()) {
      Refuse(question, answer->refusal);
      return {};
    }
    if (!answer->has_data) silent.push_back(target.ToDisplayName());
  }
  if (silent.empty()) return {};
  const bool of_all = targets.size() == 1 && targets.front().empty();
  Warn(question, of_all ? "no data"
                        : fmt::format("no data about {} of {} targets: {}", silent.size(),
                                      targets.size(), Named(silent)));
  return {};
}

Result<Answer> QueryCheck::AskOnce(const std::string& query) {
  const auto result = prometheus_.Query(query, now_);
  if (!result && result.error().code == ErrorCode::kInvalidArgument) {
    return Answer{.refusal = result.error().message};
  }
  if (!result) return tl::make_unexpected(result.error());
  return Answer{.has_data =
                    std::any_of(result->samples.begin(), result->samples.end(),
                                [](const Sample& sample) { return !std::isnan(sample.value); })};
}

void QueryCheck::Warn(const ConfiguredQuery& question, const std::string& text) {
  std::string warning = fmt::format("{}:{}:{}: warning: query: {}", file_, question.at.line,
                                    question.at.column, text);
  // Policies may share a query by a YAML alias; its warning is told once.
  if (!IsAmong(findings_.warnings, warning)) findings_.warnings.push_back(std::move(warning));
}

}  // namespace

Result<QueryFindings> CheckQueries(const HealingConfig& config, const std::string& file,
                                   PrometheusApi& prometheus, Time now) {
  return QueryCheck(config, file, prometheus, now).Run();
}

}  // namespace promheal::healing
