#pragma once

#include <cstddef>
#include <cstdint>

#include "exporter/core/forest/forest_views.h"

namespace promheal::anomaly {

// One row down all trees of a forest at rest. `row` has room for kMostLanes values, used or not.
struct RowLoops {
  // Sum over all trees of the path length of a row without missing values, as scaled floats.
  std::uint64_t (*sum)(const CompactView& forest, const float* row);

  // Adds to contributions[f] by how much the cuts on feature f lengthened the paths
  // (attribution.h).
  void (*explain)(const CompactView& forest, const float* row, std::int64_t* contributions);
};

// A block of rows as it comes from a feature matrix: column f begins at values + f x stride. `rows`
// is a multiple of kRowMultiple.
struct RowBlock {
  const double* values;
  std::size_t stride;
  std::size_t rows;
};

// Many rows down all trees of a forest laid out for it.
struct BlockLoops {
  // Adds to sums[r] the path lengths of row r over all trees. `codes` is room for feature_count x
  // block_rows codes. Returns whether any value is missing; the sums of its row are then of no use.
  bool (*sum)(const HeapView& forest, const RowBlock& block, std::int16_t* codes,
              std::uint32_t* sums);

  // Up to this many features, HeapForest is to be by parity.
  std::uint32_t parity_features;
};

// The inner loops of scoring for one instruction set. All kernels give the same sums to the bit:
// they share one text (row_walk.h, block_walk.h), compare codes that are integers, and add
// integers.
struct ScoreKernel {
  const char* name;  // "scalar", "avx2", "avx512".
  bool supported;    // By this processor.
  RowLoops rows;
  BlockLoops blocks;
};

const ScoreKernel& ScalarKernel();
const ScoreKernel& Avx2Kernel();    // Not supported on processors other than x86-64.
const ScoreKernel& Avx512Kernel();  // Likewise.

// The fastest that this processor supports.
const ScoreKernel& BestKernel();

// Data of the files that are compiled for an instruction set, and the only thing in them that
// others may touch before they know that it is supported.
extern const RowLoops kScalarRows;
extern const RowLoops kAvx2Rows;
extern const RowLoops kAvx512Rows;
extern const BlockLoops kScalarBlocks;
extern const BlockLoops kAvx2Blocks;
extern const BlockLoops kAvx512Blocks;

}  // namespace promheal::anomaly
