#include "exporter/exporter_program.h"

int main(int argc, char** argv) { return promheal::anomaly::RunExporterProgram(argc, argv); }
