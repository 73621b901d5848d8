#include "sim/scenario/units.h"

#include <array>
#include <utility>

namespace arcas::sim {
namespace {

struct Decimal {
  __int128 scaled = 0;  // value × 10^9
  std::string_view suffix;
};

std::optional<Decimal> split(std::string_view text) {
  constexpr __int128 kScale = 1'000'000'000;
  Decimal result;
  std::size_t i = 0;
  int digits = 0;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, ++digits) {
    result.scaled = result.scaled * 10 + (text[i] - '0') * kScale;
    if (digits > 14) return std::nullopt;  // or the product with the largest unit overflows
  }
  if (i < text.size() && text[i] == '.') {
    __int128 unit = kScale / 10;
    for (++i; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, ++digits) {
      result.scaled += (text[i] - '0') * unit;
      unit /= 10;
    }
  }
  if (digits == 0) return std::nullopt;
  result.suffix = text.substr(i);
  return result;
}

template <std::size_t N>
std::optional<std::int64_t> scaled(
    std::string_view text, const std::array<std::pair<std::string_view, std::int64_t>, N>& units,
    std::int64_t limit) {
  const auto decimal = split(text);
  if (!decimal) return std::nullopt;
  for (const auto& [name, factor] : units) {
    if (decimal->suffix != name) continue;
    const __int128 product = decimal->scaled * factor;
    constexpr __int128 kScale = 1'000'000'000;
    const __int128 rounded = (product + kScale - 1) / kScale;
    if (rounded > limit) return std::nullopt;
    return static_cast<std::int64_t>(rounded);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (text == "0") return Duration{0};
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 7> kUnits{{
      {"ns", 1},
      {"us", 1'000},
      {"ms", 1'000'000},
      {"s", 1'000'000'000},
      {"m", 60'000'000'000},
      {"h", 3'600'000'000'000},
      {"d", 86'400'000'000'000},
  }};
  const auto ns = scaled(text, kUnits, 86'400'000'000'000 * 36'500);
  if (!ns) return std::nullopt;
  return Duration{*ns};
}

std::optional<std::int64_t> parse_cpu(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 2> kUnits{
      {{"m", 1}, {"", 1000}}};
  return scaled(text, kUnits, std::int64_t{1} << 40);
}

std::optional<std::int64_t> parse_bytes(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 9> kUnits{{
      {"", 1},
      {"k", 1'000},
      {"M", 1'000'000},
      {"G", 1'000'000'000},
      {"T", 1'000'000'000'000},
      {"Ki", 1LL << 10},
      {"Mi", 1LL << 20},
      {"Gi", 1LL << 30},
      {"Ti", 1LL << 40},
  }};
  return scaled(text, kUnits, std::int64_t{1} << 60);
}

}  // namespace arcas::sim
