#include "webhook/config/config_alertmanager.h"

#include "common/io/prometheus/prometheus_options.h"
#include "webhook/config/limits.h"

namespace promheal::healing {
namespace {

void ReadOptions(YamlMap& map, AlertmanagerOptions& options) {
  ReadHttpUrl(map, &options.url);
  if (!map.Has("url")) map.AddError(map.mark(), "alertmanager: expected url");
  map.Read("interval", &options.interval,
           {.min = std::chrono::seconds(1), .max = std::chrono::hours(1)});
  map.Read("timeout", &options.timeout, {.min = kLeastInterval, .max = std::chrono::minutes(5)});
  map.Read("filter", &options.filter);
  if (options.filter.empty()) {
    map.AddError(map.MarkOf("filter"), "filter: expected at least one matcher");
  }
  ReadHttpOptions(map, &options.http);
}

void WriteOptions(const AlertmanagerOptions& options, YamlWriter& writer) {
  writer.Value("url", WithoutUserInfo(options.url));
  writer.Value("interval", options.interval);
  writer.Value("timeout", options.timeout);
  writer.Values("filter", options.filter);
  WriteHttpOptions(options.http, writer);
}

}  // namespace

void ReadAlertmanager(YamlMap& root, AlertmanagerOptions& options) {
  root.ReadMap("alertmanager", [&](YamlMap& map) { ReadOptions(map, options); });
}

void WriteAlertmanager(const AlertmanagerOptions& options, YamlWriter& writer) {
  if (options.url.empty()) return;
  writer.Map("alertmanager", [&] { WriteOptions(options, writer); });
}

}  // namespace promheal::healing
