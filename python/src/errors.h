#pragma once

#include <stdexcept>
#include <string>

namespace arcas::python {

/// Becomes arcas.ScenarioError: the message names file and line, or the field.
class ScenarioError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace arcas::python
