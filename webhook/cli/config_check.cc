#include "webhook/cli/config_check.h"

#include <fmt/core.h>

#include <cstdio>
#include <string>
#include <vector>

#include "common/io/http/web_config.h"
#include "webhook/config/config.h"
#include "webhook/config/query_check.h"

namespace promheal::healing {
namespace {

void Print(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) std::fprintf(stderr, "%s\n", line.c_str());
}

Result<QueryFindings> Ask(const HealingConfig& config, const std::string& file,
                          const Clock& clock) {
  HttpPrometheusApi prometheus(config.prometheus);
  Result<QueryFindings> findings = CheckQueries(config, file, prometheus, clock.Now());
  if (findings) return findings;
  return Prefixed("asking Prometheus", findings.error());
}

}  // namespace

int CheckConfig(const CommonFlags& flags, bool ask_prometheus, const Clock& clock) {
  const Result<ConfigSnapshot> config =
      LoadConfig(flags.config_file, clock, {.prometheus_url = flags.prometheus_url});
  const Result<WebConfig> web_config =
      flags.web_config_file.empty() ? WebConfig{}
                                    : LoadWebConfig(flags.web_config_file, WebSecrets::kLeave);
  if (!config) Complain(config.error());
  if (!web_config) Complain(web_config.error());
  if (!config || !web_config) return 1;
  Print((*config)->warnings);
  std::string asked;
  if (ask_prometheus) {
    const Result<QueryFindings> findings = Ask(**config, flags.config_file, clock);
    if (!findings) return Complain(findings.error());
    Print(findings->errors);
    Print(findings->warnings);
    if (!findings->errors.empty()) return 1;
    asked = fmt::format(", {} queries asked about {} targets", (*config)->queries.size(),
                        findings->targets);
  }
  fmt::print("{}: OK: {}{}\n", flags.config_file, Summary(**config), asked);
  return 0;
}

}  // namespace promheal::healing
