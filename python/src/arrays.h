#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <string>
#include <utility>
#include <vector>

#include "python/src/columns.h"

namespace arcas::python {

namespace py = pybind11;

/// A numpy array that owns the vector's memory: nothing is copied.
template <class T>
py::array array_of(std::vector<T>&& values) {
  auto* kept = new std::vector<T>(std::move(values));
  const py::capsule owner(kept, [](void* p) { delete static_cast<std::vector<T>*>(p); });
  return py::array_t<T>(static_cast<py::ssize_t>(kept->size()), kept->data(), owner);
}

/// The same as an array of bool.
inline py::array booleans_of(std::vector<std::uint8_t>&& values) {
  return array_of(std::move(values)).attr("view")("bool");
}

inline py::list list_of(const std::vector<std::string>& values) {
  py::list list(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) list[i] = py::str(values[i]);
  return list;
}

/// (codes, names), for pandas.Categorical.from_codes.
inline py::tuple pair_of(Categories&& text) {
  return py::make_tuple(array_of(std::move(text.codes)), list_of(text.names));
}

}  // namespace arcas::python
