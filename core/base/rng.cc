#include "core/base/rng.h"

#include <bit>

namespace arcas {
namespace {

/// -log2(u / 2^64) in units of 2^-32, for u > 0. Bit by bit squaring: exact integer arithmetic.
std::uint64_t negative_log2_q32(std::uint64_t u) {
  const unsigned leading = static_cast<unsigned>(std::countl_zero(u));
  std::uint64_t mantissa = (u << leading) >> 1U;  // in [2^62, 2^63): 1.0 is 2^62
  std::uint64_t fraction = 0;
  for (int bit = 31; bit >= 0; --bit) {
    const auto square = static_cast<unsigned __int128>(mantissa) * mantissa;
    mantissa = static_cast<std::uint64_t>(square >> 62U);
    if (mantissa >= (std::uint64_t{1} << 63U)) {
      mantissa >>= 1U;
      fraction |= std::uint64_t{1} << static_cast<unsigned>(bit);
    }
  }
  // log2(u) = 63 - leading + fraction; so -log2(u/2^64) = leading + 1 - fraction.
  return (std::uint64_t{leading + 1} << 32U) - fraction;
}

}  // namespace

Duration RandomStream::exponential(Duration mean) {
  std::uint64_t bits = next();
  if (bits == 0) bits = 1;
  constexpr std::uint64_t kLn2Q32 = 2977044472ULL;  // ln 2 * 2^32, rounded
  const auto nats_q32 = (static_cast<unsigned __int128>(negative_log2_q32(bits)) * kLn2Q32) >> 32U;
  constexpr auto kCapQ32 = static_cast<unsigned __int128>(20) << 32U;
  const auto capped = nats_q32 < kCapQ32 ? nats_q32 : kCapQ32;
  return {static_cast<std::int64_t>(
      (capped * static_cast<unsigned __int128>(static_cast<std::uint64_t>(mean.ns))) >> 32U)};
}

}  // namespace arcas
