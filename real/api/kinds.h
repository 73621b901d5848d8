#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace arcas::real {

struct TypeSchema;

/// Where objects of a kind live. Objects of the cluster belong to no tenant.
enum class KindScope : std::uint8_t { cluster, tenant, name_space };

/// A column of `kubectl get`. `source` is a path of members ("status.phase", "metadata.labels"…),
/// or
/// "@word" for a computed one (see table.h).
struct PrinterColumn {
  std::string name;
  std::string type = "string";  ///< "string", "integer", "date"
  std::string source;
  std::int32_t priority = 0;  ///< above 0: only with `-o wide`
};

/// One kind of object in one version, as discovery tells it. Several versions of a resource share
/// its objects: they have the same fields.
struct KindInfo {
  std::string group;
  std::string version;
  std::string kind;
  std::string plural;
  std::string singular;
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
  KindScope scope = KindScope::name_space;
  bool status = false;  ///< has a status of its own: writes to the object leave it alone
  bool scale = false;
  bool preferred = true;  ///< the version that clients should use; others come after it
  std::vector<std::string> selectable;  ///< fields that field selectors may name
  std::vector<PrinterColumn> columns;
  bool custom = false;               ///< of a definition
  bool terminating = false;          ///< its definition is to go: no more objects are made
  const TypeSchema* type = nullptr;  ///< of custom kinds
  std::shared_ptr<const boost::json::object> rules;  ///< of custom kinds: their OpenAPI schema
  /// "deployments.apps", as store keys have it; "pods" in the core group.
  [[nodiscard]] std::string resource() const;
  [[nodiscard]] std::string api_version() const;  ///< "apps/v1"
};

/// All kinds that are served: the built-in ones and those that definitions add. Look-ups are linear
/// in the kinds of a group.
class KindTable {
 public:
  KindTable();  ///< the built-in kinds

  /// By group, version and plural name; null when it is not served.
  [[nodiscard]] const KindInfo* find(std::string_view group, std::string_view version,
                                     std::string_view plural) const;
  /// The preferred version of what a store key's `resource` names.
  [[nodiscard]] const KindInfo* find_resource(std::string_view resource) const;
  void add(KindInfo kind) { kinds_.push_back(std::move(kind)); }
  [[nodiscard]] const std::vector<KindInfo>& all() const { return kinds_; }
  /// Groups in the order in which they are listed; the core group is not among them.
  [[nodiscard]] std::vector<std::string> groups() const;
  /// Versions of a group, preferred first.
  [[nodiscard]] std::vector<std::string> versions(std::string_view group) const;

 private:
  std::vector<KindInfo> kinds_;
};

/// The built-in kinds. Source of names: Kubernetes 1.32, Arktos 1.0.
std::vector<KindInfo> built_in_kinds();

}  // namespace arcas::real
