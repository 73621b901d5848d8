#include "real/control/uid_sequence.h"

#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "real/api/object_text.h"
#include "real/control/object_uid.h"

namespace arcas::real {
namespace json = boost::json;

UidSequence::UidSequence(DocumentStore& store, std::uint32_t partition, std::uint64_t salt)
    : store_(store), partition_(partition), salt_(salt) {}

DocumentKey UidSequence::key() const {
  return {"uidsequences.arcas.io", "", "", "partition-" + std::to_string(partition_)};
}

void UidSequence::open(std::function<void()> done) {
  if (const auto known = store_.get(key())) {
    const json::object stored = stored_object(*known->json);
    next_ = std::max<std::uint64_t>(next_, static_cast<std::uint64_t>(integer_at(stored, "next")));
    salt_ = static_cast<std::uint64_t>(integer_at(stored, "salt"));
  } else if (const Expected<DocumentPage> all = store_.list({}, std::nullopt, 0, 0)) {
    for (const Document& document : all->documents) {
      const auto uid = uid_of(document.uid);
      if (uid && uid->partition() == partition_) next_ = std::max(next_, uid->sequence() + 1);
    }
  }
  reserve(std::move(done));
}

void UidSequence::reserve(std::function<void()> done) {
  reserving_ = true;
  const std::uint64_t end = std::max(next_, reserved_) + kBlock;
  json::object stored{{"apiVersion", "arcas.io/v1"},
                      {"kind", "UidSequence"},
                      {"metadata", json::object{{"name", key().name}}},
                      {"next", static_cast<std::int64_t>(end)},
                      {"salt", static_cast<std::int64_t>(salt_)}};
  DocumentWrite write;
  write.verb = store_.get(key()) ? DocumentWrite::Verb::update : DocumentWrite::Verb::create;
  write.key = key();
  if (write.verb == DocumentWrite::Verb::create) write.uid = key().name;
  write.json = std::make_shared<const std::string>(stored_text(std::move(stored)));
  store_.commit({std::move(write)}, true,
                [this, end, done = std::move(done)](const DocumentCommit& commit) {
                  reserving_ = false;
                  ARCAS_CHECK(commit.results.front() == StatusCode::ok);
                  reserved_ = end;
                  if (done) done();
                });
}

std::string UidSequence::next() {
  const std::uint64_t sequence = next_++;
  if (!reserving_ && next_ + kBlock / 2 > reserved_) reserve({});
  // A number beyond the block can only be doubled by a crash before the reservation under way is
  // durable, and then the object that has it is not durable either: commits keep their order.
  return uuid_of(Uid::make(partition_, sequence), salt_);
}

}  // namespace arcas::real
