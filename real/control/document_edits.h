#pragma once

#include <boost/json/fwd.hpp>

#include "core/model/objects.h"
#include "real/control/core_documents.h"

namespace arcas::real {

/// The document of an object that a role makes, but for uid and creation time. `owner`: the
/// document of its controller; null: none.
boost::json::object new_document(const model::Object& object, const boost::json::object* owner,
                                 TimePoint now, const CoreDocuments& names);

/// Writes what roles change of an object into its document.
void edit_object(boost::json::object& document, const model::Object& after, TimePoint now,
                 const CoreDocuments& names);

/// Where finalizers hold an object it is marked as being deleted, with nothing else to wait for.
/// False when nothing holds it.
bool hold_back_removal(boost::json::object& document, TimePoint now);

}  // namespace arcas::real
