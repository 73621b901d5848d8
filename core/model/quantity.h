#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/decimal.h"

namespace arcas::model {

/// Why a text is no quantity: its shape, its digits, or what follows them.
enum class QuantityProblem : std::uint8_t { format, numeric, suffix };

/// What is wrong and what is allowed, in one line.
std::string_view describe(QuantityProblem problem);

/// A Kubernetes quantity: "500m", "1.5Gi", "1e3". Exact: what an int64 with a decimal exponent
/// cannot hold is kept with all its digits. Amounts finer than 10^-9 are rounded up to it. Binary
/// amounts are capped at 2^63-1.
/// Source: apimachinery/pkg/api/resource of Kubernetes 1.32, whose two representations show through
/// in the conversions to int64 and are kept for that reason.
class Quantity {
 public:
  enum class Format : std::uint8_t { decimal_si, binary_si, decimal_exponent };

  Quantity() = default;

  /// None when the text is no quantity; `problem`, if given, says why. Decimal exponents beyond
  /// ±100 and texts longer than 1,000 characters are refused. Cost: linear.
  static std::optional<Quantity> parse(std::string_view text, QuantityProblem* problem = nullptr);

  /// The canonical form: no fraction, the largest suffix that loses nothing. Beyond 999E there is
  /// no suffix, and Kubernetes 1.32 leaves it out: "1000E" gives "1". Amounts that are kept as text
  /// must not come from here then; `amount` is right.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] Format format() const { return format_; }
  /// -1, 0 or 1.
  [[nodiscard]] int sign() const;
  [[nodiscard]] bool is_zero() const { return sign() == 0; }

  /// Whole units, and thousandths, rounded up. Beyond int64 they are what Kubernetes's Value() and
  /// MilliValue() give there: wrapped or 0. See `amount` for a checked conversion.
  [[nodiscard]] std::int64_t value() const { return scaled_value(0); }
  [[nodiscard]] std::int64_t milli_value() const { return scaled_value(-3); }
  /// Units of 10^-decimals, rounded up; none when negative or beyond int64.
  [[nodiscard]] std::optional<std::int64_t> amount(int decimals) const;

  /// The receiver keeps its format unless it is zero.
  void add(const Quantity& other);
  void subtract(const Quantity& other);
  /// -1, 0 or 1 by value; formats do not matter.
  [[nodiscard]] int compare(const Quantity& other) const;

 private:
  friend struct QuantityArithmetic;
  [[nodiscard]] std::int64_t scaled_value(int scale) const;

  std::int64_t value_ = 0;  // × 10^scale_, unless the exact form holds the amount
  std::int32_t scale_ = 0;
  std::optional<Decimal> exact_;
  std::string text_;  // what was parsed, where that is canonical
  Format format_ = Format::decimal_si;
};

}  // namespace arcas::model
