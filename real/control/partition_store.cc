#include "real/control/partition_store.h"

#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "core/base/check.h"
#include "real/api/object_text.h"
#include "real/api/pod_admission.h"
#include "real/control/document_edits.h"
#include "real/control/object_uid.h"
#include "real/control/pod_documents.h"
#include "real/control/status_edits.h"

namespace arcas::real {
namespace json = boost::json;

using ports::ChangeType;
using ports::OperationResult;
using ports::Verb;

PartitionStore::PartitionStore(Parts parts, PartitionId partition, std::set<model::Kind> kinds,
                               std::set<std::string> leases, Unreadable unreadable)
    : parts_(parts),
      kinds_(std::move(kinds)),
      leases_(std::move(leases)),
      unreadable_(std::move(unreadable)),
      tables_(partition) {}

PartitionStore::~PartitionStore() {
  if (watch_) parts_.documents.unwatch(*watch_);
}

bool PartitionStore::ours(const DocumentKey& key) const {
  const model::Kind kind = CoreDocuments::kind_of(key);
  return kinds_.contains(kind) && (kind != model::Kind::lease || leases_.contains(key.name));
}

// ---- reading ----

Status PartitionStore::open() {
  ports::ChangeBatch all;
  for (const model::Kind kind : kinds_) {
    const DocumentScope scope{std::string(CoreDocuments::resource_of(kind)), "", ""};
    const Expected<DocumentPage> page = parts_.documents.list(scope, std::nullopt, 0, 0);
    if (!page) return page.error();
    for (const Document& document : page->documents) {
      if (ours(document.key)) add_change(ChangeType::added, document, all);
    }
    all.revision = page->revision;
  }
  tables_.apply(all);
  tables_.restore(all.revision, 0);
  const auto watch = parts_.documents.watch(
      {}, all.revision,
      [this](Revision revision, const std::vector<DocumentChange>& changes, bool compacted) {
        ARCAS_CHECK(!compacted);  // it is told at once, on the thread that changes the documents
        take(revision, changes);
      });
  if (!watch) return watch.error();
  watch_ = *watch;
  return Status::success();
}

void PartitionStore::add_change(ChangeType type, const Document& document,
                                ports::ChangeBatch& batch) {
  Expected<CoreObject> decoded = parts_.names.decode(document);
  if (!decoded) {
    unreadable_(document.key, decoded.error());
    return;
  }
  const Uid uid = metadata_of(*decoded).uid;
  if (type == ChangeType::removed) {
    keys_.erase(uid.value);
  } else {
    keys_.insert_or_assign(uid.value, document.key);
  }
  if (auto* pod = std::get_if<model::Pod>(&*decoded)) {
    batch.pods.push_back({type, std::move(*pod)});
  } else {
    batch.objects.push_back({type, std::move(std::get<model::Object>(*decoded))});
  }
}

void PartitionStore::take(Revision revision, const std::vector<DocumentChange>& changes) {
  ports::ChangeBatch batch;
  batch.revision = revision;
  for (const DocumentChange& change : changes) {
    if (!ours(change.document.key)) continue;
    const ChangeType type = change.type == DocumentChange::Type::added      ? ChangeType::added
                            : change.type == DocumentChange::Type::modified ? ChangeType::modified
                                                                            : ChangeType::removed;
    add_change(type, change.document, batch);
  }
  tables_.apply(batch);
  tables_.restore(revision, 0);
  send_answers();
  if (batch.pods.empty() && batch.objects.empty()) return;
  const auto shared = std::make_shared<const ports::ChangeBatch>(std::move(batch));
  for (const Watcher& watcher : watchers_) {
    if (watcher.after >= revision) continue;
    parts_.host.deliver(watcher.actor, [shared](ports::Actor& actor) {
      if (actor.wants(*shared)) actor.on_changes(*shared);
    });
  }
}

void PartitionStore::watch(ActorId self) {
  std::erase_if(watchers_, [self](const Watcher& watcher) { return watcher.actor == self; });
  watchers_.push_back({self, tables_.revision()});
}

// ---- writing ----

void PartitionStore::answer(Answer answer) {
  answers_.push_back(std::move(answer));
  send_answers();
}

void PartitionStore::send_answers() {
  while (!answers_.empty() && answers_.front().revision <= tables_.revision()) {
    Answer& next = answers_.front();
    parts_.host.deliver(next.self, [token = next.token, result = std::move(next.result)](
                                       ports::Actor& actor) { actor.on_commit(token, result); });
    answers_.pop_front();
  }
}

void PartitionStore::commit(ActorId self, std::uint64_t token, ports::Transaction transaction) {
  auto result = std::make_shared<ports::TransactionResult>();
  result->pods.resize(transaction.pods.size());
  result->objects.resize(transaction.objects.size());
  Draft draft;
  for (std::size_t i = 0; i < transaction.pods.size(); ++i) {
    this->draft(transaction.pods[i], result->pods[i], draft);
  }
  for (std::size_t i = 0; i < transaction.objects.size(); ++i) {
    this->draft(transaction.objects[i], result->objects[i], draft);
  }
  const auto count = [](const std::vector<OperationResult>& results) {
    return std::count_if(results.begin(), results.end(),
                         [](const OperationResult& r) { return r.code == StatusCode::ok; });
  };
  const auto good = static_cast<std::size_t>(count(result->pods) + count(result->objects));
  const bool whole = transaction.mode == ports::Transaction::Mode::all_or_nothing;
  const bool refused = whole ? good != transaction.size() : good == 0 && transaction.size() != 0;
  if (refused || draft.writes.empty()) {
    result->code = refused ? StatusCode::conflict : StatusCode::ok;
    result->revision = tables_.revision();
    return answer({result->revision, self, token, std::move(*result)});
  }
  send(self, token, whole, fence_of(transaction), std::move(draft), std::move(result));
}

DocumentFence PartitionStore::fence_of(const ports::Transaction& transaction) const {
  const model::Catalog& catalog = parts_.names.catalog;
  for (const ports::ObjectOperation& operation : transaction.objects) {
    // Who takes a lease raises the fence with it.
    if (const auto* lease = std::get_if<model::Lease>(&operation.object)) {
      return {catalog.name_text(lease->meta.name), lease->epoch};
    }
  }
  if (!transaction.fence.lease.valid()) return {};
  return {catalog.text(transaction.fence.lease), transaction.fence.epoch};
}

void PartitionStore::send(ActorId self, std::uint64_t token, bool whole, DocumentFence fence,
                          Draft draft, std::shared_ptr<ports::TransactionResult> result) {
  parts_.documents.commit(
      std::move(draft.writes), whole,
      [this, alive = std::weak_ptr<bool>(alive_), self, token, result = std::move(result),
       places = std::move(draft.results)](const DocumentCommit& commit) {
        if (alive.expired()) return;
        bool any = false;
        bool fenced = false;
        for (std::size_t i = 0; i < places.size(); ++i) {
          any = any || commit.results[i] == StatusCode::ok;
          fenced = fenced || commit.results[i] == StatusCode::forbidden;
          places[i]->code = commit.results[i];
        }
        result->code = fenced ? StatusCode::forbidden : any ? StatusCode::ok : StatusCode::conflict;
        result->revision = commit.revision;
        answer({commit.revision, self, token, std::move(*result)});
      },
      fence);
}

std::optional<Document> PartitionStore::find(Uid uid, Revision expected,
                                             OperationResult& result) const {
  result.uid = uid;
  const auto key = keys_.find(uid.value);
  std::optional<Document> document;
  if (key != keys_.end()) document = parts_.documents.get(key->second);
  if (!document || uid_of(document->uid) != uid) {
    result.code = StatusCode::not_found;
    return std::nullopt;
  }
  if (expected != 0 && document->revision != expected) {
    result.code = StatusCode::conflict;
    return std::nullopt;
  }
  return document;
}

std::optional<Document> PartitionStore::document(Uid uid) const {
  OperationResult ignored;
  return find(uid, 0, ignored);
}

std::optional<Document> PartitionStore::owner_of(const model::Metadata& meta) const {
  return meta.owner.uid.valid() ? document(meta.owner.uid) : std::nullopt;
}

void PartitionStore::draft(const ports::PodOperation& operation, OperationResult& result,
                           Draft& draft) {
  const model::Pod& pod = operation.pod;
  const model::Catalog& catalog = parts_.names.catalog;
  if (operation.verb == Verb::create) {
    const std::optional<Document> owner = owner_of(pod.meta);
    if (!owner) {
      result.code = StatusCode::not_found;  // nobody says what is in it
      return;
    }
    json::object text = new_pod_document(pod, stored_object(*owner->json), catalog);
    const DocumentKey key = parts_.names.key_of(model::Kind::pod, pod.meta);
    if (!admit_new_pod(parts_.documents, key.tenant, key.name_space, text).ok()) {
      result.code = StatusCode::forbidden;
      return;
    }
    return draft_creation(key, text, result, draft);
  }
  const std::optional<Document> document = find(pod.meta.uid, operation.expected, result);
  if (!document) return;
  if (operation.verb == Verb::remove) return draft_removal(*document, result, draft);
  const model::Pod* before = tables_.pods.find(pod.meta.uid);
  if (before == nullptr) {
    result.code = StatusCode::conflict;
    return;
  }
  json::object text = stored_object(*document->json);
  edit_pod(text, *before, pod, parts_.host.now(), catalog);
  if (parts_.names.address_of && pod.phase == model::PodPhase::running && pod.node.valid()) {
    write_address(text, parts_.names.address_of(catalog.nodes.text(pod.node), pod.meta.uid));
  }
  draft_update(*document, text, result, draft);
}

void PartitionStore::draft(const ports::ObjectOperation& operation, OperationResult& result,
                           Draft& draft) {
  const model::Metadata& meta = model::metadata_of(operation.object);
  const TimePoint now = parts_.host.now();
  if (operation.verb == Verb::create) {
    const std::optional<Document> owner = owner_of(meta);
    json::object owner_text;
    if (owner) owner_text = stored_object(*owner->json);
    json::object text =
        new_document(operation.object, owner ? &owner_text : nullptr, now, parts_.names);
    const DocumentKey key = parts_.names.key_of(model::kind_of(operation.object), meta);
    return draft_creation(key, text, result, draft);
  }
  const std::optional<Document> document = find(meta.uid, operation.expected, result);
  if (!document) return;
  if (operation.verb == Verb::remove) return draft_removal(*document, result, draft);
  json::object text = stored_object(*document->json);
  edit_object(text, operation.object, now, parts_.names);
  draft_update(*document, text, result, draft);
}

void PartitionStore::draft_creation(DocumentKey key, json::object& document,
                                    OperationResult& result, Draft& draft) {
  json::object& metadata = object_at(document, "metadata");
  DocumentWrite write;
  write.uid = parts_.uids.next();
  metadata["uid"] = write.uid;
  metadata["creationTimestamp"] = time_text(parts_.host.now());
  metadata["generation"] = 1;
  result.uid = uid_of(write.uid).value_or(Uid{});
  write.key = std::move(key);
  write.json = std::make_shared<const std::string>(stored_text(std::move(document)));
  draft.writes.push_back(std::move(write));
  draft.results.push_back(&result);
}

void PartitionStore::draft_update(const Document& document, json::object& text,
                                  OperationResult& result, Draft& draft) {
  DocumentWrite write;
  write.verb = DocumentWrite::Verb::update;
  write.key = document.key;
  write.uid = document.uid;
  write.expected = document.revision;
  write.json = std::make_shared<const std::string>(stored_text(std::move(text)));
  if (*write.json == *document.json) return;  // nothing to change is fine
  draft.writes.push_back(std::move(write));
  draft.results.push_back(&result);
}

void PartitionStore::draft_removal(const Document& document, OperationResult& result,
                                   Draft& draft) {
  // A namespace or a tenant that is empty for the roles may hold what they do not know of:
  // PlaceEnds removes it.
  const model::Kind kind = CoreDocuments::kind_of(document.key);
  if (kind == model::Kind::name_space || kind == model::Kind::tenant) return;
  json::object text = stored_object(*document.json);
  if (hold_back_removal(text, parts_.host.now())) {
    return draft_update(document, text, result, draft);
  }
  DocumentWrite write;
  write.verb = DocumentWrite::Verb::remove;
  write.key = document.key;
  write.uid = document.uid;
  write.expected = document.revision;
  write.json = document.json;
  draft.writes.push_back(std::move(write));
  draft.results.push_back(&result);
}

}  // namespace arcas::real
