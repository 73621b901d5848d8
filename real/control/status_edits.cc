#include "real/control/status_edits.h"

#include <boost/json.hpp>
#include <utility>

#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;

std::string time_text(TimePoint time) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return timestamp_text(time.ns / kNanoseconds);
}

std::string_view taint_effect_text(model::TaintEffect effect) {
  switch (effect) {
    case model::TaintEffect::no_schedule:
      return "NoSchedule";
    case model::TaintEffect::prefer_no_schedule:
      return "PreferNoSchedule";
    case model::TaintEffect::no_execute:
      break;
  }
  return "NoExecute";
}

bool set_condition(json::object& holder, const ConditionText& wanted, TimePoint now) {
  json::value& list = holder["conditions"];
  if (!list.is_array()) list = json::array();
  json::object* found = nullptr;
  for (json::value& entry : list.get_array()) {
    if (entry.is_object() && text_at(entry.get_object(), "type") == wanted.type) {
      found = &entry.get_object();
    }
  }
  if (found == nullptr) {
    found = &list.get_array().emplace_back(json::object{{"type", wanted.type}}).get_object();
  }
  const bool moved = text_at(*found, "status") != wanted.status;
  const bool same = !moved && text_at(*found, "reason") == wanted.reason &&
                    text_at(*found, "message") == wanted.message;
  if (same) return false;
  if (moved) (*found)["lastTransitionTime"] = time_text(now);
  (*found)["status"] = wanted.status;
  if (!wanted.reason.empty()) (*found)["reason"] = wanted.reason;
  if (!wanted.message.empty()) (*found)["message"] = wanted.message;
  return true;
}

}  // namespace arcas::real
