#pragma once

#include <cstdint>
#include <vector>

#include "core/base/id.h"

namespace arcas::model {

enum class TaintEffect : std::uint8_t { no_schedule, prefer_no_schedule, no_execute };

struct Taint {
  StringId key;
  StringId value;
  TaintEffect effect = TaintEffect::no_schedule;
  std::int64_t added_ns = 0;  ///< when a no_execute taint was set; eviction counts from here
  bool operator==(const Taint&) const = default;
};

struct Toleration {
  enum class Operator : std::uint8_t { equal, exists };
  static constexpr std::int64_t kForever = -1;

  StringId key;  ///< none with `exists` tolerates every key
  Operator op = Operator::equal;
  StringId value;
  bool any_effect = true;
  TaintEffect effect = TaintEffect::no_schedule;  ///< read only when !any_effect
  std::int64_t seconds = kForever;                ///< for no_execute: stay this long, then go
  bool operator==(const Toleration&) const = default;
};

/// Kubernetes's rule: key, effect and (for `equal`) value must agree.
bool tolerates(const Toleration& toleration, const Taint& taint);
/// The first toleration that tolerates the taint, or nullptr.
const Toleration* find_toleration(const std::vector<Toleration>& tolerations, const Taint& taint);

}  // namespace arcas::model
