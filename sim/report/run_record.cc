#include "sim/report/run_record.h"

#include <algorithm>

namespace arcas::sim {

double RunRecord::figure(const std::string& name) const {
  const auto found = std::find_if(figures.begin(), figures.end(),
                                  [&name](const auto& figure) { return figure.first == name; });
  return found == figures.end() ? -1 : found->second;
}

bool RunRecord::well() const {
  return violations.empty() && figure("interrupted") <= 0 &&
         std::all_of(expectations.begin(), expectations.end(),
                     [](const Expected& e) { return e.holds; });
}

}  // namespace arcas::sim
