#pragma once

#include <memory>

#include "real/all_in_one/local_node.h"
#include "real/api/api.h"

namespace arcas::real {

/// The options of a request for a log. Errors name the parameter and what is allowed.
Expected<PodLogOptions> parse_log_options(const Api::Sources::Query& query);

/// Answers a request for the log of a pod, which is bound, by the node of this process. `node`:
/// null when there is none.
void answer_log_request(LocalNode* node, const Document& pod, const Api::Sources::Query& query,
                        const std::shared_ptr<ApiReply>& reply);

}  // namespace arcas::real
