#include "sim/cli/cli.h"
#include "sim/cli/large_pages.h"

int main(int argc, char** argv) {
  arcas::sim::use_large_pages(argv);
  return arcas::sim::run_command_line(argc, argv);
}
