#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// Gives a new pod what its cluster and its namespace decide about it, whoever makes it, a client
/// or a controller: priority and preemption by its PriorityClass (core/access/pod_priority.h),
/// requests and limits that it leaves out by LimitRanges (core/access/limit_range.h). Errors, code
/// forbidden, in Kubernetes's words; the pod is as it was then. Cost: reads the LimitRanges of the
/// namespace and the PriorityClasses, of which there are few.
Status admit_new_pod(const DocumentStore& documents, const std::string& tenant,
                     const std::string& name_space, boost::json::object& pod);

/// What a new pod of a client charges the ResourceQuotas of its namespace
/// (core/access/pod_quota.h), as writes for the commit that makes the pod, all or nothing: a quota
/// that changed meanwhile refuses it. Errors, code forbidden, in Kubernetes's words.
Expected<std::vector<DocumentWrite>> quota_charges(const DocumentStore& documents,
                                                   const std::string& tenant,
                                                   const std::string& name_space,
                                                   const boost::json::object& pod);

}  // namespace arcas::real
