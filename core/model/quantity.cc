#include "core/model/quantity.h"

#include <algorithm>
#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <limits>

namespace arcas::model {

using Integer = boost::multiprecision::cpp_int;

namespace {

using Format = Quantity::Format;

/// unscaled × 10^-places.
struct Decimal {
  Integer unscaled;
  std::int32_t places = 0;
};

Integer power_of_ten(std::int64_t exponent) {
  return boost::multiprecision::pow(Integer(10), static_cast<unsigned>(exponent));
}

/// The low 64 bits, with the sign put on afterwards: Go's big.Int.Int64.
std::int64_t low_bits(const Integer& number) {
  const Integer magnitude = number < 0 ? Integer(-number) : number;
  const auto low =
      static_cast<std::uint64_t>(magnitude & Integer(std::numeric_limits<std::uint64_t>::max()));
  return static_cast<std::int64_t>(number < 0 ? std::uint64_t{0} - low : low);
}

std::int64_t wrapped_product(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

/// The same value with another number of places; digits that fall off round away from zero.
Integer rescaled(const Decimal& decimal, std::int32_t places) {
  if (places >= decimal.places) return decimal.unscaled * power_of_ten(places - decimal.places);
  const Integer divisor = power_of_ten(decimal.places - places);
  Integer quotient = decimal.unscaled / divisor;
  const Integer rest = decimal.unscaled % divisor;
  if (rest > 0) ++quotient;
  if (rest < 0) --quotient;
  return quotient;
}

int sign_of(const Integer& number) { return number < 0 ? -1 : (number > 0 ? 1 : 0); }

int compare(const Decimal& a, const Decimal& b) {
  const std::int32_t places = std::max(a.places, b.places);
  return sign_of(Integer(rescaled(a, places) - rescaled(b, places)));
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

/// What needs the class's insides and the big integers.
struct QuantityArithmetic {
  static bool is_big(const Quantity& q) { return !q.digits_.empty(); }

  static Decimal decimal(const Quantity& q) {
    if (is_big(q)) return {Integer(q.digits_), q.places_};
    return {Integer(q.value_), -q.scale_};
  }

  static void set(Quantity& q, const Decimal& decimal) {
    q.value_ = 0;
    q.scale_ = 0;
    q.digits_ = decimal.unscaled.str();
    q.places_ = decimal.places;
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
    if (room < 0) return false;
    scale -= static_cast<std::int32_t>(parts.fraction.size());
    if (scale < -kNano) return false;
    const std::string shifted = parts.whole + parts.fraction;
    std::int64_t value = 0;
    for (const char c : shifted) value = value * 10 + (c - '0');
    std::int64_t result = 0;
    if (__builtin_mul_overflow(value, factor, &result)) return false;
    q.value_ = parts.negative ? -result : result;
    q.scale_ = scale;
    q.format_ = suffix.format;
    const bool ends_in_thousand = shifted.size() >= 3 && shifted.ends_with("000");
    const bool canonical = suffix.base == 2
                               ? (value & 7) != 0
                               : scale % 3 == 0 && !ends_in_thousand && shifted[0] != '0';
    if (canonical) q.text_ = text;
    return true;
  }

  /// The exact form. False when there are no digits.
  static bool parse_big(const Parts& parts, const Suffix& suffix, Quantity& q) {
    if (!has_digit(parts.number)) return false;
    std::string digits = parts.whole + parts.fraction;
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    Decimal amount{Integer(digits), static_cast<std::int32_t>(parts.fraction.size())};
    if (suffix.base == 10) {
      amount.places -= suffix.exponent;
    } else {
      amount.unscaled <<= static_cast<unsigned>(suffix.exponent);
    }
    if (amount.unscaled != 0) amount = {rescaled(amount, kNano), kNano};
    q.format_ = suffix.format;
    if (suffix.format == Format::binary_si) {
      const Decimal most{Integer(std::numeric_limits<std::int64_t>::max()), 0};
      if (compare(amount, most) > 0) amount = most;
      if (amount.unscaled != 0 && compare(amount, {Integer(1), 0}) < 0) {
        q.format_ = Format::decimal_si;
      }
    }
    if (parts.negative) amount.unscaled = -amount.unscaled;
    set(q, amount);
    return true;
  }

  /// Thousands as the exponent allows: "1500" with exponent 0 stays, "15" with 2 becomes "1500".
  static std::string decimal_text(const Quantity& q, Format format) {
    Decimal amount = decimal(q);
    std::int32_t exponent = -amount.places;
    while (amount.unscaled % 10 == 0) {
      amount.unscaled /= 10;
      ++exponent;
    }
    while (exponent % 3 != 0) {
      amount.unscaled *= 10;
      --exponent;
    }
    return amount.unscaled.str() + suffix_text(exponent, format);
  }

  static std::string binary_text(const Quantity& q) {
    Integer amount = rescaled(decimal(q), 0);
    std::int32_t exponent = 0;
    while (amount % 1024 == 0) {
      amount /= 1024;
      exponent += 10;
    }
    return amount.str() + suffix_text(exponent, Format::binary_si);
  }

  /// Binary amounts below 1Ki or with a fraction are shown in decimal.
  static bool shown_in_binary(const Quantity& q) {
    const Decimal amount = decimal(q);
    const Integer whole = rescaled(amount, 0);
    if (compare(amount, {whole, 0}) != 0) return false;
    return whole <= -1024 || whole >= 1024;
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
    if (!is_big(q) && !is_big(other)) {
      const std::int64_t value = negated ? wrapped_product(other.value_, -1) : other.value_;
      if (add_small(q, value, other.scale_)) return;
    }
    const Decimal a = decimal(q);
    const Decimal b = decimal(other);
    const std::int32_t places = std::max(a.places, b.places);
    const Integer left = rescaled(a, places);
    const Integer right = rescaled(b, places);
    set(q, {negated ? Integer(left - right) : Integer(left + right), places});
  }

  /// Units of 10^scale of the exact form, rounded up, with Kubernetes's arithmetic beyond int64.
  static std::int64_t big_value(const Decimal& amount, int scale) {
    const std::int32_t drop = amount.places + scale;
    if (drop == 0) return low_bits(amount.unscaled);
    if (drop < 0) {
      // Go converts 10^19 and more, a float64 there, to the smallest int64 (on amd64).
      const std::int64_t factor =
          -drop > 18 ? std::numeric_limits<std::int64_t>::min() : low_bits(power_of_ten(-drop));
      return wrapped_product(low_bits(amount.unscaled), factor);
    }
    if (amount.unscaled < std::numeric_limits<std::int64_t>::max() && drop < 19) {
      const std::int64_t divisor = low_bits(power_of_ten(drop));
      const std::int64_t whole = low_bits(amount.unscaled);
      return whole / divisor + (whole % divisor != 0 ? 1 : 0);
    }
    const Integer divisor = power_of_ten(drop);
    Integer quotient = amount.unscaled / divisor;  // towards zero; Go's DivMod rounds down
    const Integer rest = amount.unscaled % divisor;
    if (rest < 0) --quotient;
    return wrapped_sum(low_bits(quotient), rest != 0 ? 1 : 0);
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
  if (!QuantityArithmetic::parse_big(*parts, *suffix, quantity)) {
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
  if (digits_.empty()) return value_ < 0 ? -1 : (value_ > 0 ? 1 : 0);
  if (digits_[0] == '-') return -1;
  return digits_ == "0" ? 0 : 1;
}

std::int64_t Quantity::scaled_value(int scale) const {
  if (QuantityArithmetic::is_big(*this)) {
    return QuantityArithmetic::big_value(QuantityArithmetic::decimal(*this), scale);
  }
  if (scale_ < scale) return scaled_down(value_, scale - scale_);
  bool fits = true;
  return scaled_up(value_, scale_ - scale, fits);
}

std::optional<std::int64_t> Quantity::amount(int decimals) const {
  if (sign() < 0) return std::nullopt;
  const Integer units = rescaled(QuantityArithmetic::decimal(*this), decimals);
  if (units > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(units);
}

void Quantity::add(const Quantity& other) { QuantityArithmetic::add(*this, other, false); }

void Quantity::subtract(const Quantity& other) { QuantityArithmetic::add(*this, other, true); }

int Quantity::compare(const Quantity& other) const {
  return model::compare(QuantityArithmetic::decimal(*this), QuantityArithmetic::decimal(other));
}

}  // namespace arcas::model
