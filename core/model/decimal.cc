#include "core/model/decimal.h"

#include <algorithm>

namespace arcas::model {
namespace {

// Magnitudes are strings of digits, the highest first, without leading zeros.

int compare_magnitudes(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  const int order = a.compare(b);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

std::string sum(const std::string& a, const std::string& b) {
  const std::string& longer = a.size() < b.size() ? b : a;
  const std::string& shorter = a.size() < b.size() ? a : b;
  std::string result = longer;
  int carry = 0;
  for (std::size_t i = 1; i <= result.size() && (i <= shorter.size() || carry != 0); ++i) {
    char& digit = result[result.size() - i];
    int total = digit - '0' + carry;
    if (i <= shorter.size()) total += shorter[shorter.size() - i] - '0';
    carry = total / 10;
    digit = static_cast<char>('0' + total % 10);
  }
  if (carry != 0) result.insert(result.begin(), '1');
  return result;
}

/// a - b for a >= b; may leave leading zeros.
std::string difference(const std::string& a, const std::string& b) {
  std::string result = a;
  int borrow = 0;
  for (std::size_t i = 1; i <= result.size() && (i <= b.size() || borrow != 0); ++i) {
    char& digit = result[result.size() - i];
    int total = digit - '0' - borrow;
    if (i <= b.size()) total -= b[b.size() - i] - '0';
    borrow = total < 0 ? 1 : 0;
    digit = static_cast<char>('0' + total + 10 * borrow);
  }
  return result;
}

}  // namespace

Decimal::Decimal(std::int64_t value, std::int32_t places)
    : digits_(std::to_string(value)), places_(places), negative_(value < 0) {
  if (negative_) digits_.erase(0, 1);
}

Decimal::Decimal(bool negative, std::string_view digits, std::int32_t places)
    : digits_(digits), places_(places), negative_(negative) {
  normalize();
}

void Decimal::normalize() {
  digits_.erase(0, std::min(digits_.find_first_not_of('0'), digits_.size() - 1));
  if (digits_ == "0") negative_ = false;
}

std::int64_t Decimal::unscaled_low_bits() const {
  std::uint64_t bits = 0;
  for (const char digit : digits_) bits = bits * 10 + static_cast<std::uint64_t>(digit - '0');
  return static_cast<std::int64_t>(negative_ ? std::uint64_t{0} - bits : bits);
}

Decimal Decimal::with_places(std::int32_t places) const {
  Decimal result = *this;
  result.places_ = places;
  if (places >= places_) {
    if (sign() != 0) result.digits_.append(static_cast<std::size_t>(places - places_), '0');
    return result;
  }
  const auto drop = static_cast<std::size_t>(places_ - places);
  const std::size_t kept = digits_.size() > drop ? digits_.size() - drop : 0;
  result.digits_ = kept == 0 ? "0" : digits_.substr(0, kept);
  if (digits_.find_first_not_of('0', kept) != std::string::npos) {
    result.digits_ = sum(result.digits_, "1");
  }
  result.normalize();
  return result;
}

Decimal Decimal::unscaled_divided(std::int32_t count, bool& rest) const {
  const Decimal away = Decimal(negative_, digits_, count).with_places(0);
  rest = compare(away, Decimal(negative_, digits_, count)) != 0;
  // Away from zero is down for negative numbers, and one too many for the others.
  return rest && !negative_ ? away + Decimal(-1) : away;
}

Decimal Decimal::times_ten_to(std::int32_t exponent) const {
  Decimal result = *this;
  result.places_ -= exponent;
  return result;
}

Decimal Decimal::times_two_to(unsigned exponent) const {
  const std::uint64_t factor = std::uint64_t{1} << exponent;
  Decimal result = *this;
  result.digits_.clear();
  // The carry stays below the factor, so a digit's product stays below 10 × 2^60 < 2^64.
  std::uint64_t carry = 0;
  for (std::size_t i = digits_.size(); i-- > 0;) {
    carry += static_cast<std::uint64_t>(digits_[i] - '0') * factor;
    result.digits_ += static_cast<char>('0' + carry % 10);
    carry /= 10;
  }
  for (; carry != 0; carry /= 10) result.digits_ += static_cast<char>('0' + carry % 10);
  std::reverse(result.digits_.begin(), result.digits_.end());
  result.normalize();
  return result;
}

Decimal Decimal::negated() const {
  Decimal result = *this;
  result.negative_ = !negative_ && sign() != 0;
  return result;
}

void Decimal::strip_zeros() {
  if (sign() == 0) return;
  const std::size_t last = digits_.find_last_not_of('0');
  places_ -= static_cast<std::int32_t>(digits_.size() - last - 1);
  digits_.resize(last + 1);
}

bool Decimal::divide_by_1024() {
  std::string quotient;
  unsigned rest = 0;
  for (const char digit : digits_) {
    rest = rest * 10 + static_cast<unsigned>(digit - '0');
    quotient += static_cast<char>('0' + rest / 1024);
    rest %= 1024;
  }
  if (rest != 0 || sign() == 0) return false;
  digits_ = std::move(quotient);
  normalize();
  return true;
}

Decimal operator+(const Decimal& a, const Decimal& b) {
  const std::int32_t places = std::max(a.places_, b.places_);
  const Decimal left = a.with_places(places);
  const Decimal right = b.with_places(places);
  if (left.negative_ == right.negative_) {
    return {left.negative_, sum(left.digits_, right.digits_), places};
  }
  if (compare_magnitudes(left.digits_, right.digits_) < 0) {
    return {right.negative_, difference(right.digits_, left.digits_), places};
  }
  return {left.negative_, difference(left.digits_, right.digits_), places};
}

int Decimal::compare(const Decimal& a, const Decimal& b) { return (a + b.negated()).sign(); }

}  // namespace arcas::model
