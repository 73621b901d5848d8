#pragma once

#include <boost/json.hpp>
#include <string>
#include <utility>

#include "core/base/expected.h"
#include "core/manifest/decoding.h"
#include "core/model/catalog.h"

namespace arcas::manifest {

/// JSON with ' for ", as the tests write it.
inline boost::json::value parsed(std::string text) {
  for (char& c : text) {
    if (c == '\'') c = '"';
  }
  return boost::json::parse(text);
}

/// The message, or "no error".
template <class T>
std::string message(const Expected<T>& result) {
  return result ? "no error" : result.error().message;
}

/// Decodes with a catalog of its own.
struct World {
  model::Catalog catalog;
  Decoding decoding{.catalog = catalog, .tenant = TenantId{0}};

  [[nodiscard]] std::string text(StringId id) const {
    return id.valid() ? catalog.text(id) : "(none)";
  }
};

}  // namespace arcas::manifest
