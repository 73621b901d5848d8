#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/access/authorize_request.h"
#include "real/api/api_access.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// Feeds core/access with what is in the store: roles and bindings as they are now, the node of a
/// pod, what stands in an object. Decides nothing itself. On the store's thread.
class AccessControl final : public ApiAccess {
 public:
  /// Reads what there is and follows it. `changed` is told after each change of what anybody may
  /// do.
  AccessControl(DocumentStore& store, std::function<void()> changed);
  ~AccessControl() override;
  AccessControl(const AccessControl&) = delete;
  AccessControl& operator=(const AccessControl&) = delete;

  [[nodiscard]] Status authorize(const access::User& user,
                                 access::AccessRequest request) const override;
  [[nodiscard]] std::optional<ApiError> admit(const access::User& user,
                                              const access::AccessRequest& request,
                                              const boost::json::object* before,
                                              const boost::json::object* after) const override;
  [[nodiscard]] const access::RolePolicy& policy() const { return policy_; }

 private:
  void follow(const std::string& resource);
  void follow_all();
  void on_changes(const std::vector<DocumentChange>& changes, bool compacted);
  void take(const Document& document, bool removed);

  DocumentStore& store_;
  std::function<void()> changed_;
  access::RolePolicy policy_;
  std::vector<std::uint64_t> watches_;
};

/// Writes the default roles into tenant `system`, those that are not there.
void write_default_roles(DocumentStore& store, const std::function<std::string()>& new_uid,
                         std::int64_t unix_seconds);

}  // namespace arcas::real
