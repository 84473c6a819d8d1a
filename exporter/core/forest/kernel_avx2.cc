#include "exporter/core/forest/block_walk.h"
#include "exporter/core/forest/row_walk.h"
#include "exporter/core/forest/score_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace promheal::anomaly {
namespace {

#if defined(__x86_64__)

// Reads 32 bits from each place. A gather keeps its target's lanes that the mask leaves out, so it
// must wait for the target register. If the compiler knows that the mask has all lanes, it uses any
// register as the target. So the mask is hidden from it, and the target is a cleared register.
template <int kScale>
__m256i Gather32(const void* table, __m256i index) {
  __m256i all = _mm256_set1_epi32(-1);
  asm("" : "+x"(all));
  return _mm256_mask_i32gather_epi32(_mm256_setzero_si256(), static_cast<const int*>(table), index,
                                     all, kScale);
}

// 16 rows a vector. Reads tables of up to 16 places by shuffling bytes, larger tables by gathers.
struct Avx2 {
  static constexpr std::size_t kLanes = 16;
  static constexpr std::size_t kFloats = 8;
  static constexpr std::size_t kGroups = 4;
  static constexpr std::uint32_t kParityFeatures = 8;
  static constexpr int kStaticLevels = 5;
  static constexpr bool kComparesTop = true;

  using Codes = __m256i;
  using Mask = __m256i;
  using Floats = __m256;
  using Places = __m256i;

  static Codes Fill(std::int16_t code) { return _mm256_set1_epi16(code); }
  static Codes Load(const void* from) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
  }
  static Mask Greater(Codes a, Codes b) { return _mm256_cmpgt_epi16(a, b); }
  static Mask Xor(Mask a, Mask b) { return _mm256_xor_si256(a, b); }
  static Mask Select(Mask which, Mask a, Mask b) {
    return _mm256_xor_si256(b, _mm256_and_si256(which, _mm256_xor_si256(a, b)));
  }
  static Codes Down(Codes place, Mask right) {
    return _mm256_sub_epi16(_mm256_add_epi16(place, place), right);
  }

  template <int kLevel, typename T>
  static Codes LookUp(const T* table, Codes place) {
    if constexpr (kLevel <= 2) return _mm256_shuffle_epi8(Table8(table), BytesOf(place));
    if constexpr (kLevel == 3) return _mm256_shuffle_epi8(Table8(table + 8), BytesOf(place));
    if constexpr (kLevel == 4) {
      // The bytes of places 16 to 31 are 32 to 63. Minus 32, they read a number of the first eight
      // places. Minus 48, those of the last eight places also read its exclusive or with their own
      // number, while those of the first eight are negative and read 0.
      const Codes first = _mm256_sub_epi8(BytesOf(place), _mm256_set1_epi8(32));
      const Codes second = _mm256_sub_epi8(first, _mm256_set1_epi8(16));
      const Codes low = Table8(table + 16);
      const Codes differs = _mm256_xor_si256(low, Table8(table + 24));
      return _mm256_xor_si256(_mm256_shuffle_epi8(low, first),
                              _mm256_shuffle_epi8(differs, second));
    }
    if constexpr (kLevel > 4) return Gather(table, place);
  }

  // Lane 2i holds row i of the group, lane 2i + 1 row 8 + i: so the low and the high halves of
  // 32-bit lanes each hold rows in order.
  static Codes LoadFrom(const std::int16_t* group, Codes column) {
    const Codes lanes = _mm256_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return Gather(group, _mm256_add_epi16(column, lanes));
  }
  static void AddLeaves(const std::uint32_t* leaves, Codes place, std::uint32_t* sums) {
    const __m256i first = Gather32<4>(leaves, LowHalf(place));
    const __m256i second = Gather32<4>(leaves, HighHalf(place));
    Store(sums, _mm256_add_epi32(first, Load(sums)));
    Store(sums + 8, _mm256_add_epi32(second, Load(sums + 8)));
  }

  static Floats Scale(const double* values, double centre, double scale) {
    return _mm256_set_m128(ScaleHalf(values + 4, centre, scale), ScaleHalf(values, centre, scale));
  }
  static bool AnyMissing(Floats value) {
    return _mm256_movemask_ps(_mm256_cmp_ps(value, value, _CMP_UNORD_Q)) != 0;
  }
  static Places FirstPlace() { return _mm256_set1_epi32(1); }
  template <int kLevel>
  static Floats LookUpCut(const float* table, Places place) {
    if constexpr (kLevel <= 2) return _mm256_permutevar8x32_ps(_mm256_loadu_ps(table), place);
    if constexpr (kLevel == 3) return _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 8), place);
    if constexpr (kLevel > 3) return _mm256_castsi256_ps(Gather32<4>(table, place));
  }
  static Places Down(Places place, Floats value, Floats cut) {
    const __m256i right = _mm256_castps_si256(_mm256_cmp_ps(value, cut, _CMP_GT_OQ));
    return _mm256_sub_epi32(_mm256_add_epi32(place, place), right);
  }
  static void StoreCodes(std::int16_t* codes, const Places* place, std::int32_t to_code) {
    const __m256i offset = _mm256_set1_epi32(to_code);
    const __m256i first = _mm256_add_epi32(place[0], offset);
    const __m256i second = _mm256_slli_epi32(_mm256_add_epi32(place[1], offset), 16);
    Store(codes, _mm256_blend_epi16(first, second, kHighHalves));
  }

 private:
  static constexpr int kHighHalves = 0xaa;

  static void Store(void* to, __m256i value) {
    _mm256_storeu_si256(static_cast<__m256i*>(to), value);
  }
  static __m256i LowHalf(Codes codes) { return _mm256_and_si256(codes, _mm256_set1_epi32(0xffff)); }
  static __m256i HighHalf(Codes codes) { return _mm256_srli_epi32(codes, 16); }

  // A table of eight numbers in both halves of a register, and for each place the two bytes of its
  // number there. A shuffle uses the low four bits of a byte, and gives 0 for a negative byte.
  static __m256i Table8(const void* table) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(table)));
  }
  static __m256i BytesOf(Codes place) {
    return _mm256_add_epi8(_mm256_mullo_epi16(place, _mm256_set1_epi16(0x0202)),
                           _mm256_set1_epi16(0x0100));
  }
  // Gathers read 32 bits: low lanes read their number and the next, high lanes the previous and
  // theirs. High lanes never ask for place 0.
  template <typename T>
  static Codes Gather(const T* table, Codes index) {
    const __m256i low = Gather32<2>(table, LowHalf(index));
    const __m256i high = Gather32<2>(table - 1, HighHalf(index));
    return _mm256_blend_epi16(low, high, kHighHalves);
  }
  static __m128 ScaleHalf(const double* values, double centre, double scale) {
    const __m256d centred = _mm256_sub_pd(_mm256_loadu_pd(values), _mm256_set1_pd(centre));
    return _mm256_cvtpd_ps(_mm256_mul_pd(centred, _mm256_set1_pd(scale)));
  }
};

