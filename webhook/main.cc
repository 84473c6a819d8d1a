#include "webhook/run.h"

int main(int argc, char** argv) { return promheal::healing::Run(argc, argv); }
