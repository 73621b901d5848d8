#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace arcas::model {

/// An exact decimal number of any size: digits × 10^-places, with a sign. Cost of every operation:
/// linear in the digits and in the places that are added or taken away.
class Decimal {
 public:
  Decimal() = default;
  explicit Decimal(std::int64_t value, std::int32_t places = 0);
  /// `digits` are '0'..'9' only, at least one.
  Decimal(bool negative, std::string_view digits, std::int32_t places);

  /// -1, 0 or 1.
  [[nodiscard]] int sign() const { return digits_ == "0" ? 0 : (negative_ ? -1 : 1); }
  [[nodiscard]] std::int32_t places() const { return places_; }
  /// The digits with their sign, as if there were no places.
  [[nodiscard]] std::string unscaled_text() const { return (negative_ ? "-" : "") + digits_; }
  /// The unscaled number modulo 2^64, as Go's big.Int.Int64 gives it: magnitude first, then sign.
  [[nodiscard]] std::int64_t unscaled_low_bits() const;

  /// The same number with other places; what falls off is rounded away from zero.
  [[nodiscard]] Decimal with_places(std::int32_t places) const;
  /// The unscaled number divided by 10^count, rounded down; `rest` says whether anything fell off.
  [[nodiscard]] Decimal unscaled_divided(std::int32_t count, bool& rest) const;
  /// Reads the same digits at another scale: × 10^exponent.
  [[nodiscard]] Decimal times_ten_to(std::int32_t exponent) const;
  /// × 2^exponent, 0..60.
  [[nodiscard]] Decimal times_two_to(unsigned exponent) const;
  [[nodiscard]] Decimal negated() const;

  /// Moves trailing zeros of the digits into the places. Zero stays as it is.
  void strip_zeros();
  /// Divides by 1024 if the number is whole in 1024s, without regard to places.
  bool divide_by_1024();

  friend Decimal operator+(const Decimal& a, const Decimal& b);
  /// -1, 0 or 1.
  static int compare(const Decimal& a, const Decimal& b);

 private:
  void normalize();

  std::string digits_ = "0";  // no leading zeros
  std::int32_t places_ = 0;
  bool negative_ = false;  // never with "0"
};

}  // namespace arcas::model
