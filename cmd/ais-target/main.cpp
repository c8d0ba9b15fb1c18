// ais-target: serves the objects of one set of disks.
#include "ais-target/target_server.h"

int main(int argc, char** argv) { return ais::target::run_target(argc, argv); }
