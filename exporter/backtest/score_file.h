#pragma once

#include <fstream>
#include <string>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "exporter/backtest/replay.h"

namespace promheal::anomaly {

// A target as tables name it: the value of its only label, or "cluster=eu,service=orders".
std::string TargetName(const Labels& target);

// `text` as one field of a CSV (RFC 4180): between quotes where it holds a comma, a quote or a line
// break.
std::string CsvField(std::string_view text);

// Scores as CSV: timestamp,target,anomaly_score,isolation_score. Timestamps are Unix seconds,
// numbers read back to the same bits; a step without a score has no row.
class ScoreFile {
 public:
  // kUnavailable or kPermissionDenied where the file cannot be written.
  static Result<ScoreFile> Create(const std::string& path);

  void Add(const ReplayedRow& row);
  // To be called once, after the last row: whether all was written.
  Status Close();

 private:
  ScoreFile(std::string path, std::ofstream file);

  std::string path_;
  std::ofstream file_;
};

}  // namespace promheal::anomaly
