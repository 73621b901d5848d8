#include "core/model/quantity.h"

#include <algorithm>
#include <array>
#include <limits>

namespace arcas::model {

namespace {

using Format = Quantity::Format;

std::int64_t wrapped_product(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

// ---- 64-bit amounts ----

/// base × 10^steps. When that overflows, `fits` is false and the result is the wrapped product for
/// the steps that Kubernetes multiplies at once, and 0 for the others.
std::int64_t scaled_up(std::int64_t base, std::int32_t steps, bool& fits) {
  fits = true;
  std::int64_t value = base;
  for (std::int32_t i = 0; i < steps && base != 0; ++i) {
    std::int64_t next = 0;
    if (__builtin_mul_overflow(value, std::int64_t{10}, &next)) {
      fits = false;
      const bool at_once = steps <= 3 || steps == 6 || steps == 9;
      if (!at_once) return 0;
      std::int64_t factor = 1;
      for (std::int32_t k = 0; k < steps; ++k) factor *= 10;
      return wrapped_product(base, factor);
    }
    value = next;
  }
  return value;
}

/// base / 10^steps, rounded away from zero.
std::int64_t scaled_down(std::int64_t base, std::int32_t steps) {
  std::int64_t value = base;
  bool fraction = false;
  for (std::int32_t i = 0; i < steps && value != 0; ++i) {
    fraction = fraction || value % 10 != 0;
    value /= 10;
  }
  if (!fraction) return value;
  return base > 0 ? value + 1 : value - 1;
}

// ---- suffixes ----

struct Suffix {
  int base = 10;
  std::int32_t exponent = 0;
  Format format = Format::decimal_si;
};

struct NamedSuffix {
  std::string_view name;
  std::int32_t exponent;
};
constexpr std::array<NamedSuffix, 10> kDecimal{{{"n", -9},
                                                {"u", -6},
                                                {"m", -3},
                                                {"", 0},
                                                {"k", 3},
                                                {"M", 6},
                                                {"G", 9},
                                                {"T", 12},
                                                {"P", 15},
                                                {"E", 18}}};
constexpr std::array<NamedSuffix, 6> kBinary{
    {{"Ki", 10}, {"Mi", 20}, {"Gi", 30}, {"Ti", 40}, {"Pi", 50}, {"Ei", 60}}};
constexpr std::int32_t kLargestExponent = 100;
constexpr std::size_t kLongestText = 1000;
constexpr std::int32_t kNano = 9;  // decimal places that are kept

std::optional<Suffix> read_suffix(std::string_view text) {
  for (const NamedSuffix& known : kDecimal) {
    if (known.name == text) return Suffix{10, known.exponent, Format::decimal_si};
  }
  for (const NamedSuffix& known : kBinary) {
    if (known.name == text) return Suffix{2, known.exponent, Format::binary_si};
  }
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return std::nullopt;
  text.remove_prefix(1);
  const bool negative = text[0] == '-';
  if (text[0] == '-' || text[0] == '+') text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::int32_t exponent = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    exponent = exponent * 10 + (c - '0');
    if (exponent > kLargestExponent) return std::nullopt;
  }
  return Suffix{10, negative ? -exponent : exponent, Format::decimal_exponent};
}

std::string suffix_text(std::int32_t exponent, Format format) {
  if (format == Format::decimal_exponent) {
    return exponent == 0 ? std::string() : "e" + std::to_string(exponent);
  }
  const auto find = [exponent](const auto& table) {
    const auto at = std::find_if(table.begin(), table.end(), [exponent](const NamedSuffix& known) {
      return known.exponent == exponent;
    });
    return std::string(at == table.end() ? std::string_view() : at->name);
  };
  return format == Format::decimal_si ? find(kDecimal) : find(kBinary);
}

// ---- scanning ----

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A quantity cut into its parts; leading zeros of the whole part are gone.
struct Parts {
  bool negative = false;
  std::string_view number;  // sign, whole part and fraction as written
  std::string whole;
  std::string fraction;
  std::string_view suffix;
};

/// None when something follows the suffix.
std::optional<Parts> cut(std::string_view text) {
  Parts parts;
  std::size_t at = 0;
  const auto skip = [&](auto wanted) {
    const std::size_t from = at;
    while (at < text.size() && wanted(text[at])) ++at;
    return text.substr(from, at - from);
  };
  if (text[0] == '-' || text[0] == '+') {
    parts.negative = text[0] == '-';
    ++at;
  }
  skip([](char c) { return c == '0'; });
  if (at == text.size()) {
    parts.whole = "0";
    parts.number = "0";
    return parts;
  }
  parts.whole = skip(is_digit);
  if (parts.whole.empty()) parts.whole = "0";
  if (at < text.size() && text[at] == '.') {
    ++at;
    parts.fraction = skip(is_digit);
  }
  parts.number = text.substr(0, at);
  const std::size_t suffix = at;
  skip([](char c) { return std::string_view("eEinumkKMGTP").find(c) != std::string_view::npos; });
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  skip(is_digit);
  if (at != text.size()) return std::nullopt;
  parts.suffix = text.substr(suffix);
  return parts;
}

/// Whether `number` (sign, digits, at most one point) has a digit at all.
bool has_digit(std::string_view number) {
  return std::any_of(number.begin(), number.end(), is_digit);
}

}  // namespace

/// What needs the class's insides.
struct QuantityArithmetic {
  static Decimal exact(const Quantity& q) {
    return q.exact_ ? *q.exact_ : Decimal(q.value_, -q.scale_);
  }

