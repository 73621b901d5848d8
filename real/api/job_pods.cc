#include "real/api/job_pods.h"

#include <boost/json.hpp>
#include <string>

#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;

void select_own_pods(json::object& job) {
  json::object& spec = object_at(job, "spec");
  const json::value* manual = spec.if_contains("manualSelector");
  if (manual != nullptr && *manual == json::value(true)) return;
  const std::string uid(text_at(job, "metadata.uid"));
  if (uid.empty()) return;
  const std::string name(text_at(job, "metadata.name"));
  json::object& metadata = object_at(object_at(spec, "template"), "metadata");
  json::object& labels = object_at(metadata, "labels");
  for (const char* prefix : {"", "batch.kubernetes.io/"}) {
    labels[std::string(prefix) + "controller-uid"] = uid;
    labels[std::string(prefix) + "job-name"] = name;
  }
  spec["selector"] = {{"matchLabels", {{"batch.kubernetes.io/controller-uid", uid}}}};
}

}  // namespace arcas::real
