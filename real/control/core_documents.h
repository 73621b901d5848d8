#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/expected.h"
#include "core/model/catalog.h"
#include "core/model/objects.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// An object of the core.
using CoreObject = std::variant<model::Pod, model::Object>;

/// Between documents and the core's objects, both ways: names, and what decoding needs.
struct CoreDocuments {
  /// The address of a pod on a node; empty: its runtime will tell.
  using AddressOf = std::function<std::string(const std::string& node, Uid pod)>;

  model::Catalog& catalog;
  /// Tells this process's leases from those of processes that are gone: "arcas-5f3a…".
  std::string incarnation;
  AddressOf address_of{};

  /// The kind that the core has for documents of a resource; none: it has none.
  [[nodiscard]] static model::Kind kind_of(const DocumentKey& key);
  /// The resource of a kind: "replicasets.apps".
  [[nodiscard]] static std::string_view resource_of(model::Kind kind);
  /// Where the document of an object is.
  [[nodiscard]] DocumentKey key_of(model::Kind kind, const model::Metadata& meta) const;

  /// A document as the core reads it. Errors: its first field that is wrong. Cost: parsing.
  [[nodiscard]] Expected<CoreObject> decode(const Document& document) const;

  /// "arcas-5f3a…_17".
  [[nodiscard]] std::string holder_text(ActorId holder) const;
  /// None for other processes' holders: they are gone, because the store is one process's at a
  /// time.
  [[nodiscard]] ActorId holder_of(std::string_view text) const;
};

/// The annotation of a Node that keeps the epoch of its agent's registration.
inline constexpr std::string_view kAgentEpoch = "node.arcas.io/agent-epoch";

/// Of either kind of object.
model::Metadata& metadata_of(CoreObject& object);

}  // namespace arcas::real
