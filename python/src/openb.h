#pragma once

#include <pybind11/pybind11.h>

namespace arcas::python {

/// The protocol of Weng et al. (USENIX ATC 2023) on the openb trace: its draws, and its results for
/// built-in policies; see sim/placement.
void define_openb(pybind11::module_& module);

}  // namespace arcas::python
