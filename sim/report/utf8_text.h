#pragma once

#include <string>
#include <string_view>

namespace arcas::sim {

/// The same text with U+FFFD in place of every byte that is no part of a character in UTF-8: too
/// long forms, surrogates and what lies beyond U+10FFFF included.
std::string utf8_text(std::string_view bytes);

}  // namespace arcas::sim
