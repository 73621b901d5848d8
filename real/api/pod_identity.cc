#include "real/api/pod_identity.h"

#include <boost/json.hpp>
#include <string>

#include "core/controllers/namespace_basics.h"
#include "real/api/object_text.h"

namespace arcas::real {

void settle_pod_identity(boost::json::object& pod) {
  boost::json::object& spec = object_at(pod, "spec");
  std::string account(text_at(spec, "serviceAccountName"));
  if (account.empty()) account = text_at(spec, "serviceAccount");
  if (account.empty()) account = controllers::kDefaultAccount;
  spec["serviceAccountName"] = account;
  spec["serviceAccount"] = account;
}

}  // namespace arcas::real
