#include "webhook/executors/haproxy/runtime/server_stats.h"

#include <fmt/core.h>

#include <algorithm>

#include "webhook/executors/haproxy/runtime/runtime_answer.h"
#include "webhook/executors/haproxy/runtime/text_fields.h"

namespace promheal::healing {
namespace {

// One record, whose fields are found by name.
class Row {
 public:
  Row(const std::vector<std::string>& header, const std::vector<std::string>& fields)
      : header_(header), fields_(fields) {}

  std::string_view Text(std::string_view column) const {
    const auto found = std::find(header_.begin(), header_.end(), column);
    const auto index = static_cast<size_t>(found - header_.begin());
    return index < fields_.size() ? std::string_view(fields_[index]) : std::string_view();
  }
  std::optional<uint64_t> Number(std::string_view column) const {
    return ParseNumber<uint64_t>(Text(column));
  }

 private:
  const std::vector<std::string>& header_;
  const std::vector<std::string>& fields_;
};

std::optional<ProxyStats> ReadRow(const Row& row) {
  const std::optional<uint64_t> kind = row.Number("type");
  if (!kind || *kind > static_cast<uint64_t>(StatsKind::kListener)) return std::nullopt;
  ProxyStats stats{.proxy = std::string(row.Text("pxname")),
                   .name = std::string(row.Text("svname")),
                   .kind = static_cast<StatsKind>(*kind),
                   .status = std::string(row.Text("status")),
                   .weight = row.Number("weight"),
                   .sessions = row.Number("scur"),
                   .session_limit = row.Number("slim"),
                   .total_sessions = row.Number("stot"),
                   .queued = row.Number("qcur"),
                   .responses_5xx = row.Number("hrsp_5xx")};
  if (stats.proxy.empty() || stats.name.empty()) return std::nullopt;
  return stats;
}

}  // namespace

Result<std::vector<ProxyStats>> ParseStats(std::string_view answer) {
  constexpr std::string_view kOpening = "# ";
  const Result<std::string_view> dump = ReadDump(answer, "# pxname,");
  if (!dump) return tl::make_unexpected(dump.error());
  if (dump->empty()) return Fail(ErrorCode::kDataLoss, "no header in the statistics");
  std::string_view rest = dump->substr(kOpening.size());
  const std::vector<std::string> header = PopCsvRecord(rest);
  std::vector<ProxyStats> all;
  while (!rest.empty()) {
    const std::vector<std::string> fields = PopCsvRecord(rest);
    if (fields.size() == 1 && fields[0].empty()) continue;
    std::optional<ProxyStats> stats = ReadRow(Row(header, fields));
    if (!stats) {
      return Fail(ErrorCode::kDataLoss,
                  fmt::format("record {} of the statistics cannot be read", all.size() + 1));
    }
    all.push_back(std::move(*stats));
  }
  return all;
}

}  // namespace promheal::healing
