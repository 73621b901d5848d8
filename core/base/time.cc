#include "core/base/time.h"

#include <cstdlib>

namespace arcas {
namespace {

std::string with_unit(std::int64_t value, std::int64_t unit, const char* name) {
  std::string text = std::to_string(value / unit);
  const std::int64_t tenths = value % unit * 10 / unit;
  if (tenths != 0) text += "." + std::to_string(tenths);
  return text + name;
}

}  // namespace

std::string to_string(Duration duration) {
  const std::int64_t ns = duration.ns;
  if (ns < 0) return "-" + to_string(Duration{-ns});
  if (ns == 0) return "0s";
  if (ns < 1'000) return std::to_string(ns) + "ns";
  if (ns < 1'000'000) return with_unit(ns, 1'000, "us");
  if (ns < 1'000'000'000) return with_unit(ns, 1'000'000, "ms");
  const std::int64_t whole = ns / 1'000'000'000;
  std::string text;
  if (whole >= 3600) text += std::to_string(whole / 3600) + "h";
  if (whole >= 60) {
    const std::int64_t minute = whole / 60 % 60;
    if (whole >= 3600 && minute < 10) text += "0";
    text += std::to_string(minute) + "m";
    if (whole % 60 < 10) text += "0";
  }
  return text + with_unit(ns % 60'000'000'000, 1'000'000'000, "s");
}

}  // namespace arcas