// Eight trees a vector.
struct Avx2Ints {
  static constexpr std::uint32_t kLanes = 8;
  static constexpr std::uint32_t kGroups = 3;

  using Ints = __m256i;
  using Floats = __m256;

  static Ints Fill(std::uint32_t value) { return _mm256_set1_epi32(static_cast<int>(value)); }
  static Ints Load(const std::uint32_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  }
  static Ints Add(Ints a, Ints b) { return _mm256_add_epi32(a, b); }
  static Ints Sub(Ints a, Ints b) { return _mm256_sub_epi32(a, b); }
  static Ints And(Ints a, Ints b) { return _mm256_and_si256(a, b); }
  static Ints Multiply(Ints a, std::uint32_t b) { return _mm256_mullo_epi32(a, Fill(b)); }
  template <int kBits>
  static Ints ShiftLeft(Ints a) {
    return _mm256_slli_epi32(a, kBits);
  }
  template <int kBits>
  static Ints ShiftRight(Ints a) {
    return _mm256_srli_epi32(a, kBits);
  }
  static Ints ShiftRightBy(Ints a, Ints bits) { return _mm256_srlv_epi32(a, bits); }
  static Ints LowBits(Ints count) { return Sub(_mm256_sllv_epi32(Fill(1), count), Fill(1)); }
  // Counts half bytes by table (Mula, Kurz, Lemire 2018).
  static Ints PopCount(Ints a) {
    const Ints counts = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                         0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const Ints half = _mm256_set1_epi8(15);
    const Ints low = _mm256_shuffle_epi8(counts, And(a, half));
    const Ints high = _mm256_shuffle_epi8(counts, And(ShiftRight<4>(a), half));
    const Ints pairs = _mm256_maddubs_epi16(_mm256_add_epi8(low, high), _mm256_set1_epi8(1));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
  }

  static Ints Read(const unsigned char* bytes, Ints offset) { return Gather32<1>(bytes, offset); }
  static Floats ReadFloat(const unsigned char* bytes, Ints offset) {
    return _mm256_castsi256_ps(Read(bytes, offset));
  }
  static Ints LookUp(const std::uint32_t* table, Ints place) { return Gather32<4>(table, place); }

  template <bool kFew>
  static Ints Exceeds(const float* row, Ints feature, Floats cut) {
    const Floats value = kFew ? _mm256_permutevar8x32_ps(_mm256_loadu_ps(row), feature)
                              : _mm256_castsi256_ps(Gather32<4>(row, feature));
    return _mm256_castps_si256(_mm256_cmp_ps(value, cut, _CMP_GT_OQ));
  }
  static Ints Select(Ints which, Ints a, Ints b) { return _mm256_blendv_epi8(b, a, which); }
  static Ints AllOnesIf(Ints zero_or_one) { return Sub(Fill(0), zero_or_one); }

  static std::uint64_t SumFirst(std::uint32_t count, Ints values) {
    alignas(32) std::uint32_t value[kLanes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(value), values);
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < kLanes && i < count; ++i) sum += value[i];
    return sum;
  }
  static void AddFirst(std::uint32_t count, Ints values, Ints places, std::int64_t* sums) {
    alignas(32) std::int32_t value[kLanes];
    alignas(32) std::uint32_t place[kLanes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(value), values);
    _mm256_store_si256(reinterpret_cast<__m256i*>(place), places);
    for (std::uint32_t i = 0; i < kLanes && i < count; ++i) sums[place[i]] += value[i];
  }
};

constexpr RowLoops kRows{SumRow<Avx2Ints>, ExplainRow<Avx2Ints>};
constexpr BlockLoops kBlocks{BlockWalk<Avx2>::SumBlock, Avx2::kParityFeatures};

#else

constexpr RowLoops kRows{nullptr, nullptr};
constexpr BlockLoops kBlocks{nullptr, 0};

#endif

}  // namespace

constinit const RowLoops kAvx2Rows = kRows;
constinit const BlockLoops kAvx2Blocks = kBlocks;

}  // namespace promheal::anomaly
