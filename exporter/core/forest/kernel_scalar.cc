#include "exporter/core/forest/block_walk.h"
#include "exporter/core/forest/row_walk.h"
#include "exporter/core/forest/scalar_ints.h"
#include "exporter/core/forest/score_kernel.h"

namespace promheal::anomaly {
namespace {

// Plain C++ for any processor: a vector of one lane.
struct Scalar {
  static constexpr std::size_t kLanes = 1;
  static constexpr std::size_t kFloats = 1;
  static constexpr std::size_t kGroups = 8;
  static constexpr std::uint32_t kParityFeatures = 0;
  static constexpr int kStaticLevels = 0;
  static constexpr bool kComparesTop = false;

  using Codes = std::size_t;
  using Mask = bool;
  using Floats = float;
  using Places = std::size_t;

  static Codes Fill(std::int16_t code) { return static_cast<Codes>(code); }
  static std::int16_t Load(const std::int16_t* from) { return *from; }
  static std::int16_t LoadFrom(const std::int16_t* group, std::uint16_t column) {
    return group[column];
  }
  template <int kLevel, typename T>
  static T LookUp(const T* table, Codes place) {
    return table[place];
  }
  static Mask Greater(std::int16_t a, std::int16_t b) { return a > b; }
  static Mask Xor(Mask a, Mask b) { return a != b; }
  static Mask Select(Mask which, Mask a, Mask b) { return which ? a : b; }
  static Codes Down(Codes place, Mask right) { return 2 * place + (right ? 1 : 0); }
  static void AddLeaves(const std::uint32_t* leaves, Codes place, std::uint32_t* sums) {
    *sums += leaves[place];
  }

  static Floats Scale(const double* value, double centre, double scale) {
    return static_cast<float>((*value - centre) * scale);
  }
  static bool AnyMissing(Floats value) { return value != value; }
  static Places FirstPlace() { return 1; }
  template <int kLevel>
  static Floats LookUpCut(const float* table, Places place) {
    return table[place];
  }
  static Places Down(Places place, Floats value, Floats cut) {
    return 2 * place + (value > cut ? 1 : 0);
  }
  static void StoreCodes(std::int16_t* codes, const Places* place, std::int32_t to_code) {
    *codes = static_cast<std::int16_t>(static_cast<std::int32_t>(*place) + to_code);
  }
};

}  // namespace

constinit const RowLoops kScalarRows{SumRow<ScalarInts>, ExplainRow<ScalarInts>};
constinit const BlockLoops kScalarBlocks{BlockWalk<Scalar>::SumBlock, Scalar::kParityFeatures};

}  // namespace promheal::anomaly