  static void set(Quantity& q, Decimal amount) {
    q.value_ = 0;
    q.scale_ = 0;
    q.exact_ = std::move(amount);
    q.text_.clear();
  }

  /// The quick form, for numbers of few digits: an int64 with a decimal exponent.
  static bool parse_small(const Parts& parts, const Suffix& suffix, std::string_view text,
                          Quantity& q) {
    std::int32_t scale = 0;
    std::int32_t room = -1;  // decimal digits that are left of 18
    std::int64_t factor = 1;
    const auto digits = static_cast<std::int32_t>(parts.whole.size() + parts.fraction.size());
    if (suffix.base == 10) {
      scale = suffix.exponent;
      room = 18 - digits;
    } else if (parts.fraction.empty()) {
      factor = std::int64_t{1} << static_cast<unsigned>(suffix.exponent);
      room = 15 - digits - suffix.exponent * 3 / 10 - 1;
    }
    scale -= static_cast<std::int32_t>(parts.fraction.size());
    if (room < 0 || scale < -kNano) return false;
    const std::string shifted = parts.whole + parts.fraction;
    std::int64_t value = 0;
    for (const char c : shifted) value = value * 10 + (c - '0');
    std::int64_t result = 0;
    if (__builtin_mul_overflow(value, factor, &result)) return false;
    q.value_ = parts.negative ? -result : result;
    q.scale_ = scale;
    q.format_ = suffix.format;
    const bool canonical = suffix.base == 2
                               ? (value & 7) != 0
                               : scale % 3 == 0 && !shifted.ends_with("000") && shifted[0] != '0';
    if (canonical) q.text_ = text;
    return true;
  }

  /// The exact form. False when there are no digits.
  static bool parse_exact(const Parts& parts, const Suffix& suffix, Quantity& q) {
    if (!has_digit(parts.number)) return false;
    Decimal amount(false, parts.whole + parts.fraction,
                   static_cast<std::int32_t>(parts.fraction.size()));
    amount = suffix.base == 10 ? amount.times_ten_to(suffix.exponent)
                               : amount.times_two_to(static_cast<unsigned>(suffix.exponent));
    if (amount.sign() != 0) amount = amount.with_places(kNano);
    q.format_ = suffix.format;
    if (suffix.format == Format::binary_si) {
      const Decimal most(std::numeric_limits<std::int64_t>::max());
      if (Decimal::compare(amount, most) > 0) amount = most;
      if (amount.sign() != 0 && Decimal::compare(amount, Decimal(1)) < 0) {
        q.format_ = Format::decimal_si;
      }
    }
    set(q, parts.negative ? amount.negated() : amount);
    return true;
  }

  /// Digits without trailing zeros, but as many as make the exponent a multiple of three.
  static std::string decimal_text(const Quantity& q, Format format) {
    Decimal amount = exact(q);
    amount.strip_zeros();
    std::int32_t exponent = -amount.places();
    while (exponent % 3 != 0) --exponent;
    return amount.with_places(-exponent).unscaled_text() + suffix_text(exponent, format);
  }

  static std::string binary_text(const Quantity& q) {
    Decimal amount = exact(q).with_places(0);
    std::int32_t exponent = 0;
    while (amount.divide_by_1024()) exponent += 10;
    return amount.unscaled_text() + suffix_text(exponent, Format::binary_si);
  }

  /// Binary amounts below 1Ki or with a fraction are shown in decimal.
  static bool shown_in_binary(const Quantity& q) {
    const Decimal amount = exact(q);
    return Decimal::compare(amount, amount.with_places(0)) == 0 &&
           (Decimal::compare(amount, Decimal(-1024)) <= 0 ||
            Decimal::compare(amount, Decimal(1024)) >= 0);
  }

  /// Adds the 64-bit forms; false when that overflows.
  static bool add_small(Quantity& q, std::int64_t value, std::int32_t scale) {
    if (value == 0) return true;
    if (q.value_ == 0) {
      q.value_ = value;
      q.scale_ = scale;
      return true;
    }
    bool fits = true;
    const std::int32_t lower = std::min(q.scale_, scale);
    const std::int64_t a = scaled_up(q.value_, q.scale_ - lower, fits);
    if (!fits) return false;
    const std::int64_t b = scaled_up(value, scale - lower, fits);
    std::int64_t sum = 0;
    if (!fits || __builtin_add_overflow(a, b, &sum)) return false;
    q.value_ = sum;
    q.scale_ = lower;
    return true;
  }

