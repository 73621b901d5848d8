#include "real/all_in_one/pod_objects.h"

#include <openssl/evp.h>

#include <boost/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

std::optional<std::string> decoded_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::vector<unsigned char> bytes(text.size() / 4 * 3 + 1);
  const int size =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  const auto padding = static_cast<int>(text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0);
  if (size < padding) return std::nullopt;
  return std::string(bytes.begin(), bytes.begin() + (size - padding));
}

/// Visits the members of a list that are objects.
template <class Visit>
void each(const json::object& holder, std::string_view path, Visit visit) {
  const json::value* list = value_at(holder, path);
  if (list == nullptr || !list->is_array()) return;
  for (const json::value& entry : list->get_array()) {
    if (entry.is_object()) visit(entry.get_object());
  }
}

/// Where a pod names config maps and secrets.
class Names {
 public:
  explicit Names(const json::object& pod)
      : tenant_(text_at(pod, "metadata.tenant")), name_space_(text_at(pod, "metadata.namespace")) {}

  void add(bool secret, std::string_view name) {
    if (!name.empty()) found_.insert({secret, tenant_, name_space_, std::string(name)});
  }
  void add_from(const json::object& holder, std::string_view map_path,
                std::string_view secret_path) {
    add(false, text_at(holder, map_path));
    add(true, text_at(holder, secret_path));
  }
  [[nodiscard]] std::set<agent::ObjectName> take() { return std::move(found_); }

 private:
  std::string tenant_;
  std::string name_space_;
  std::set<agent::ObjectName> found_;
};

}  // namespace

std::set<agent::ObjectName> objects_named_by(const json::object& pod) {
  Names names(pod);
  each(pod, "spec.volumes", [&](const json::object& volume) {
    names.add_from(volume, "configMap.name", "secret.secretName");
    each(volume, "projected.sources", [&](const json::object& source) {
      names.add_from(source, "configMap.name", "secret.name");
    });
  });
  for (const char* list : {"spec.initContainers", "spec.containers"}) {
    each(pod, list, [&](const json::object& container) {
      each(container, "env", [&](const json::object& variable) {
        names.add_from(variable, "valueFrom.configMapKeyRef.name", "valueFrom.secretKeyRef.name");
      });
      each(container, "envFrom", [&](const json::object& from) {
        names.add_from(from, "configMapRef.name", "secretRef.name");
      });
    });
  }
  return names.take();
}

agent::ObjectData object_data(const json::object& document, bool secret) {
  agent::ObjectData data;
  const auto take = [&](std::string_view member, bool base64) {
    const json::value* found = document.if_contains(member);
    if (found == nullptr || !found->is_object()) return;
    for (const auto& entry : found->get_object()) {
      if (!entry.value().is_string()) continue;
      const std::string_view text = entry.value().get_string();
      std::optional<std::string> bytes = base64 ? decoded_base64(text) : std::string(text);
      if (bytes) data[std::string(entry.key())] = std::move(*bytes);
    }
  };
  take("data", secret);
  if (!secret) take("binaryData", true);
  return data;
}

void PodObjects::follow(const json::object& pod) {
  {
    const std::lock_guard lock(mutex_);
    for (const agent::ObjectName& name : objects_named_by(pod)) objects_.try_emplace(name);
  }
  refresh();
}

void PodObjects::refresh() {
  const std::lock_guard lock(mutex_);
  for (auto& [name, data] : objects_) {
    const auto document = documents_.get(
        {name.secret ? "secrets" : "configmaps", name.tenant, name.name_space, name.name});
    data.reset();
    if (document) data = object_data(stored_object(*document->json), name.secret);
  }
}

std::optional<agent::ObjectData> PodObjects::find(const agent::ObjectName& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(name);
  return found == objects_.end() ? std::nullopt : found->second;
}

}  // namespace arcas::real
