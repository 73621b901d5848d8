// The end of definitions of custom resources: their objects go first.

#include <algorithm>
#include <boost/json.hpp>

#include "real/api/api_state.h"
#include "real/api/custom_definitions.h"
#include "real/api/object_deletes.h"
#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kAtOnce = 500;

/// A definition without its finalizer; removed when nothing else holds it.
DocumentWrite release_of(const Document& definition) {
  json::object object = client_object(*definition.json, 0, "apiextensions.k8s.io/v1");
  if (json::value* list = object_at(object, "metadata").if_contains("finalizers");
      list != nullptr && list->is_array()) {
    json::array& names = list->get_array();
    names.erase(std::remove(names.begin(), names.end(), json::value(kDefinitionFinalizer)),
                names.end());
    if (names.empty()) object_at(object, "metadata").erase("finalizers");
  }
  const json::value* others = value_at(object, "metadata.finalizers");
  DocumentWrite write;
  write.verb = others == nullptr ? DocumentWrite::Verb::remove : DocumentWrite::Verb::update;
  write.key = definition.key;
  write.uid = definition.uid;
  write.expected = definition.revision;
  write.json = std::make_shared<const std::string>(stored_text(std::move(object)));
  return write;
}

}  // namespace

void Api::State::sweep_definition(const DocumentKey& key) {
  const std::optional<Document> definition = store.get(key);
  if (!definition) return;
  const json::object object = stored_object(*definition->json);
  if (text_at(object, "metadata.deletionTimestamp").empty()) return;
  const json::value* held = value_at(object, "metadata.finalizers");
  const bool ours = held != nullptr && held->is_array() &&
                    std::find(held->get_array().begin(), held->get_array().end(),
                              json::value(kDefinitionFinalizer)) != held->get_array().end();
  if (!ours) return;
  const DocumentScope scope{key.name, key.tenant, ""};
  const Expected<DocumentPage> page = store.list(scope, std::nullopt, kAtOnce, 0);
  if (!page) return;
  KindInfo kind;
  kind.group = text_at(object, "spec.group");
  std::vector<DocumentWrite> writes;
  for (const Document& document : page->documents) {
    const json::object stored = stored_object(*document.json);
    if (!text_at(stored, "metadata.deletionTimestamp").empty()) continue;  // waits for others
    const std::string_view version = text_at(stored, "apiVersion");
    kind.version = version.substr(std::min(version.rfind('/'), version.size() - 1) + 1);
    DocumentWrite write = deletion_of(kind, document, sources.unix_seconds(), std::nullopt);
    writes.push_back(std::move(write));
  }
  const bool more = !writes.empty();
  if (page->documents.empty()) writes.push_back(release_of(*definition));
  if (writes.empty()) return;
  store.commit(std::move(writes), false,
               [weak = weak_from_this(), key, more](const DocumentCommit&) {
                 if (const auto self = weak.lock(); self != nullptr && more) {
                   self->sweep_definition(key);
                 }
               });
}

}  // namespace arcas::real
