#include "sim/cli/cli.h"

int main(int argc, char** argv) { return arcas::sim::run_command_line(argc, argv); }
