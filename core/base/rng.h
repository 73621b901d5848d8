#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/hash.h"
#include "core/base/time.h"

namespace arcas {

/// A counter-based stream of random numbers: the n-th draw is a hash of (key, n). Copying a stream
/// copies its future; streams with different keys are independent, so one more draw here shifts
/// nothing there. No floating point in any draw. Not cryptographic.
/// Source: the counter-based idea of Salmon et al., SC 2011; the mix is SplitMix64's.
class RandomStream {
 public:
  constexpr RandomStream() = default;
  constexpr explicit RandomStream(std::uint64_t key) : key_(key) {}

  /// A stream of its own for a named part, or for the n-th entity of a part.
  [[nodiscard]] constexpr RandomStream stream(std::string_view name,
                                              std::uint64_t entity = 0) const {
    return RandomStream(hash_combine(hash_combine(key_, hash_bytes(name)), entity));
  }

  constexpr std::uint64_t next() { return at(counter_++); }
  /// The n-th draw, without moving on.
  [[nodiscard]] constexpr std::uint64_t at(std::uint64_t n) const {
    return mix64(key_ + (n + 1) * 0x9e3779b97f4a7c15ULL);
  }

  /// Uniform in [0, bound); bound > 0. Bias below 2^-32 for bounds below 2^32.
  constexpr std::uint64_t below(std::uint64_t bound) { return scale(next(), bound); }
  /// Uniform in [low, high], both included; low <= high.
  constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  constexpr Duration between(Duration low, Duration high) { return {between(low.ns, high.ns)}; }
  /// True in `numerator` of `denominator` cases.
  constexpr bool chance(std::uint64_t numerator, std::uint64_t denominator) {
    return below(denominator) < numerator;
  }
  /// Exponential with the given mean, truncated at 20 means. Integer arithmetic only, so equal on
  /// every machine; the relative error against -ln(u) is below 1e-6.
  Duration exponential(Duration mean);

  /// Maps 64 random bits to [0, bound) by multiplication (Lemire 2019, without rejection).
  static constexpr std::uint64_t scale(std::uint64_t bits, std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits) * bound) >> 64U);
  }

 private:
  std::uint64_t key_ = 0;
  std::uint64_t counter_ = 0;
};

}  // namespace arcas
