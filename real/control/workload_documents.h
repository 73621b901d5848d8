#pragma once

#include <boost/json/fwd.hpp>

#include "core/model/catalog.h"
#include "core/model/objects.h"

namespace arcas::real {

/// The document of a new ReplicaSet, from the one of its Deployment: the template as its author
/// wrote it, and the label pod-template-hash in template, selector and labels. But for uid and
/// creation time.
boost::json::object new_replica_set_document(const model::ReplicaSet& set,
                                             const boost::json::object& deployment,
                                             const model::Catalog& catalog);

// Each writes into a document what the core's controllers change of a kind. Members that it does
// not concern stay as they are.

void edit_replica_set(boost::json::object& document, const model::ReplicaSet& after);
/// Conditions Available and Progressing follow from the numbers, by Kubernetes's rules.
void edit_deployment(boost::json::object& document, const model::Deployment& after, TimePoint now);
void edit_daemon_set(boost::json::object& document, const model::DaemonSet& after);
void edit_job(boost::json::object& document, const model::Job& after, TimePoint now);
void edit_disruption_budget(boost::json::object& document, const model::PodDisruptionBudget& after,
                            TimePoint now, const model::Catalog& catalog);

}  // namespace arcas::real
