#pragma once

#include <string>

namespace arcas::real {

/// One thing that is wrong with an object: "spec.replicas", "FieldValueInvalid", what.
struct FieldProblem {
  std::string field;
  std::string reason;
  std::string message;
};

}  // namespace arcas::real
