// CsvIndex: blocks of 64 bytes become bit masks, masks become offsets.
//
// Invariants: (1) both forms make the same masks from the same block; all that follows is shared;
// (2) nothing outside the text is read: its last, partial block is looked at in a copy.

#include "text/csv_index.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#define QZ_HAS_AVX2_FORM 1
#endif

namespace qz::text {
namespace {

static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");

constexpr std::size_t kBlock = 64;
constexpr int kAtOnce = 12;

// Bit i speaks of byte i.
struct Masks {
  std::uint64_t ends = 0;   // commas and line feeds
  std::uint64_t lines = 0;  // line feeds
  std::uint64_t odd = 0;    // what the next four hold; they are looked for only where it is set
};
struct OddMasks {
  std::uint64_t quotes = 0, returns = 0, high = 0, controls = 0;  // other controls
};

// What is carried from block to block.
struct Pass {
  CsvIndex& out;
  std::uint32_t* next;
  std::uint64_t after_return = 0;  // the last byte was a carriage return
};

inline void add_ends(Pass& pass, std::uint64_t ends, std::uint32_t offset) {
  const int count = std::popcount(ends);
  std::uint32_t* to = pass.next;
  pass.next += count;
  // Twelve, then eight at a time, whether they are there or not: what is written too much is
  // overwritten. Hardly any block of numbers has more than twelve.
  for (int i = 0; i < kAtOnce; ++i) {
    to[i] = offset + static_cast<std::uint32_t>(std::countr_zero(ends));
    ends &= ends - 1;
  }
  for (int done = kAtOnce; done < count; done += 8) {
    for (int i = 0; i < 8; ++i) {
      to[done + i] = offset + static_cast<std::uint32_t>(std::countr_zero(ends));
      ends &= ends - 1;
    }
  }
}

inline void add_odd(Pass& pass, const OddMasks& odd, std::uint64_t lines) {
  const std::uint64_t must_be_lines = odd.returns << 1 | pass.after_return;
  pass.after_return = odd.returns >> (kBlock - 1);
  pass.out.has_quote |= odd.quotes != 0;
  pass.out.has_return |= odd.returns != 0;
  pass.out.beyond_ascii |= odd.high != 0;
  pass.out.has_control |= odd.controls != 0 || (must_be_lines & ~lines) != 0;
}

// --- words of eight bytes ---

constexpr std::uint64_t kEach = 0x0101010101010101u;
constexpr std::uint64_t kHigh = 0x8080808080808080u;

// The high bit of each byte that is zero; exact, no carry from byte to byte.
std::uint64_t zero_bytes(std::uint64_t x) { return ~(((x & ~kHigh) + ~kHigh) | x) & kHigh; }
// The high bit of each byte below 0x20.
std::uint64_t below_space(std::uint64_t x) { return zero_bytes(x & (kEach * 0xE0u)); }
// High bits to the lowest eight bits.
std::uint64_t gathered(std::uint64_t high_bits) {
  return (high_bits >> 7) * 0x0102040810204080u >> 56;
}
std::uint64_t equal_bytes(std::uint64_t x, char c) {
  return zero_bytes(x ^ (kEach * static_cast<unsigned char>(c)));
}

Masks masks_by_words(const char* block) {
  Masks out;
  for (unsigned i = 0; i < kBlock; i += 8) {
    std::uint64_t x = 0;
    std::memcpy(&x, block + i, sizeof x);
    const std::uint64_t lines = equal_bytes(x, '\n');
    const std::uint64_t odd =
        (below_space(x) & ~lines) | (x & kHigh) | equal_bytes(x, '"') | equal_bytes(x, '\x7F');
    out.lines |= gathered(lines) << i;
    out.ends |= gathered(lines | equal_bytes(x, ',')) << i;
    out.odd |= gathered(odd) << i;
  }
  return out;
}

OddMasks odd_by_words(const char* block) {
  OddMasks out;
  for (unsigned i = 0; i < kBlock; i += 8) {
    std::uint64_t x = 0;
    std::memcpy(&x, block + i, sizeof x);
    const std::uint64_t returns = equal_bytes(x, '\r');
    const std::uint64_t usual = returns | equal_bytes(x, '\n');
    out.quotes |= gathered(equal_bytes(x, '"')) << i;
    out.returns |= gathered(returns) << i;
    out.high |= gathered(x & kHigh) << i;
    out.controls |= gathered((below_space(x) & ~usual) | equal_bytes(x, '\x7F')) << i;
  }
  return out;
}

void add_block_by_words(Pass& pass, const char* block, std::uint32_t offset) {
  const Masks masks = masks_by_words(block);
  add_ends(pass, masks.ends, offset);
  pass.out.lines += static_cast<std::size_t>(std::popcount(masks.lines));
  if ((masks.odd | pass.after_return) != 0) add_odd(pass, odd_by_words(block), masks.lines);
}

void add_blocks_by_words(Pass& pass, const char* text, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks; ++i) {
    add_block_by_words(pass, text + i * kBlock, static_cast<std::uint32_t>(i * kBlock));
  }
}

// --- vectors of 32 bytes ---

#ifdef QZ_HAS_AVX2_FORM
#define QZ_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

QZ_AVX2 inline std::uint64_t bits_of(__m256i low, __m256i high) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high))) << 32;
}

