#include "exporter/core/forest/block_walk.h"
#include "exporter/core/forest/row_walk.h"
#include "exporter/core/forest/score_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace promheal::anomaly {
namespace {

#if defined(__x86_64__)

// Reads 32 bits from each place; kernel_avx2.cc tells why mask and target look so.
template <int kScale>
__m512i Gather32(const void* table, __m512i index) {
  __mmask16 all = 0xffff;
  asm("" : "+Yk"(all));
  return _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), all, index, table, kScale);
}

// 32 rows a vector. Reads tables of up to 128 places by permuting registers, at a sixth of the cost
// of a gather.
struct Avx512 {
  static constexpr std::size_t kLanes = 32;
  static constexpr std::size_t kFloats = 16;
  static constexpr std::size_t kGroups = 4;
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

  // Level k has 2^k places from 2^k on, 32 a register. Permutes use only the low bits of a place.
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

  // Lane 2i holds row i of the group, lane 2i + 1 row 16 + i: so the low and the high halves of
  // 32-bit lanes each hold rows in order.
  static Codes LoadFrom(const std::int16_t* group, Codes column) {
    const Codes lanes = _mm512_add_epi32(
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
        _mm512_slli_epi32(
            _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31), 16));
    return Gather(group, _mm512_add_epi16(column, lanes));
  }
  static void AddLeaves(const std::uint32_t* leaves, Codes place, std::uint32_t* sums) {
    const __m512i first = Gather32<4>(leaves, LowHalf(place));
    const __m512i second = Gather32<4>(leaves, HighHalf(place));
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
    if constexpr (kLevel == 5) return LookUp32(table + 32, place);
    if constexpr (kLevel == 6) return LookUp64(table + 64, place);
    if constexpr (kLevel == 7) {
      const __mmask16 upper = _mm512_test_epi32_mask(place, _mm512_set1_epi32(64));
      return _mm512_mask_mov_ps(LookUp64(table + 128, place), upper, LookUp64(table + 192, place));
    }
    if constexpr (kLevel > 7) return _mm512_castsi512_ps(Gather32<4>(table, place));
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
  static Floats LookUp32(const float* table, Places place) {
    return _mm512_permutex2var_ps(_mm512_loadu_ps(table), place, _mm512_loadu_ps(table + 16));
  }
  static Floats LookUp64(const float* table, Places place) {
    const __mmask16 upper = _mm512_test_epi32_mask(place, _mm512_set1_epi32(32));
    return _mm512_mask_mov_ps(LookUp32(table, place), upper, LookUp32(table + 32, place));
  }
  // Gathers read 32 bits: low lanes read their number and the next, high lanes the previous and
  // theirs. High lanes never ask for place 0.
  template <typename T>
  static Codes Gather(const T* table, Codes index) {
    const __m512i low = Gather32<2>(table, LowHalf(index));
    const __m512i high = Gather32<2>(table - 1, HighHalf(index));
    return _mm512_mask_mov_epi16(low, kHighHalves, high);
  }
  static __m256 ScaleHalf(const double* values, double centre, double scale) {
    const __m512d centred = _mm512_sub_pd(_mm512_loadu_pd(values), _mm512_set1_pd(centre));
    return _mm512_cvtpd_ps(_mm512_mul_pd(centred, _mm512_set1_pd(scale)));
  }
};

// Sixteen trees a vector.
struct Avx512Ints {
  static constexpr std::uint32_t kLanes = 16;
  static constexpr std::uint32_t kGroups = 3;

  using Ints = __m512i;
  using Floats = __m512;

  static Ints Fill(std::uint32_t value) { return _mm512_set1_epi32(static_cast<int>(value)); }
  static Ints Load(const std::uint32_t* from) { return _mm512_loadu_si512(from); }
  static Ints Add(Ints a, Ints b) { return _mm512_add_epi32(a, b); }
  static Ints Sub(Ints a, Ints b) { return _mm512_sub_epi32(a, b); }
  static Ints And(Ints a, Ints b) { return _mm512_and_si512(a, b); }
  static Ints Multiply(Ints a, std::uint32_t b) { return _mm512_mullo_epi32(a, Fill(b)); }
  template <int kBits>
  static Ints ShiftLeft(Ints a) {
    return _mm512_slli_epi32(a, kBits);
  }
  template <int kBits>
  static Ints ShiftRight(Ints a) {
    return _mm512_srli_epi32(a, kBits);
  }
  static Ints ShiftRightBy(Ints a, Ints bits) { return _mm512_srlv_epi32(a, bits); }
  static Ints LowBits(Ints count) { return Sub(_mm512_sllv_epi32(Fill(1), count), Fill(1)); }
  // Counts half bytes by table (Mula, Kurz, Lemire 2018).
  static Ints PopCount(Ints a) {
    const Ints counts =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const Ints half = _mm512_set1_epi8(15);
    const Ints low = _mm512_shuffle_epi8(counts, And(a, half));
    const Ints high = _mm512_shuffle_epi8(counts, And(ShiftRight<4>(a), half));
    const Ints pairs = _mm512_maddubs_epi16(_mm512_add_epi8(low, high), _mm512_set1_epi8(1));
    return _mm512_madd_epi16(pairs, _mm512_set1_epi16(1));
  }

  static Ints Read(const unsigned char* bytes, Ints offset) { return Gather32<1>(bytes, offset); }
  static Floats ReadFloat(const unsigned char* bytes, Ints offset) {
    return _mm512_castsi512_ps(Read(bytes, offset));
  }
  static Ints LookUp(const std::uint32_t* table, Ints place) { return Gather32<4>(table, place); }

  template <bool kFew>
  static Ints Exceeds(const float* row, Ints feature, Floats cut) {
    const Floats value = kFew ? _mm512_permutexvar_ps(feature, _mm512_loadu_ps(row))
                              : _mm512_castsi512_ps(Gather32<4>(row, feature));
    return _mm512_maskz_set1_epi32(_mm512_cmp_ps_mask(value, cut, _CMP_GT_OQ), -1);
  }
  static Ints Select(Ints which, Ints a, Ints b) {
    return _mm512_ternarylogic_epi32(which, a, b, 0xca);
  }
  static Ints AllOnesIf(Ints zero_or_one) { return Sub(Fill(0), zero_or_one); }

  static std::uint64_t SumFirst(std::uint32_t count, Ints values) {
    const auto first = static_cast<__mmask16>(count >= kLanes ? 0xffff : (1u << count) - 1);
    return static_cast<std::uint32_t>(_mm512_mask_reduce_add_epi32(first, values));
  }
  static void AddFirst(std::uint32_t count, Ints values, Ints places, std::int64_t* sums) {
    alignas(64) std::int32_t value[kLanes];
    alignas(64) std::uint32_t place[kLanes];
    _mm512_store_si512(value, values);
    _mm512_store_si512(place, places);
    for (std::uint32_t i = 0; i < kLanes && i < count; ++i) sums[place[i]] += value[i];
  }
};

constexpr RowLoops kRows{SumRow<Avx512Ints>, ExplainRow<Avx512Ints>};
constexpr BlockLoops kBlocks{BlockWalk<Avx512>::SumBlock, Avx512::kParityFeatures};

#else

constexpr RowLoops kRows{nullptr, nullptr};
constexpr BlockLoops kBlocks{nullptr, 0};

#endif

}  // namespace

constinit const RowLoops kAvx512Rows = kRows;
constinit const BlockLoops kAvx512Blocks = kBlocks;

}  // namespace promheal::anomaly
