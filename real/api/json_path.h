#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>
#include <vector>

namespace arcas::real {

/// The values that a path of Kubernetes's JSONPath leads to, in order: `.a.b`, `['a']`, `[2]`,
/// `[*]`,
/// `[?(@.type=="Ready")]`. Braces around it may be there. A path that is none leads nowhere.
/// Pointers live as long as `object`. Cost: linear in what is looked at.
std::vector<const boost::json::value*> values_by_json_path(const boost::json::object& object,
                                                           std::string_view path);

}  // namespace arcas::real
