#include "real/control/namespace_contents.h"

#include <boost/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/controllers/namespace_basics.h"
#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr const char* kNamespaces = "namespaces";
constexpr const char* kAccounts = "serviceaccounts";
constexpr const char* kConfigMaps = "configmaps";

}  // namespace

NamespaceContents::NamespaceContents(DocumentFollower::Parts parts, std::string certificate)
    : certificate_(std::move(certificate)),
      follower_(
          std::move(parts),
          {{kNamespaces, true,
            [this](const DocumentChange& c) {
              const DocumentKey& key = c.document.key;
              if (c.type == DocumentChange::Type::added) follower_.mark({key.tenant, key.name, ""});
            }},
           {kAccounts, false,
            [this](const DocumentChange& c) {
              const DocumentKey& key = c.document.key;
              if (key.name == controllers::kDefaultAccount) {
                follower_.mark({key.tenant, key.name_space, ""});
              }
            }},
           {kConfigMaps, false,
            [this](const DocumentChange& c) {
              const DocumentKey& key = c.document.key;
              if (key.name == controllers::kRootCertificate) {
                follower_.mark({key.tenant, key.name_space, ""});
              }
            }}},
          [this](const Item& item) { sync(item); }, [] {}) {}

void NamespaceContents::sync(const Item& item) {
  const DocumentStore& documents = follower_.documents();
  const DocumentKey account{kAccounts, item.tenant, item.name_space,
                            std::string(controllers::kDefaultAccount)};
  const DocumentKey config{kConfigMaps, item.tenant, item.name_space,
                           std::string(controllers::kRootCertificate)};
  controllers::NamespaceBasics seen;
  seen.ending = follower_.is_ending(item);
  seen.has_account = documents.get(account).has_value();
  if (const std::optional<Document> there = documents.get(config)) {
    const json::object text = stored_object(*there->json);
    const json::value* data = value_at(text, "data");
    seen.certificate.emplace();
    if (data != nullptr && data->is_object()) {
      const json::value* entry = data->get_object().if_contains(controllers::kRootCertificateKey);
      if (entry != nullptr && entry->is_string()) seen.certificate = entry->get_string();
    }
  }
  const controllers::BasicsPlan plan = controllers::plan_namespace_basics(seen, certificate_);
  std::vector<DocumentWrite> writes;
  if (plan.create_account) {
    follower_.draft(
        account,
        [](json::object& text) {
          text["apiVersion"] = "v1";
          text["kind"] = "ServiceAccount";
        },
        writes);
  }
  if (plan.write_certificate) {
    follower_.draft(
        config,
        [this](json::object& text) {
          text["apiVersion"] = "v1";
          text["kind"] = "ConfigMap";
          object_at(object_at(text, "metadata"), "annotations")["kubernetes.io/description"] =
              "The certificate of the authority that has signed the API server's own.";
          text["data"] = json::object{{controllers::kRootCertificateKey, certificate_}};
        },
        writes);
  }
  follower_.commit(item, std::move(writes));
}

}  // namespace arcas::real
