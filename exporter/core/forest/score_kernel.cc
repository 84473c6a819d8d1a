#include "exporter/core/forest/score_kernel.h"

namespace promheal::anomaly {
namespace {

#if defined(__x86_64__)
bool HasAvx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}
bool HasAvx512() {
  return HasAvx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq");
}
#else
bool HasAvx2() { return false; }
bool HasAvx512() { return false; }
#endif

}  // namespace

const ScoreKernel& ScalarKernel() {
  static const ScoreKernel kernel{"scalar", true, kScalarRows, kScalarBlocks};
  return kernel;
}

const ScoreKernel& Avx2Kernel() {
  static const ScoreKernel kernel{"avx2", HasAvx2(), kAvx2Rows, kAvx2Blocks};
  return kernel;
}

const ScoreKernel& Avx512Kernel() {
  static const ScoreKernel kernel{"avx512", HasAvx512(), kAvx512Rows, kAvx512Blocks};
  return kernel;
}

const ScoreKernel& BestKernel() {
  static const ScoreKernel& best = Avx512Kernel().supported ? Avx512Kernel()
                                   : Avx2Kernel().supported ? Avx2Kernel()
                                                            : ScalarKernel();
  return best;
}

}  // namespace promheal::anomaly
