#include "exporter/core/forest/score_kernel.h"

namespace promheal::anomaly {

const ScoreKernel& BestKernel() {
  static const ScoreKernel& best = Avx512Kernel().supported() ? Avx512Kernel()
                                   : Avx2Kernel().supported() ? Avx2Kernel()
                                                              : ScalarKernel();
  return best;
}

}  // namespace promheal::anomaly
