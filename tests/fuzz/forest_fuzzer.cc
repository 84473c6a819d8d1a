#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/base/byte_codec.h"
#include "exporter/core/forest/isolation_forest.h"

// Any bytes of a stored forest are either refused or give a forest that serializes to the same
// bytes and scores between 0 and 1. The checksum alone would refuse most inputs, so the fuzzer also
// appends a valid one, to reach the checks behind it.

namespace {

using promheal::Crc32;
using promheal::Result;
using promheal::anomaly::IsolationForest;

void Check(const std::string& bytes) {
  const Result<IsolationForest> forest = IsolationForest::Deserialize(bytes);
  if (!forest) return;
  if (forest->Serialize() != bytes) std::abort();
  Eigen::RowVectorXd row = Eigen::RowVectorXd::LinSpaced(forest->features(), -1, 1);
  const double score = forest->Score(row);
  if (!(score > 0 && score <= 1)) std::abort();
  Eigen::MatrixXd rows = Eigen::MatrixXd::Zero(300, forest->features());
  rows.row(7) = row;
  if (forest->features() <= 64 && forest->ScoreBatch(rows)[7] != score) std::abort();
  row[0] = std::numeric_limits<double>::quiet_NaN();
  (void)forest->Explain(row);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  Check(bytes);
  const std::uint32_t checksum = Crc32(bytes);
  promheal::AppendNumber(bytes, checksum);
  Check(bytes);
  return 0;
}
