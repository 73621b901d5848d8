#pragma once

namespace arcas {

/// Reports a broken internal invariant and ends the process. Never returns.
[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace arcas

/// States what must hold inside the program whatever comes from outside. On in every build.
/// A false condition is a bug of ours: bad input is answered with a Status instead.
#define ARCAS_CHECK(condition)                         \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::arcas::check_failed(#condition, __FILE__, __LINE__))
