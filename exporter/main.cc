#include "common/io/program.h"
#include "exporter/exporter_program.h"

int main(int argc, char** argv) {
  return promheal::RunMain(promheal::anomaly::RunExporterProgram, argc, argv);
}
