// The end of definitions of custom resources: their objects go first.

#include <algorithm>
#include <boost/json.hpp>

#include "real/api/api_state.h"
#include "real/api/custom_definitions.h"
#include "real/api/deletion.h"
#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kAtOnce = 500;

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
  std::vector<DocumentWrite> writes;
  for (const Document& document : page->documents) {
    const json::object stored = stored_object(*document.json);
    if (!text_at(stored, "metadata.deletionTimestamp").empty()) continue;  // waits for others
    writes.push_back(deletion_of(document, sources.unix_seconds()));
  }
  const bool more = !writes.empty();
  if (page->documents.empty()) writes.push_back(release_of(*definition, kDefinitionFinalizer));
  if (writes.empty()) return;
  store.commit(std::move(writes), false,
               [weak = weak_from_this(), key, more](const DocumentCommit&) {
                 if (const auto self = weak.lock(); self != nullptr && more) {
                   self->sweep_definition(key);
                 }
               });
}

}  // namespace arcas::real
