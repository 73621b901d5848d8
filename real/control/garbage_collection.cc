#include "real/control/garbage_collection.h"

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <utility>

#include "real/api/deletion.h"
#include "real/api/object_text.h"
#include "real/control/metadata_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

using controllers::Collection;

/// Objects looked at in one go: a few tens of milliseconds of work.
constexpr std::size_t kBurst = 1000;

/// The references of an object to the owners that the effect names go, or block no longer.
DocumentWrite without_owners(const Document& document, const Collection& effect) {
  json::object text = stored_object(*document.json);
  json::object& metadata = object_at(text, "metadata");
  json::array kept;
  const json::value* before = metadata.if_contains("ownerReferences");
  if (before != nullptr && before->is_array()) {
    for (json::value entry : before->get_array()) {
      const bool named = entry.is_object() && std::count(effect.owners.begin(), effect.owners.end(),
                                                         text_at(entry.get_object(), "uid")) != 0;
      if (named && effect.verb == Collection::Verb::drop_owners) continue;
      if (named) entry.get_object()["blockOwnerDeletion"] = false;
      kept.push_back(std::move(entry));
    }
  }
  metadata.erase("ownerReferences");
  if (!kept.empty()) metadata["ownerReferences"] = std::move(kept);
  return {DocumentWrite::Verb::update, document.key, document.uid, document.revision,
          std::make_shared<const std::string>(stored_text(std::move(text)))};
}

}  // namespace

class GarbageCollection::Objects final : public controllers::CollectedObjects {
 public:
  Objects(const DocumentStore& documents, const OwnerKinds& kinds)
      : documents_(documents), kinds_(kinds) {}
  [[nodiscard]] std::optional<KindPlace> kind(const std::string& tenant,
                                              const controllers::OwnerEntry& owner) const override {
    return kinds_.find(tenant, owner.api_version, owner.kind);
  }
  [[nodiscard]] std::optional<controllers::CollectedObject> read(
      const controllers::ObjectPlace& place) const override {
    const auto document =
        documents_.get({place.resource, place.tenant, place.name_space, place.name});
    if (!document) return std::nullopt;
    return collected_object(*document);
  }

 private:
  const DocumentStore& documents_;
  const OwnerKinds& kinds_;
};

GarbageCollection::GarbageCollection(DocumentFollower::Parts parts)
    : follower_(
          std::move(parts), {{"", true, [this](const DocumentChange& c) { take(c); }}},
          [this](const DocumentFollower::Item&) { sync(); },
          [this] {
            collector_ = {};
            kinds_.clear();
          }) {}

void GarbageCollection::take(const DocumentChange& change) {
  if (kinds_.take(change)) collector_.kinds_changed();
  if (change.type == DocumentChange::Type::removed) {
    collector_.remove(change.document.uid);
  } else {
    const std::string_view now = metadata_text(*change.document.json);
    const bool says_something =
        change.before == nullptr ? now.find("\"ownerReferences\"") != std::string_view::npos ||
                                       now.find("\"deletionTimestamp\"") != std::string_view::npos
                                 : metadata_text(*change.before) != now;
    if (says_something) collector_.put(collected_object(change.document));
  }
  if (!collector_.idle()) follower_.mark({});
}

void GarbageCollection::sync() {
  const Objects objects(follower_.documents(), kinds_);
  std::vector<DocumentWrite> writes;
  std::vector<std::string> uids;  // by write
  for (const Collection& effect : collector_.sync(objects, kBurst)) {
    draft(effect, writes);
    uids.resize(writes.size(), effect.uid);
  }
  if (!collector_.idle()) follower_.mark({});
  follower_.commit(std::move(writes), [this, uids = std::move(uids)](const DocumentCommit& commit) {
    for (std::size_t i = 0; i < uids.size(); ++i) {
      if (commit.results[i] != StatusCode::ok) collector_.again(uids[i]);
    }
    if (!collector_.idle()) follower_.mark({});
  });
}

void GarbageCollection::draft(const Collection& effect, std::vector<DocumentWrite>& writes) {
  const controllers::ObjectPlace& place = effect.place;
  const auto document =
      follower_.documents().get({place.resource, place.tenant, place.name_space, place.name});
  if (!document || document->revision != effect.expected) return;  // its change will be told
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  switch (effect.verb) {
    case Collection::Verb::remove:
      writes.push_back(deletion_of(*document, follower_.now().ns / kNanoseconds,
                                   {std::nullopt, effect.propagation}));
      return;
    case Collection::Verb::drop_finalizer:
      writes.push_back(release_of(*document, effect.finalizer));
      return;
    case Collection::Verb::drop_owners:
    case Collection::Verb::unblock_owners:
      writes.push_back(without_owners(*document, effect));
      return;
  }
}

}  // namespace arcas::real
