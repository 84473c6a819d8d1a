#include "common/io/program.h"
#include "webhook/run.h"

int main(int argc, char** argv) { return promheal::RunMain(promheal::healing::Run, argc, argv); }
