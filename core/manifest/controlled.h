#pragma once

#include "core/base/expected.h"
#include "core/manifest/decoding.h"
#include "core/manifest/document.h"
#include "core/model/objects.h"

namespace arcas::manifest {

// Workloads that make pods from a template. As everywhere here: fields that the core does not hold
// are passed over, nothing is defaulted but what Kubernetes takes for granted when it is absent,
// and errors go to the field's reading.
//
// The spec of a template knows a hash of all that is written in it (PodSpec::unread), so that any
// change of a template makes another one. Labels count separately.

model::Deployment deployment_at(const Field& field, const Decoding& decoding);
model::DaemonSet daemon_set_at(const Field& field, const Decoding& decoding);
/// `complete` and `failed` are conditions of the status.
model::Job job_at(const Field& field, const Decoding& decoding);
/// A ReplicaSet whose template can be compared with a Deployment's.
model::ReplicaSet controlled_replica_set_at(const Field& field, const Decoding& decoding);

}  // namespace arcas::manifest
