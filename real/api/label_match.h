#pragma once

#include <boost/json/fwd.hpp>

#include "core/model/selector_text.h"

namespace arcas::real {

/// A LabelSelector of an object, or a plain map of labels as replication controllers have it, in
/// words. Parts of a wrong form are passed over.
model::SelectorText selector_of(const boost::json::object& selector);

/// Do the labels of an object (metadata.labels; null when it has none) fit a selector in words? The
/// same rules as model::Selector's, for objects whose labels are not interned. Cost: one look-up
/// for each requirement.
bool matches_labels(const model::SelectorText& selector, const boost::json::object* labels);

}  // namespace arcas::real
