#pragma once

#include <pybind11/pybind11.h>

namespace arcas::python {

/// Imports of recorded traces; see sim/trace.
void define_trace(pybind11::module_& module);

}  // namespace arcas::python
