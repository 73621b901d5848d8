#include "real/store/document_commits.h"

#include <algorithm>
#include <utility>

namespace arcas::real {

std::optional<DocumentCommits::Coming> DocumentCommits::newest(const DocumentKey& key) const {
  if (const auto at = coming_.find(key); at != coming_.end()) {
    return at->second.exists ? std::optional(at->second) : std::nullopt;
  }
  const auto document = index_.get(key);
  if (!document) return std::nullopt;
  return Coming{document->revision, document->uid, true, document->json};
}

StatusCode DocumentCommits::check(const DocumentWrite& write) const {
  const auto there = newest(write.key);
  if (write.verb == DocumentWrite::Verb::create) {
    return there ? StatusCode::already_exists : StatusCode::ok;
  }
  if (!there) return StatusCode::not_found;
  if (!write.uid.empty() && write.uid != there->uid) return StatusCode::conflict;
  if (write.expected != 0 && write.expected != there->revision) return StatusCode::conflict;
  return StatusCode::ok;
}

DocumentCommits::Decided DocumentCommits::decide(std::vector<DocumentWrite> writes,
                                                 bool all_or_nothing, const DocumentFence& fence) {
  Decided decided;
  decided.answer.revision = last_;
  if (!fence.lease.empty()) {
    std::uint64_t& highest = epochs_[fence.lease];
    if (fence.epoch < highest) {
      decided.answer.results.assign(writes.size(), StatusCode::forbidden);
      return decided;
    }
    decided.raised = fence.epoch > highest;
    highest = fence.epoch;
  }
  struct Undo {
    DocumentKey key;
    std::optional<Coming> before;
  };
  std::vector<Undo> undo;
  const Revision revision = last_ + 1;
  bool all_ok = true;
  for (DocumentWrite& write : writes) {
    const StatusCode code = check(write);
    decided.answer.results.push_back(code);
    all_ok = all_ok && code == StatusCode::ok;
    if (code != StatusCode::ok) continue;
    const std::optional<Coming> there = newest(write.key);
    const bool removes = write.verb == DocumentWrite::Verb::remove;
    DocumentIndex::Change change;
    change.uid = there ? there->uid : write.uid;
    change.json = removes ? nullptr : write.json;
    if (there) {
      change.before = there->json;
      change.before_revision = there->revision;
    }
    const auto at = coming_.find(write.key);
    undo.push_back({write.key, at == coming_.end() ? std::nullopt : std::optional(at->second)});
    coming_[write.key] = {revision, change.uid, !removes, change.json};
    change.key = std::move(write.key);
    decided.changes.push_back(std::move(change));
  }
  if (all_or_nothing && !all_ok) {
    decided.changes.clear();
    for (auto entry = undo.rbegin(); entry != undo.rend(); ++entry) {
      if (entry->before) {
        coming_[entry->key] = *entry->before;
      } else {
        coming_.erase(entry->key);
      }
    }
  }
  if (!decided.changes.empty()) last_ = decided.answer.revision = revision;
  return decided;
}

void DocumentCommits::applied(Revision revision,
                              const std::vector<DocumentIndex::Change>& changes) {
  for (const DocumentIndex::Change& change : changes) {
    const auto at = coming_.find(change.key);
    if (at != coming_.end() && at->second.revision == revision) coming_.erase(at);
  }
}

void DocumentCommits::restore(Revision revision, std::map<std::string, std::uint64_t> epochs) {
  last_ = revision;
  epochs_ = std::move(epochs);
}

}  // namespace arcas::real
