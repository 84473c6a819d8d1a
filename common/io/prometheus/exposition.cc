#include "common/io/prometheus/exposition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "common/base/labels.h"
#include "common/io/utf8.h"

namespace promheal {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// Prometheus drops a whole scrape for one byte of invalid UTF-8.
std::string ValidUtf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character character = DecodeUtf8(text);
    valid += character.valid ? text.substr(0, character.length) : kUtf8Replacement;
    text.remove_prefix(character.length);
  }
  return valid;
}

std::string EscapeHelp(std::string_view help) {
  std::string escaped;
  for (const char c : ValidUtf8(help)) {
    if (c == '\\') {
      escaped += "\\\\";
    } else if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string_view TypeName(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Gauge:
      return "gauge";
    case MetricType::Summary:
      return "summary";
    case MetricType::Histogram:
      return "histogram";
    case MetricType::Untyped:
      break;
  }
  return "untyped";
}

// The shortest text that reads back as the same double: up to 17 digits.
std::string FormatValue(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

// Writes the samples of one metric, all with its labels and timestamp.
class SampleWriter {
 public:
  SampleWriter(const std::string& name, const ClientMetric& metric, std::string* text)
      : name_(name), metric_(metric), text_(text) {
    for (const ClientMetric::Label& label : metric.label) AppendLabel(label.name, label.value);
  }

  void Write(std::string_view suffix, double value) { WriteLine(suffix, labels_, value); }

  // A sample with one more label, such as le="0.5".
  void Write(std::string_view suffix, std::string_view name, double bound, double value) {
    const size_t size = labels_.size();
    AppendLabel(name, FormatValue(bound));
    WriteLine(suffix, labels_, value);
    labels_.resize(size);
  }

 private:
  void AppendLabel(std::string_view name, std::string_view value) {
    labels_ += fmt::format("{}{}=\"{}\"", labels_.empty() ? "" : ",", name,
                           EscapeLabelValue(ValidUtf8(value)));
  }

  void WriteLine(std::string_view suffix, std::string_view labels, double value) {
    *text_ += name_;
    *text_ += suffix;
    if (!labels.empty()) fmt::format_to(std::back_inserter(*text_), "{{{}}}", labels);
    fmt::format_to(std::back_inserter(*text_), " {}", FormatValue(value));
    if (metric_.timestamp_ms != 0) {
      fmt::format_to(std::back_inserter(*text_), " {}", metric_.timestamp_ms);
    }
    *text_ += '\n';
  }

  const std::string& name_;
  const ClientMetric& metric_;
  std::string* text_;
  std::string labels_;
};

void WriteHistogram(const ClientMetric::Histogram& histogram, SampleWriter* writer) {
  const auto count = static_cast<double>(histogram.sample_count);
  bool has_infinity = false;
  for (const ClientMetric::Bucket& bucket : histogram.bucket) {
    has_infinity = has_infinity || std::isinf(bucket.upper_bound);
    writer->Write("_bucket", "le", bucket.upper_bound,
                  static_cast<double>(bucket.cumulative_count));
  }
  if (!has_infinity) writer->Write("_bucket", "le", INFINITY, count);
  writer->Write("_sum", histogram.sample_sum);
  writer->Write("_count", count);
}

void WriteSummary(const ClientMetric::Summary& summary, SampleWriter* writer) {
  for (const ClientMetric::Quantile& quantile : summary.quantile) {
    writer->Write("", "quantile", quantile.quantile, quantile.value);
  }
  writer->Write("_sum", summary.sample_sum);
  writer->Write("_count", static_cast<double>(summary.sample_count));
}

void WriteMetric(MetricType type, const ClientMetric& metric, SampleWriter* writer) {
  switch (type) {
    case MetricType::Counter:
      return writer->Write("", metric.counter.value);
    case MetricType::Gauge:
      return writer->Write("", metric.gauge.value);
    case MetricType::Summary:
      return WriteSummary(metric.summary, writer);
    case MetricType::Histogram:
      return WriteHistogram(metric.histogram, writer);
    case MetricType::Untyped:
      return writer->Write("", metric.untyped.value);
  }
}

// The first family of a name sets help and type; later ones of the same type add their metrics.
std::map<std::string, MetricFamily> MergeByName(std::vector<MetricFamily> families) {
  std::map<std::string, MetricFamily> merged;
  for (MetricFamily& family : families) {
    if (family.metric.empty()) continue;
    const auto [it, is_new] = merged.try_emplace(family.name);
    if (is_new) {
      it->second = std::move(family);
    } else if (it->second.type == family.type) {
      std::move(family.metric.begin(), family.metric.end(), std::back_inserter(it->second.metric));
    }
  }
  return merged;
}

}  // namespace

std::string ToPrometheusText(std::vector<MetricFamily> families) {
  std::string text;
  for (const auto& [name, family] : MergeByName(std::move(families))) {
    if (!family.help.empty()) text += fmt::format("# HELP {} {}\n", name, EscapeHelp(family.help));
    text += fmt::format("# TYPE {} {}\n", name, TypeName(family.type));
    for (const ClientMetric& metric : family.metric) {
      SampleWriter writer(name, metric, &text);
      WriteMetric(family.type, metric, &writer);
    }
  }
  return text;
}

HttpRoute MetricsRoute(std::vector<std::shared_ptr<prometheus::Collectable>> sources) {
  return {"GET", "/metrics", [sources = std::move(sources)](const HttpServerRequest&) {
            std::vector<MetricFamily> families;
            for (const auto& source : sources) {
              std::vector<MetricFamily> collected = source->Collect();
              std::move(collected.begin(), collected.end(), std::back_inserter(families));
            }
            HttpServerResponse response;
            response.content_type = kPrometheusTextContentType;
            response.body = ToPrometheusText(std::move(families));
            return response;
          }};
}

}  // namespace promheal
