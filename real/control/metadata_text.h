#pragma once

#include <string_view>

#include "core/controllers/garbage_collector.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// The member "metadata" of an object's text, without parsing the rest: an object's status changes
/// often, its metadata seldom. Empty when there is none. Cost: reading up to its end.
std::string_view metadata_text(std::string_view stored);

/// What the garbage collector reads of a document. Cost: parsing of its metadata.
controllers::CollectedObject collected_object(const Document& document);

}  // namespace arcas::real
