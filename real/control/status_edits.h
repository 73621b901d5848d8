#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "core/base/time.h"
#include "core/model/taint.h"

namespace arcas::real {

/// A time as documents have it, in whole seconds.
std::string time_text(TimePoint time);

/// "NoSchedule", "PreferNoSchedule", "NoExecute".
std::string_view taint_effect_text(model::TaintEffect effect);

/// A condition as it is to be.
struct ConditionText {
  std::string_view type;
  std::string_view status;  ///< "True", "False", "Unknown"
  std::string_view reason{};
  std::string_view message{};
};

/// Writes a condition into `holder.conditions`; its lastTransitionTime moves only when its status
/// does. True when anything changed.
bool set_condition(boost::json::object& holder, const ConditionText& wanted, TimePoint now);

}  // namespace arcas::real
