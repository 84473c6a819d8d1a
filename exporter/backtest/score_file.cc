#include "exporter/backtest/score_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace promheal::anomaly {

std::string TargetName(const Labels& target) {
  if (target.size() == 1) return target.begin()->second;
  std::string name;
  for (const auto& [label, value] : target) {
    name += fmt::format("{}{}={}", name.empty() ? "" : ",", label, value);
  }
  return name;
}

std::string CsvField(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) field += c == '"' ? "\"\"" : std::string(1, c);
  return field + '"';
}

Result<ScoreFile> ScoreFile::Create(const std::string& path) {
  errno = 0;
  std::ofstream file(path);
  if (!file) {
    const int reason = errno;
    return Fail(reason == EACCES || reason == EROFS ? ErrorCode::kPermissionDenied
                                                    : ErrorCode::kUnavailable,
                fmt::format("writing {}: {}", path, std::strerror(reason)));
  }
  return ScoreFile(path, std::move(file));
}

ScoreFile::ScoreFile(std::string path, std::ofstream file)
    : path_(std::move(path)), file_(std::move(file)) {
  file_ << "timestamp,target,anomaly_score,isolation_score\n";
}

void ScoreFile::Add(const ReplayedRow& row) {
  if (!row.score) return;
  file_ << fmt::format("{},{},{},{}\n", ToUnixSeconds(row.time), CsvField(TargetName(row.target)),
                       row.score->anomaly_score, row.score->isolation_score);
}

Status ScoreFile::Close() {
  file_.close();
  if (file_.fail()) return Fail(ErrorCode::kUnavailable, "writing " + path_ + " failed");
  return {};
}

}  // namespace promheal::anomaly
