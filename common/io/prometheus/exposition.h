#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <memory>
#include <string>
#include <vector>

#include "common/io/http/http_server.h"

namespace promheal {

// Prometheus' text format, version 0.0.4. Families are ordered by name; those of the same name are
// merged under one HELP and TYPE. Values have up to 17 digits, so that they read back unchanged.
std::string ToPrometheusText(std::vector<prometheus::MetricFamily> families);

inline constexpr char kPrometheusTextContentType[] = "text/plain; version=0.0.4; charset=utf-8";

// GET /metrics, which collects from these sources at every scrape.
HttpRoute MetricsRoute(std::vector<std::shared_ptr<prometheus::Collectable>> sources);

// process_cpu_seconds_total, process_resident_memory_bytes, process_virtual_memory_bytes,
// process_open_fds, process_max_fds, process_start_time_seconds, process_threads.
std::shared_ptr<prometheus::Collectable> MakeProcessCollector();

// A gauge `<program>_build_info{version,revision,compiler} 1`.
std::shared_ptr<prometheus::Collectable> MakeBuildInfoCollector(std::string program);

}  // namespace promheal
