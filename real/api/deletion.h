#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>

#include "core/controllers/garbage_collector.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// How an object is to be deleted, as far as somebody says.
struct DeletionWish {
  std::optional<std::int64_t> grace_seconds{};  ///< of pods that run; nothing: the pod's own
  controllers::Propagation propagation = controllers::Propagation::unsaid;
};

/// The write that deletes a version of an object: its removal, or a mark when it must wait for
/// somebody: its node, its finalizers, its contents. Cost: parsing and writing of it.
DocumentWrite deletion_of(const Document& document, std::int64_t unix_seconds,
                          const DeletionWish& wish = {});

/// Is an object that is being deleted free to go: no finalizers, no contents, no grace period left?
bool is_free_to_go(const boost::json::object& object);

/// The write that takes a finalizer (of metadata) from an object; its removal, when that was all
/// that held it.
DocumentWrite release_of(const Document& document, std::string_view finalizer);
/// The write that says of a namespace or a tenant that nothing is in it any more; its removal, when
/// that was all that held it.
DocumentWrite emptied(const Document& place);

}  // namespace arcas::real
