#include "core/controllers/namespace_basics.h"

namespace arcas::controllers {

BasicsPlan plan_namespace_basics(const NamespaceBasics& seen, std::string_view authority) {
  if (seen.ending) return {};
  return {!seen.has_account, !authority.empty() && seen.certificate != authority};
}

}  // namespace arcas::controllers
