#pragma once

#include <string_view>

/// A planted bug, to show that a checker catches it: `if (ARCAS_MUTANT("name")) …`. In ordinary
/// builds it is the constant false and costs nothing. The program `arcas_mutants`, which compiles
/// the files that hold planted bugs once more, has them all; `--mutant NAME` as its first argument
/// turns one on. tests/scenario/mutants.sh lists them.
#ifdef ARCAS_MUTANTS
namespace arcas {
/// The bug that is on; empty: none. Set once, before anything runs.
inline std::string_view planted_mutant;
}  // namespace arcas
#define ARCAS_MUTANT(name) (::arcas::planted_mutant == std::string_view(name))
#else
#define ARCAS_MUTANT(name) false
#endif