  static void add(Quantity& q, const Quantity& other, bool negated) {
    q.text_.clear();
    if (q.is_zero()) q.format_ = other.format_;
    if (!q.exact_ && !other.exact_) {
      const std::int64_t value = negated ? wrapped_product(other.value_, -1) : other.value_;
      if (add_small(q, value, other.scale_)) return;
    }
    set(q, exact(q) + (negated ? exact(other).negated() : exact(other)));
  }

  /// Units of 10^scale of the exact form, rounded up, with Kubernetes's arithmetic beyond int64.
  static std::int64_t exact_value(const Decimal& amount, int scale) {
    const std::int32_t drop = amount.places() + scale;
    const std::int64_t low = amount.unscaled_low_bits();
    if (drop == 0) return low;
    if (drop < 0) {
      // Go converts 10^19 and more, a float64 there, to the smallest int64 (on amd64).
      const std::int64_t factor =
          -drop > 18 ? std::numeric_limits<std::int64_t>::min() : power_of_ten(-drop);
      return wrapped_product(low, factor);
    }
    const Decimal unscaled = amount.times_ten_to(amount.places());
    const Decimal most(std::numeric_limits<std::int64_t>::max());
    if (Decimal::compare(unscaled, most) < 0 && drop < 19) {
      const std::int64_t divisor = power_of_ten(drop);
      return low / divisor + (low % divisor != 0 ? 1 : 0);
    }
    bool rest = false;
    const Decimal quotient = unscaled.unscaled_divided(drop, rest);
    return wrapped_sum(quotient.unscaled_low_bits(), rest ? 1 : 0);
  }

  /// 10^0..10^18.
  static std::int64_t power_of_ten(std::int32_t exponent) {
    std::int64_t power = 1;
    for (std::int32_t i = 0; i < exponent; ++i) power *= 10;
    return power;
  }

  static std::int64_t wrapped_sum(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  }
};

std::string_view describe(QuantityProblem problem) {
  switch (problem) {
    case QuantityProblem::format:
      return "is no quantity; allowed: a number and a suffix, such as 500m, 1.5Gi or 1e3";
    case QuantityProblem::numeric:
      return "has no number that can be read; allowed: up to 1,000 digits with one decimal point";
    case QuantityProblem::suffix:
      return "has an unknown suffix; allowed: n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or e and an "
             "exponent of -100..100";
  }
  return "";
}

std::optional<Quantity> Quantity::parse(std::string_view text, QuantityProblem* problem) {
  const auto refuse = [problem](QuantityProblem why) -> std::optional<Quantity> {
    if (problem != nullptr) *problem = why;
    return std::nullopt;
  };
  if (text.empty()) return refuse(QuantityProblem::format);
  const std::optional<Parts> parts = cut(text);
  if (!parts) return refuse(QuantityProblem::format);
  if (text.size() > kLongestText) return refuse(QuantityProblem::numeric);
  const std::optional<Suffix> suffix = read_suffix(parts->suffix);
  if (!suffix) return refuse(QuantityProblem::suffix);
  Quantity quantity;
  if (text == "0") {
    quantity.text_ = "0";
    return quantity;
  }
  if (QuantityArithmetic::parse_small(*parts, *suffix, text, quantity)) return quantity;
  if (!QuantityArithmetic::parse_exact(*parts, *suffix, quantity)) {
    return refuse(QuantityProblem::numeric);
  }
  return quantity;
}

std::string Quantity::text() const {
  if (!text_.empty()) return text_;
  if (is_zero()) return "0";
  if (format_ != Format::binary_si) return QuantityArithmetic::decimal_text(*this, format_);
  return QuantityArithmetic::shown_in_binary(*this)
             ? QuantityArithmetic::binary_text(*this)
             : QuantityArithmetic::decimal_text(*this, Format::decimal_si);
}

int Quantity::sign() const {
  if (exact_) return exact_->sign();
  return value_ < 0 ? -1 : (value_ > 0 ? 1 : 0);
}

std::int64_t Quantity::scaled_value(int scale) const {
  if (exact_) return QuantityArithmetic::exact_value(*exact_, scale);
  if (scale_ < scale) return scaled_down(value_, scale - scale_);
  bool fits = true;
  return scaled_up(value_, scale_ - scale, fits);
}

std::optional<std::int64_t> Quantity::amount(int decimals) const {
  if (sign() < 0) return std::nullopt;
  if (!exact_) {
    if (scale_ < -decimals) return scaled_down(value_, -decimals - scale_);
    bool fits = true;
    const std::int64_t units = scaled_up(value_, scale_ + decimals, fits);
    return fits ? std::optional(units) : std::nullopt;
  }
  const Decimal units = exact_->with_places(decimals).times_ten_to(decimals);
  const Decimal most(std::numeric_limits<std::int64_t>::max());
  if (Decimal::compare(units, most) > 0) return std::nullopt;
  return units.unscaled_low_bits();
}

void Quantity::add(const Quantity& other) { QuantityArithmetic::add(*this, other, false); }

void Quantity::subtract(const Quantity& other) { QuantityArithmetic::add(*this, other, true); }

int Quantity::compare(const Quantity& other) const {
  return Decimal::compare(QuantityArithmetic::exact(*this), QuantityArithmetic::exact(other));
}

}  // namespace arcas::model
