#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "real/loop/event_loop.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// What controllers over documents have in common: they follow some resources, mark the objects
/// that a change concerns, look at each marked one a little later, and write what that comes to
/// under the revisions that they have seen. A write that comes too late marks its object again.
class DocumentFollower {
 public:
  struct Parts {
    DocumentStore& documents;
    EventLoop& loop;
    std::function<std::string()> new_uuid;
  };
  /// An object that is to be looked at.
  struct Item {
    std::string tenant;
    std::string name_space;
    std::string name;
    auto operator<=>(const Item&) const = default;
  };
  struct Resource {
    std::string name;
    bool listed = true;  ///< what is there already is told first, as if it had just been added
    std::function<void(const DocumentChange&)> take;
  };

  /// `sync` looks at a marked object; `forget` drops everything that was taken in.
  DocumentFollower(Parts parts, std::vector<Resource> resources,
                   std::function<void(const Item&)> sync, std::function<void()> forget);
  ~DocumentFollower() { stop(); }
  DocumentFollower(const DocumentFollower&) = delete;
  DocumentFollower& operator=(const DocumentFollower&) = delete;

  /// Reads, and follows from then on; again after it fell behind.
  void start();
  void stop();
  void mark(Item item);
  /// Marks it when that time has come.
  void mark_at(Item item, TimePoint at);

  [[nodiscard]] const DocumentStore& documents() const { return parts_.documents; }
  /// The item's namespace is gone or on its way out: nothing new is to be made in it.
  [[nodiscard]] bool is_ending(const Item& item) const;
  [[nodiscard]] TimePoint now() const { return parts_.loop.now(); }
  /// Adds to `writes` what `edit` makes of the document there, or of an empty one; nothing where
  /// that changes nothing.
  void draft(const DocumentKey& key, const std::function<void(boost::json::object&)>& edit,
             std::vector<DocumentWrite>& writes);
  static void draft_removal(const Document& document, std::vector<DocumentWrite>& writes);
  /// Writes what can be written; where something has changed meanwhile the item is marked again.
  void commit(const Item& item, std::vector<DocumentWrite> writes);
  /// The same, and tells what came of it, unless it has been stopped meanwhile.
  void commit(std::vector<DocumentWrite> writes, DocumentStore::Committed done);

 private:
  void follow(const Resource& resource, Revision after);

  Parts parts_;
  std::vector<Resource> resources_;
  std::function<void(const Item&)> sync_;
  std::function<void()> forget_;
  std::set<Item> marked_;
  std::vector<std::uint64_t> watches_;
  std::optional<std::uint64_t> timer_;
  std::shared_ptr<bool> alive_;
};

}  // namespace arcas::real
