#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/scheduler/plugin_id.h"

namespace arcas::scheduler {

/// A filter's "no": gives the code back and notes why, where the caller wants to know.
inline Code refuse(Code code, std::string_view why, std::vector<std::string>* reasons) {
  if (reasons != nullptr) reasons->emplace_back(why);
  return code;
}

}  // namespace arcas::scheduler
