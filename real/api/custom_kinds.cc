#include "real/api/custom_kinds.h"

#include <boost/json.hpp>
#include <utility>

#include "real/api/custom_definitions.h"
#include "real/api/object_text.h"

namespace arcas::real {

CustomKinds::CustomKinds(DocumentStore& store, std::function<void(const Document&)> changed)
    : store_(store), changed_(std::move(changed)), built_in_(std::make_shared<ServedKinds>()) {
  built_in_->openapi = std::make_unique<OpenApiDocuments>(built_in_->kinds, Schema::built_in());
  follow();
}

CustomKinds::~CustomKinds() {
  if (watch_ != 0) store_.unwatch(watch_);
}

void CustomKinds::follow() {
  const DocumentScope scope{kDefinitions, "", ""};
  const Expected<DocumentPage> page = store_.list(scope, std::nullopt, 0, 0);
  if (!page) return;
  for (const Document& document : page->documents) take(document, false);
  const auto watch =
      store_.watch(scope, page->revision,
                   [this](Revision, const std::vector<DocumentChange>& changes, bool compacted) {
                     for (const DocumentChange& change : changes) {
                       take(change.document, change.type == DocumentChange::Type::removed);
                       if (changed_) changed_(change.document);
                     }
                     if (!compacted) return;
                     definitions_.clear();
                     served_.clear();
                     store_.unwatch(std::exchange(watch_, 0));
                     follow();
                   });
  if (watch) watch_ = *watch;
}

void CustomKinds::take(const Document& document, bool removed) {
  const DocumentKey& key = document.key;
  served_.erase(key.tenant);
  auto& of_tenant = definitions_[key.tenant];
  if (removed) {
    of_tenant.erase(key.name);
  } else {
    of_tenant[key.name] = document;
  }
  if (of_tenant.empty()) definitions_.erase(key.tenant);
}

std::shared_ptr<ServedKinds> CustomKinds::of(const std::string& tenant) {
  const auto definitions = definitions_.find(tenant);
  if (definitions == definitions_.end()) return built_in_;
  std::shared_ptr<ServedKinds>& served = served_[tenant];
  if (served != nullptr) return served;
  served = std::make_shared<ServedKinds>();
  served->schema = Schema::on(Schema::built_in());
  for (const auto& [name, document] : definitions->second) {
    for (KindInfo& kind : kinds_of_definition(stored_object(*document.json), served->schema)) {
      served->kinds.add(std::move(kind));
    }
  }
  served->openapi =
      std::make_unique<OpenApiDocuments>(served->kinds, served->schema, built_in_->openapi.get());
  return served;
}

std::vector<DocumentKey> CustomKinds::leaving() const {
  std::vector<DocumentKey> keys;
  for (const auto& [tenant, definitions] : definitions_) {
    for (const auto& [name, document] : definitions) {
      const auto object = stored_object(*document.json);
      if (!text_at(object, "metadata.deletionTimestamp").empty()) keys.push_back(document.key);
    }
  }
  return keys;
}

}  // namespace arcas::real
