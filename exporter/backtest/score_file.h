#pragma once

#include <fstream>
#include <string>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "exporter/backtest/replay.h"

namespace promheal::anomaly {

// A target's name in tables: the value of its only label, or "cluster=eu,service=orders".
std::string TargetName(const Labels& target);

// `text` as a field of a CSV file (RFC 4180): in quotes if it contains a comma, a quote or a line
// break.
std::string CsvField(std::string_view text);

// Writes scores as CSV: timestamp,target,anomaly_score,isolation_score. Timestamps are Unix
// seconds; numbers read back to the same bits. A step without a score has no row.
class ScoreFile {
 public:
  // kUnavailable or kPermissionDenied if the file cannot be written.
  static Result<ScoreFile> Create(const std::string& path);

  void Add(const ReplayedRow& row);
  // Call once, after the last row. An error means that not all rows were written.
  Status Close();

 private:
  ScoreFile(std::string path, std::ofstream file);

  std::string path_;
  std::ofstream file_;
};

}  // namespace promheal::anomaly
