#include "real/control/object_uid.h"

#include <charconv>
#include <cstdio>

namespace arcas::real {
namespace {

constexpr std::size_t kLength = 36;

/// Hexadecimal digits at a place; none when they are something else.
std::optional<std::uint64_t> digits(std::string_view text, std::size_t from, std::size_t count) {
  std::uint64_t value = 0;
  const char* begin = text.data() + from;
  const auto [stop, error] = std::from_chars(begin, begin + count, value, 16);
  if (error != std::errc() || stop != begin + count) return std::nullopt;
  return value;
}

}  // namespace

std::string uuid_of(Uid uid, std::uint64_t salt) {
  const std::uint64_t sequence = uid.sequence();
  char text[kLength + 1];
  std::snprintf(text, sizeof(text), "%08llx-%04llx-8%03llx-%04llx-%08llx%04x",
                static_cast<unsigned long long>(sequence >> 16U),
                static_cast<unsigned long long>(sequence & 0xffffU),
                static_cast<unsigned long long>(salt & 0xfffU),
                static_cast<unsigned long long>(0x8000U | ((salt >> 12U) & 0x3fffU)),
                static_cast<unsigned long long>((salt >> 26U) & 0xffffffffU), uid.partition());
  return text;
}

std::optional<Uid> uid_of(std::string_view uuid) {
  const bool shaped = uuid.size() == kLength && uuid[8] == '-' && uuid[13] == '-' &&
                      uuid[14] == '8' && uuid[18] == '-' && uuid[23] == '-';
  if (!shaped) return std::nullopt;
  const auto high = digits(uuid, 0, 8);
  const auto low = digits(uuid, 9, 4);
  const auto partition = digits(uuid, 32, 4);
  if (!high || !low || !partition) return std::nullopt;
  const Uid uid = Uid::make(static_cast<std::uint32_t>(*partition), (*high << 16U) | *low);
  return uid.sequence() == 0 ? std::nullopt : std::optional(uid);
}

}  // namespace arcas::real
