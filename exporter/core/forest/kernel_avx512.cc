#include "exporter/core/forest/block_walk.h"
#include "exporter/core/forest/score_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace promheal::anomaly {
namespace {

#if defined(__x86_64__)

// 32 rows a vector. Tables of up to 128 places are read by permuting registers, which costs a sixth
// of a gather.
struct Avx512 {
  static constexpr std::size_t kLanes = 32;
  static constexpr std::size_t kFloats = 16;
  static constexpr std::size_t kParityGroups = 2;
  static constexpr std::size_t kColumnGroups = 4;
  static constexpr std::uint32_t kParityFeatures = 8;
  static constexpr int kStaticLevels = 8;
  static constexpr bool kComparesTop = true;

  using Codes = __m512i;
  using Mask = __mmask32;
  using Floats = __m512;
  using Places = __m512i;

  static Codes Fill(std::int16_t code) { return _mm512_set1_epi16(code); }
  static Codes Load(const void* from) { return _mm512_loadu_si512(from); }
  static Mask Greater(Codes a, Codes b) { return _mm512_cmpgt_epi16_mask(a, b); }
  static Mask Xor(Mask a, Mask b) { return _kxor_mask32(a, b); }
  static Mask Select(Mask which, Mask a, Mask b) {
    return _kor_mask32(_kand_mask32(which, a), _kandn_mask32(which, b));
  }
  static Codes Down(Codes place, Mask right) {
    const Codes left = _mm512_add_epi16(place, place);
    return _mm512_mask_add_epi16(left, right, left, Fill(1));
  }

  // A level's 2^k places from 2^k on, 32 a register. Permutes look at the low bits of a place only.
  template <int kLevel, typename T>
  static Codes LookUp(const T* table, Codes place) {
    if constexpr (kLevel <= 4) return _mm512_permutexvar_epi16(place, Load(table));
    if constexpr (kLevel == 5) return _mm512_permutexvar_epi16(place, Load(table + 32));
    if constexpr (kLevel == 6) return LookUp64(table + 64, place);
    if constexpr (kLevel == 7) {
      const Mask upper = _mm512_test_epi16_mask(place, Fill(64));
      return _mm512_mask_mov_epi16(LookUp64(table + 128, place), upper,
                                   LookUp64(table + 192, place));
    }
    if constexpr (kLevel > 7) return Gather(table, place);
  }

  // Lane 2i holds row i of the group, lane 2i + 1 row 16 + i: halves of 32 bits come apart in
  // order.
  static Codes LoadFrom(const std::int16_t* group, Codes column) {
    const Codes lanes = _mm512_add_epi32(
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
        _mm512_slli_epi32(
            _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31), 16));
    return Gather(group, _mm512_add_epi16(column, lanes));
  }
  static void AddLeaves(const std::uint32_t* leaves, Codes place, std::uint32_t* sums) {
    const __m512i first = _mm512_i32gather_epi32(LowHalf(place), leaves, 4);
    const __m512i second = _mm512_i32gather_epi32(HighHalf(place), leaves, 4);
    _mm512_storeu_si512(sums, _mm512_add_epi32(first, Load(sums)));
    _mm512_storeu_si512(sums + 16, _mm512_add_epi32(second, Load(sums + 16)));
  }

  static Floats Scale(const double* values, double centre, double scale) {
    return _mm512_insertf32x8(_mm512_castps256_ps512(ScaleHalf(values, centre, scale)),
                              ScaleHalf(values + 8, centre, scale), 1);
  }
  static bool AnyMissing(Floats value) {
    return _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q) != 0;
  }
  static Places FirstPlace() { return _mm512_set1_epi32(1); }
  template <int kLevel>
  static Floats LookUpCut(const float* table, Places place) {
    if constexpr (kLevel <= 3) return _mm512_permutexvar_ps(place, _mm512_loadu_ps(table));
    if constexpr (kLevel == 4) return _mm512_permutexvar_ps(place, _mm512_loadu_ps(table + 16));
    if constexpr (kLevel == 5) {
      return _mm512_permutex2var_ps(_mm512_loadu_ps(table + 32), place,
                                    _mm512_loadu_ps(table + 48));
    }
    if constexpr (kLevel > 5) return _mm512_i32gather_ps(place, table, 4);
  }
  static Places Down(Places place, Floats value, Floats cut) {
    const Places left = _mm512_add_epi32(place, place);
    const __mmask16 right = _mm512_cmp_ps_mask(value, cut, _CMP_GT_OQ);
    return _mm512_mask_add_epi32(left, right, left, FirstPlace());
  }
  static void StoreCodes(std::int16_t* codes, const Places* place, std::int32_t to_code) {
    const __m512i offset = _mm512_set1_epi32(to_code);
    const __m512i first = _mm512_add_epi32(place[0], offset);
    const __m512i second = _mm512_add_epi32(place[1], offset);
    _mm512_storeu_si512(codes,
                        _mm512_mask_mov_epi16(first, kHighHalves, _mm512_slli_epi32(second, 16)));
  }

 private:
  static constexpr Mask kHighHalves = 0xaaaaaaaa;

  static __m512i LowHalf(Codes codes) { return _mm512_and_si512(codes, _mm512_set1_epi32(0xffff)); }
  static __m512i HighHalf(Codes codes) { return _mm512_srli_epi32(codes, 16); }

  template <typename T>
  static Codes LookUp64(const T* table, Codes place) {
    return _mm512_permutex2var_epi16(Load(table), place, Load(table + 32));
  }
  // Gathers are of 32 bits: low lanes read their number and the one after, high lanes theirs and
  // the one before, as they never ask for place 0.
  template <typename T>
  static Codes Gather(const T* table, Codes index) {
    const __m512i low = _mm512_i32gather_epi32(LowHalf(index), table, 2);
    const __m512i high = _mm512_i32gather_epi32(HighHalf(index), table - 1, 2);
    return _mm512_mask_mov_epi16(low, kHighHalves, high);
  }
  static __m256 ScaleHalf(const double* values, double centre, double scale) {
    const __m512d centred = _mm512_sub_pd(_mm512_loadu_pd(values), _mm512_set1_pd(centre));
    return _mm512_cvtpd_ps(_mm512_mul_pd(centred, _mm512_set1_pd(scale)));
  }
};

constexpr BlockLoops kBlocks{BlockWalk<Avx512>::SumBlock, Avx512::kParityFeatures};

#else

constexpr BlockLoops kBlocks{nullptr, 0};

#endif

}  // namespace

constinit const BlockLoops kAvx512Blocks = kBlocks;

}  // namespace promheal::anomaly
