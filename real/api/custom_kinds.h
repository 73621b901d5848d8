#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "real/api/kinds.h"
#include "real/api/openapi_documents.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// What a tenant's clients are served: the built-in kinds and those of its own definitions. Never
/// changes; a request keeps the one that it began with.
struct ServedKinds {
  Schema schema;  ///< of the definitions, on the built-in one
  KindTable kinds;
  std::unique_ptr<OpenApiDocuments> openapi;
};

/// Follows the definitions of custom resources in the store. On its thread.
class CustomKinds {
 public:
  /// `changed` is told of each definition that was written or removed.
  CustomKinds(DocumentStore& store, std::function<void(const Document&)> changed);
  ~CustomKinds();
  CustomKinds(const CustomKinds&) = delete;
  CustomKinds& operator=(const CustomKinds&) = delete;

  /// Cost: a look-up; after a change of the tenant's definitions, linear in them.
  std::shared_ptr<ServedKinds> of(const std::string& tenant);
  [[nodiscard]] const KindTable& built_in() const { return built_in_->kinds; }
  /// Definitions that are to go.
  [[nodiscard]] std::vector<DocumentKey> leaving() const;

 private:
  void follow();
  void take(const Document& document, bool removed);

  DocumentStore& store_;
  std::function<void(const Document&)> changed_;
  std::shared_ptr<ServedKinds> built_in_;
  std::map<std::string, std::map<std::string, Document>> definitions_;  // by tenant and name
  std::map<std::string, std::shared_ptr<ServedKinds>> served_;          // made when asked for
  std::uint64_t watch_ = 0;
};

}  // namespace arcas::real
