#include "core/base/mutant.h"
#include "sim/cli/cli.h"
#include "sim/cli/large_pages.h"

int main(int argc, char** argv) {
  arcas::sim::use_large_pages(argv);
#ifdef ARCAS_MUTANTS
  if (argc > 2 && std::string_view(argv[1]) == "--mutant") {
    arcas::planted_mutant = argv[2];
    argv[2] = argv[0];
    argv += 2;
    argc -= 2;
  }
#endif
  return arcas::sim::run_command_line(argc, argv);
}
