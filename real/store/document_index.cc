#include "real/store/document_index.h"

#include <algorithm>
#include <utility>

namespace arcas::real {
namespace {

/// The first key that a scope may hold. Names sort by resource, tenant, name space, name.
DocumentKey lowest(const DocumentScope& scope) {
  if (scope.tenant.empty()) return {scope.resource, "", "", ""};
  return {scope.resource, scope.tenant, scope.name_space, ""};
}

/// Whether no key from here on can lie in the scope.
bool beyond(const DocumentScope& scope, const DocumentKey& key) {
  if (scope.resource.empty()) return false;
  if (key.resource != scope.resource) return key.resource > scope.resource;
  if (scope.tenant.empty()) return false;
  if (key.tenant != scope.tenant) return key.tenant > scope.tenant;
  return !scope.name_space.empty() && key.name_space > scope.name_space;
}

Status gone(Revision at, Revision compacted) {
  return {StatusCode::gone, "revision " + std::to_string(at) + " is compacted; allowed: from " +
                                std::to_string(compacted)};
}

}  // namespace

bool covers(const DocumentScope& scope, const DocumentKey& key) {
  return (scope.resource.empty() || key.resource == scope.resource) &&
         (scope.tenant.empty() || key.tenant == scope.tenant) &&
         (scope.name_space.empty() || key.name_space == scope.name_space);
}

void DocumentIndex::apply(Revision revision, const std::vector<Change>& changes) {
  Batch batch{revision, {}, {}};
  for (const Change& change : changes) {
    DocumentChange seen;
    seen.before = change.before;
    if (change.json == nullptr) {
      seen.type = DocumentChange::Type::removed;
      seen.document = {change.key, change.uid, revision, change.before};
      documents_.erase(change.key);
    } else {
      seen.type =
          change.before == nullptr ? DocumentChange::Type::added : DocumentChange::Type::modified;
      seen.document = {change.key, change.uid, revision, change.json};
      documents_[change.key] = {change.uid, revision, change.json};
    }
    batch.changes.push_back(std::move(seen));
    batch.before.push_back(change.before_revision);
  }
  revision_ = revision;
  load_history(std::move(batch));
  while (history_.size() > limit_.revisions || (changes_ > limit_.changes && history_.size() > 1)) {
    compacted_ = history_.front().revision;
    changes_ -= history_.front().changes.size();
    history_.pop_front();
  }
}

void DocumentIndex::load_history(Batch batch) {
  changes_ += batch.changes.size();
  history_.push_back(std::move(batch));
}

void DocumentIndex::load(Document document) {
  documents_[document.key] = {document.uid, document.revision, document.json};
}

void DocumentIndex::loaded(Revision revision, Revision compacted) {
  revision_ = revision;
  compacted_ = compacted;
}

std::optional<Document> DocumentIndex::get(const DocumentKey& key) const {
  const auto at = documents_.find(key);
  if (at == documents_.end()) return std::nullopt;
  return Document{key, at->second.uid, at->second.revision, at->second.json};
}

std::map<DocumentKey, std::optional<Document>> DocumentIndex::before(const DocumentScope& scope,
                                                                     Revision at) const {
  std::map<DocumentKey, std::optional<Document>> past;
  // Newest first: the oldest change after `at` has the last word.
  for (auto batch = history_.rbegin(); batch != history_.rend() && batch->revision > at; ++batch) {
    for (std::size_t i = batch->changes.size(); i-- > 0;) {
      const DocumentChange& change = batch->changes[i];
      if (!covers(scope, change.document.key)) continue;
      std::optional<Document> old;
      if (change.before != nullptr) {
        old = Document{change.document.key, change.document.uid, batch->before[i], change.before};
      }
      past[change.document.key] = std::move(old);
    }
  }
  return past;
}

Expected<DocumentPage> DocumentIndex::list(const DocumentScope& scope,
                                           const std::optional<DocumentKey>& from,
                                           std::size_t limit, Revision at) const {
  if (at != 0 && at < compacted_) return gone(at, compacted_);
  if (at > revision_) {
    return Status{StatusCode::unavailable, "revision " + std::to_string(at) +
                                               " is not there yet; the newest is " +
                                               std::to_string(revision_)};
  }
  const bool past = at != 0 && at != revision_;
  auto changed = past ? before(scope, at) : std::map<DocumentKey, std::optional<Document>>{};
  DocumentPage page;
  page.revision = at == 0 ? revision_ : at;
  const DocumentKey start = from && *from > lowest(scope) ? *from : lowest(scope);
  auto now = documents_.lower_bound(start);
  auto then = changed.lower_bound(start);
  const auto take = [&](const DocumentKey& key, auto make) {
    if (limit == 0 || page.documents.size() < limit) {
      page.documents.push_back(make());
    } else {
      if (page.remaining++ == 0) page.next = key;
    }
  };
  while (now != documents_.end() || then != changed.end()) {
    const bool old =
        then != changed.end() && (now == documents_.end() || then->first <= now->first);
    const DocumentKey& key = old ? then->first : now->first;
    if (beyond(scope, key)) break;
    if (old) {
      if (then->second) take(key, [&] { return *then->second; });
      if (now != documents_.end() && now->first == key) ++now;
      ++then;
      continue;
    }
    if (covers(scope, key)) {
      take(key, [&] {
        return Document{key, now->second.uid, now->second.revision, now->second.json};
      });
    }
    ++now;
  }
  return page;
}

Expected<std::vector<DocumentIndex::Batch>> DocumentIndex::changes_after(const DocumentScope& scope,
                                                                         Revision after) const {
  if (after < compacted_) return gone(after, compacted_);
  std::vector<Batch> batches;
  const auto first = std::upper_bound(
      history_.begin(), history_.end(), after,
      [](Revision revision, const Batch& batch) { return revision < batch.revision; });
  for (auto batch = first; batch != history_.end(); ++batch) {
    Batch found{batch->revision, {}, {}};
    for (std::size_t i = 0; i < batch->changes.size(); ++i) {
      if (!covers(scope, batch->changes[i].document.key)) continue;
      found.changes.push_back(batch->changes[i]);
      found.before.push_back(batch->before[i]);
    }
    if (!found.changes.empty()) batches.push_back(std::move(found));
  }
  return batches;
}

}  // namespace arcas::real