QZ_AVX2 inline std::uint64_t equal_bits(__m256i low, __m256i high, char c) {
  const __m256i all = _mm256_set1_epi8(c);
  return bits_of(_mm256_cmpeq_epi8(low, all), _mm256_cmpeq_epi8(high, all));
}

QZ_AVX2 void add_odd_by_vectors(Pass& pass, __m256i low, __m256i high, std::uint64_t lines) {
  OddMasks odd;
  odd.quotes = equal_bits(low, high, '"');
  odd.returns = equal_bits(low, high, '\r');
  odd.high = bits_of(low, high);
  const __m256i space = _mm256_set1_epi8(' ');
  // As signed bytes, everything beyond ASCII is below a space too.
  const std::uint64_t below =
      bits_of(_mm256_cmpgt_epi8(space, low), _mm256_cmpgt_epi8(space, high));
  odd.controls = (below & ~(odd.high | odd.returns | lines)) | equal_bits(low, high, '\x7F');
  add_odd(pass, odd, lines);
}

QZ_AVX2 void add_blocks_by_vectors(Pass& pass, const char* text, std::size_t blocks) {
  const __m256i comma = _mm256_set1_epi8(',');
  const __m256i line = _mm256_set1_epi8('\n');
  const __m256i quote = _mm256_set1_epi8('"');
  const __m256i del = _mm256_set1_epi8('\x7F');
  const __m256i space = _mm256_set1_epi8(' ');
  std::size_t lines = 0;
  for (std::size_t i = 0; i < blocks; ++i) {
    const auto* at = reinterpret_cast<const __m256i*>(text + i * kBlock);
    const __m256i a = _mm256_loadu_si256(at);
    const __m256i b = _mm256_loadu_si256(at + 1);
    const __m256i line_a = _mm256_cmpeq_epi8(a, line);
    const __m256i line_b = _mm256_cmpeq_epi8(b, line);
    const std::uint64_t line_bits = bits_of(line_a, line_b);
    const std::uint64_t ends = bits_of(_mm256_or_si256(line_a, _mm256_cmpeq_epi8(a, comma)),
                                       _mm256_or_si256(line_b, _mm256_cmpeq_epi8(b, comma)));
    const __m256i odd_a =
        _mm256_or_si256(_mm256_andnot_si256(line_a, _mm256_cmpgt_epi8(space, a)),
                        _mm256_or_si256(_mm256_cmpeq_epi8(a, quote), _mm256_cmpeq_epi8(a, del)));
    const __m256i odd_b =
        _mm256_or_si256(_mm256_andnot_si256(line_b, _mm256_cmpgt_epi8(space, b)),
                        _mm256_or_si256(_mm256_cmpeq_epi8(b, quote), _mm256_cmpeq_epi8(b, del)));
    const __m256i odd = _mm256_or_si256(odd_a, odd_b);
    add_ends(pass, ends, static_cast<std::uint32_t>(i * kBlock));
    lines += static_cast<std::size_t>(std::popcount(line_bits));
    if (_mm256_testz_si256(odd, odd) == 0 || pass.after_return != 0) {
      add_odd_by_vectors(pass, a, b, line_bits);
    }
  }
  pass.out.lines += lines;
}
#endif

}  // namespace

ScanForm best_scan() {
#ifdef QZ_HAS_AVX2_FORM
  static const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                               __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  if (has_avx2) return ScanForm::kAvx2;
#endif
  return ScanForm::kWords;
}

void index_csv(std::string_view text, ScanForm form, CsvIndex& out) {
  // One entry a byte at most, the one before the first, and what add_ends() writes too much.
  const std::size_t room = text.size() + 1 + 2 * kBlock;
  if (out.ends.size() < room) out.ends.resize(room);
  out.lines = 0;
  out.has_quote = out.has_return = out.has_control = out.beyond_ascii = false;
  out.ends[0] = 0xffffffffu;
  Pass pass{out, out.ends.data() + 1};
  const std::size_t blocks = text.size() / kBlock;
#ifdef QZ_HAS_AVX2_FORM
  if (form == ScanForm::kAvx2) {
    add_blocks_by_vectors(pass, text.data(), blocks);
  } else {
    add_blocks_by_words(pass, text.data(), blocks);
  }
#else
  static_cast<void>(form);
  add_blocks_by_words(pass, text.data(), blocks);
#endif
  const std::size_t done = blocks * kBlock;
  if (done < text.size()) {
    std::array<char, kBlock> last{};
    last.fill(' ');
    std::memcpy(last.data(), text.data() + done, text.size() - done);
    add_block_by_words(pass, last.data(), static_cast<std::uint32_t>(done));
  }
  if (pass.after_return != 0) out.has_control = true;
  out.count = static_cast<std::size_t>(pass.next - out.ends.data()) - 1;
}

}  // namespace qz::text
