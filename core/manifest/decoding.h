#pragma once

#include <cstdint>

#include "core/base/id.h"
#include "core/model/catalog.h"

namespace arcas::manifest {

/// What decoding needs besides the document. Names are interned in the order of the document.
struct Decoding {
  model::Catalog& catalog;
  TenantId tenant{0};
  std::int64_t epoch_ns = 0;  ///< times of documents become nanoseconds after this Unix time
};

}  // namespace arcas::manifest
