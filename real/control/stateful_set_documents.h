#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/controllers/stateful_set.h"
#include "real/store/document_store.h"

namespace arcas::real {

inline constexpr std::string_view kRevisionLabel = "controller-revision-hash";

controllers::StatefulSetSpec stateful_set_spec(const boost::json::object& set);

/// The name of the revision that the set's template is: "web-7c5bd7f8d9". The same for the same
/// template. Ends with a hash of it.
std::string revision_name(const boost::json::object& set);

/// A ControllerRevision of the set's template, number `number`, as kubectl rollout reads it.
void write_revision_document(boost::json::object& document, const boost::json::object& set,
                             std::int64_t number);

/// The template that such a document keeps; empty when it keeps none.
boost::json::object template_of_revision(const boost::json::object& document);

/// The ordinal in a pod's name, when it is one of the set's.
std::optional<std::int32_t> ordinal_of(std::string_view set_name, std::string_view pod_name);

/// A new pod of the set: name, labels, claims and host name by its ordinal, the rest of the
/// template.
void write_stateful_pod(boost::json::object& document, const boost::json::object& set,
                        const boost::json::object& pod_template, const std::string& revision,
                        std::int32_t ordinal);

/// The claims that the pod of an ordinal mounts: their names and what is to be asked for. Claims
/// stay when their pod goes, and are found again by its successor.
struct ClaimOfPod {
  std::string name;
  const boost::json::object* claim = nullptr;  ///< of the set's volumeClaimTemplates
};
std::vector<ClaimOfPod> claims_of(const boost::json::object& set, std::int32_t ordinal);
void write_claim(boost::json::object& document, const boost::json::object& set,
                 const boost::json::object& claim);

void write_stateful_set_status(boost::json::object& set, const controllers::StatefulSetPlan& plan,
                               const std::string& update_revision);

}  // namespace arcas::real
