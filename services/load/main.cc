#include "services/load/load_program.h"

int main(int argc, char** argv) { return promheal::shop::RunLoad(argc, argv); }
