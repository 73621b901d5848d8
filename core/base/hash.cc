#include "core/base/hash.h"

namespace arcas {

std::string HashChain::hex() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint64_t word : {high_, low_}) {
    for (unsigned shift = 64; shift != 0; shift -= 4) text += kDigits[(word >> (shift - 4)) & 15U];
  }
  return text;
}

}  // namespace arcas
