#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "real/api/kinds.h"
#include "real/api/openapi/openapi.h"

namespace arcas::real {

/// The OpenAPI documents of what is served, each made when somebody asks for it first and kept from
/// then on.
class OpenApiDocuments {
 public:
  struct Document {
    std::string_view text;  ///< lives as long as this object
    std::string_view content_type;
  };

  /// `kinds` are of `schema`. `base`: the documents of the built-in kinds, when there are others,
  /// too; what only tells of those is taken from there. All outlive this object.
  OpenApiDocuments(const KindTable& kinds, const Schema& schema, OpenApiDocuments* base = nullptr);

  /// What a path below "/openapi" names, in the form that `accept` asks for: version 2 also comes
  /// as Protocol Buffers. Nothing when the path names nothing.
  std::optional<Document> find(const std::vector<std::string>& segments, std::string_view accept);

 private:
  const std::string& kept(const std::string& name);

  [[nodiscard]] std::string index();

  const Schema& schema_;
  OpenApiDocuments* base_;
  std::vector<ServedResource> served_;
  std::vector<ServedResource> custom_;  // those of them that the base does not have
  std::map<std::string, std::string> texts_;
};

}  // namespace arcas::real
