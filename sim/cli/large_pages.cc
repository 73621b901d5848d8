#include "sim/cli/large_pages.h"

#include <unistd.h>

#include <cstdlib>

namespace arcas::sim {

void use_large_pages(char** argv) {
  constexpr const char* kTunables = "GLIBC_TUNABLES";
  if (std::getenv(kTunables) != nullptr) return;
  if (::setenv(kTunables, "glibc.malloc.hugetlb=1", 0) != 0) return;
  ::execv("/proc/self/exe", argv);  // returns only on failure: then all is as before
}

}  // namespace arcas::sim
