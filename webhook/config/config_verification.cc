#include "webhook/config/config_verification.h"

#include <fmt/core.h>

#include <string>

#include "webhook/config/limits.h"
#include "webhook/core/query/query_template.h"

namespace promheal::healing {
namespace {

std::string ReadQuery(YamlMap& map) {
  std::string query;
  if (map.Read("query", &query, true)) {
    if (auto status = CheckQuery(LabelTemplate(query)); !status) {
      map.AddError(map.MarkOf("query"), "query: " + status.error().message);
    }
  }
  return query;
}

void ReadCondition(YamlMap& map, std::vector<Condition>& conditions, Queries& queries) {
  std::string name;
  std::string expect;
  map.Read("name", &name);
  const std::string query = ReadQuery(map);
  if (!map.Read("expect", &expect, true)) return;
  const Result<Expectation> expectation = ParseExpectation(expect);
  if (!expectation) {
    map.AddError(map.MarkOf("expect"), "expect: " + expectation.error().message);
    return;
  }
  conditions.push_back({name, LabelTemplate(query), *expectation});
  queries.push_back({"", map.MarkOf("query"), LabelTemplate(query), *expectation});
}

void WriteCondition(const Condition& condition, YamlWriter& writer) {
  if (!condition.name.empty()) writer.Value("name", condition.name);
  writer.Value("query", condition.query.text());
  writer.Value("expect", ToString(condition.expect));
}

}  // namespace

void ReadConditions(YamlMap& map, std::string_view key, std::vector<Condition>& conditions,
                    Queries& queries) {
  map.ReadList(key, [&](YamlMap& entry) { ReadCondition(entry, conditions, queries); });
}

void WriteConditions(std::string_view key, const std::vector<Condition>& conditions,
                     YamlWriter& writer) {
  writer.List(key, conditions.size(), [&](size_t i) { WriteCondition(conditions[i], writer); });
}

void ReadVerification(YamlMap& map, Verification& verify, Queries& queries) {
  map.Read("settle", &verify.settle, {.min = Duration(0)});
  map.Read("interval", &verify.interval, {.min = kLeastInterval});
  map.Read("times", &verify.times, {.min = 1, .max = 100});
  map.Read("timeout", &verify.timeout, {.min = kLeastInterval});
  if (map.Has("conditions")) verify.conditions.clear();
  ReadConditions(map, "conditions", verify.conditions, queries);
  if (verify.timeout < verify.interval * verify.times) {
    map.AddError(
        map.MarkOf("timeout"),
        fmt::format("timeout: too short to be asked {} times, every interval", verify.times));
  }
}

void WriteVerification(const Verification& verify, YamlWriter& writer) {
  writer.Value("settle", verify.settle);
  writer.Value("interval", verify.interval);
  writer.Value("times", verify.times);
  writer.Value("timeout", verify.timeout);
  WriteConditions("conditions", verify.conditions, writer);
}

Condition ReadMinHealthy(YamlMap& map, Queries& queries) {
  Condition condition;
  condition.name = "what remains healthy";
  condition.expect.comparison = Expectation::Comparison::kGreaterOrEqual;
  condition.query = LabelTemplate(ReadQuery(map));
  std::string text;
  if (!map.Read("at_least", &text, true)) return condition;
  const bool is_share = text.ends_with('%');
  const Result<Expectation> read =
      ParseExpectation(">= " + (is_share ? text.substr(0, text.size() - 1) : text));
  if (!read || read->value < 0 || (is_share && read->value > 100)) {
    map.AddError(map.MarkOf("at_least"),
                 "at_least: expected a number of instances, or a percentage such as 50%");
  } else {
    condition.expect.value = is_share ? read->value / 100 : read->value;
    queries.push_back({"", map.MarkOf("query"), condition.query, condition.expect});
  }
  return condition;
}

void WriteMinHealthy(const Condition& condition, YamlWriter& writer) {
  writer.Value("query", condition.query.text());
  writer.Value("at_least", condition.expect.value);
}

}  // namespace promheal::healing
