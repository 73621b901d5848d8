#include "real/control/document_follower.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "real/api/object_text.h"
#include "real/control/status_edits.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

/// Changes come in bursts: so long the first waits for the others.
constexpr Duration kGather = milliseconds(100);

}  // namespace

DocumentFollower::DocumentFollower(Parts parts, std::vector<Resource> resources,
                                   std::function<void(const Item&)> sync,
                                   std::function<void()> forget)
    : parts_(std::move(parts)),
      resources_(std::move(resources)),
      sync_(std::move(sync)),
      forget_(std::move(forget)) {}

void DocumentFollower::start() {
  stop();
  alive_ = std::make_shared<bool>(true);
  const Revision now = parts_.documents.revision();
  for (const Resource& resource : resources_) follow(resource, now);
}

void DocumentFollower::stop() {
  alive_ = nullptr;
  for (const std::uint64_t watch : watches_) parts_.documents.unwatch(watch);
  watches_.clear();
  if (timer_) parts_.loop.cancel(*timer_);
  timer_.reset();
  marked_.clear();
  forget_();
}

void DocumentFollower::follow(const Resource& resource, Revision after) {
  const DocumentScope scope{resource.name, "", ""};
  if (resource.listed) {
    const Expected<DocumentPage> page = parts_.documents.list(scope, std::nullopt, 0, 0);
    if (page) {
      for (const Document& document : page->documents) {
        resource.take({DocumentChange::Type::added, document, nullptr});
      }
    }
  }
  const auto told = [this, &resource, weak = std::weak_ptr<bool>(alive_)](
                        Revision, const std::vector<DocumentChange>& changes, bool compacted) {
    if (weak.expired()) return;
    // Fell behind: everything anew, but not from within the call.
    if (compacted) {
      return parts_.loop.post([this, weak] {
        if (!weak.expired()) start();
      });
    }
    for (const DocumentChange& change : changes) resource.take(change);
  };
  const auto watch = parts_.documents.watch(scope, after, told);
  if (watch) watches_.push_back(*watch);
}

void DocumentFollower::mark(Item item) {
  marked_.insert(std::move(item));
  if (timer_) return;
  const auto look = [this, weak = std::weak_ptr<bool>(alive_)] {
    if (weak.expired()) return;
    timer_.reset();
    for (const Item& marked : std::exchange(marked_, {})) sync_(marked);
  };
  timer_ = parts_.loop.at(parts_.loop.now() + kGather, look);
}

void DocumentFollower::mark_at(Item item, TimePoint at) {
  parts_.loop.at(at, [this, item = std::move(item), weak = std::weak_ptr<bool>(alive_)] {
    if (!weak.expired()) mark(item);
  });
}

bool DocumentFollower::is_ending(const Item& item) const {
  const auto space = parts_.documents.get({"namespaces", item.tenant, "", item.name_space});
  return !space || !text_at(stored_object(*space->json), "metadata.deletionTimestamp").empty();
}

void DocumentFollower::draft(const DocumentKey& key, const std::function<void(json::object&)>& edit,
                             std::vector<DocumentWrite>& writes) {
  const std::optional<Document> known = parts_.documents.get(key);
  DocumentWrite write;
  write.key = key;
  json::object text = known ? stored_object(*known->json) : json::object();
  edit(text);
  // Members in another order are the same document.
  if (known && stored_object(*known->json) == text) return;
  if (known) {
    write.verb = DocumentWrite::Verb::update;
    write.uid = known->uid;
    write.expected = known->revision;
  } else {
    write.uid = parts_.new_uuid();
    json::object& metadata = object_at(text, "metadata");
    metadata["tenant"] = key.tenant;
    metadata["namespace"] = key.name_space;
    metadata["name"] = key.name;
    metadata["uid"] = write.uid;
    metadata["creationTimestamp"] = time_text(now());
  }
  write.json = std::make_shared<const std::string>(stored_text(std::move(text)));
  writes.push_back(std::move(write));
}

void DocumentFollower::draft_removal(const Document& document, std::vector<DocumentWrite>& writes) {
  writes.push_back(
      {DocumentWrite::Verb::remove, document.key, document.uid, document.revision, document.json});
}

void DocumentFollower::commit(const Item& item, std::vector<DocumentWrite> writes) {
  commit(std::move(writes), [this, item](const DocumentCommit& commit) {
    const bool late =
        std::any_of(commit.results.begin(), commit.results.end(), [](StatusCode code) {
          return code == StatusCode::conflict || code == StatusCode::already_exists ||
                 code == StatusCode::not_found;
        });
    if (late) mark(item);
  });
}

void DocumentFollower::commit(std::vector<DocumentWrite> writes, DocumentStore::Committed done) {
  if (writes.empty()) return;
  parts_.documents.commit(
      std::move(writes), false,
      [done = std::move(done), weak = std::weak_ptr<bool>(alive_)](const DocumentCommit& commit) {
        if (!weak.expired()) done(commit);
      });
}

}  // namespace arcas::real
