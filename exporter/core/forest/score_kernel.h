#pragma once

#include <cstddef>
#include <cstdint>

#include "exporter/core/forest/forest_views.h"

namespace promheal::anomaly {

// Loops over all trees of a CompactForest for a single row. `row` has room for at least kMostLanes
// values.
struct RowLoops {
  // The sum of path lengths over all trees, for a scaled row without missing values.
  std::uint64_t (*sum)(const CompactView& forest, const float* row);

  // Adds to contributions[f] how much the cuts on feature f lengthened the paths (attribution.h).
  void (*explain)(const CompactView& forest, const float* row, std::int64_t* contributions);
};

// A block of rows of a column-major matrix: column f begins at values + f x stride. `rows` is a
// multiple of kRowMultiple.
struct RowBlock {
  const double* values;
  std::size_t stride;
  std::size_t rows;
};

// The loop over all trees of a HeapForest for a block of rows.
struct BlockLoops {
  // Adds to sums[r] the path lengths of row r over all trees. `codes` has room for feature_count x
  // block_rows codes. Returns whether any value is missing: the sum of such a row is meaningless.
  bool (*sum)(const HeapView& forest, const RowBlock& block, std::int16_t* codes,
              std::uint32_t* sums);

  // Up to this many features, the kernel wants HeapForests by parity.
  std::uint32_t parity_features;
};

// The inner loops of scoring for an instruction set. All kernels give the same sums to the bit:
// they share their source (row_walk.h, block_walk.h), and they add integers.
struct ScoreKernel {
  const char* name;  // "scalar", "avx2", "avx512".
  bool supported;    // Whether this processor has the instructions.
  RowLoops rows;
  BlockLoops blocks;
};

const ScoreKernel& ScalarKernel();
const ScoreKernel& Avx2Kernel();    // Not supported on processors other than x86-64.
const ScoreKernel& Avx512Kernel();  // Not supported on processors other than x86-64.

// The fastest kernel that this processor supports.
const ScoreKernel& BestKernel();

// Each is in a file that is compiled for an instruction set. Until it is known that the processor
// supports the set, other files may use only this data of it, and must not call its functions.
extern const RowLoops kScalarRows;
extern const RowLoops kAvx2Rows;
extern const RowLoops kAvx512Rows;
extern const BlockLoops kScalarBlocks;
extern const BlockLoops kAvx2Blocks;
extern const BlockLoops kAvx512Blocks;

}  // namespace promheal::anomaly
