#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"
#include "core/model/selector.h"

namespace arcas::model {

class Catalog;

/// Interns a requirement. Values are sorted and unique.
Requirement make_requirement(std::string_view key, SelectorOperator op,
                             const std::vector<std::string_view>& values, Catalog& catalog);

/// What Kubernetes finds wrong with a requirement of a label selector: number of values, key,
/// values that are no label values, bounds that are no integers. Empty: nothing.
std::string problem_of_requirement(std::string_view key, SelectorOperator op,
                                   const std::vector<std::string_view>& values);
/// The same for the number of values alone.
std::string problem_of_value_count(SelectorOperator op, std::size_t values);

}  // namespace arcas::model
