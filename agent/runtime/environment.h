#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "agent/runtime/downward.h"
#include "agent/runtime/volumes.h"

namespace arcas::agent {

using Environment = std::vector<std::pair<std::string, std::string>>;

/// The environment of a container; the error names the variable and what is missing. A value may
/// name variables before it: $(NAME).
Expected<Environment> environment_of(const PodDocument& pod, const ContainerDocument& container,
                                     const ObjectSource& objects, const PodFacts& facts);

/// A text with its $(NAME)s replaced by what the environment has; names it does not have stay as
/// they are written, and $$ is a $.
std::string expanded(std::string_view text, const Environment& environment);

}  // namespace arcas::agent
