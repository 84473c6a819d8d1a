#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/io/log.h"

namespace promheal {

// The flags that programs share, under the names that Prometheus' own components use.
struct CommonFlags {
  std::string config_file;
  bool config_check = false;
  std::string prometheus_url;  // If given, overrides prometheus.url of the configuration.
  std::string web_listen_address;
  std::string web_config_file;
  bool web_enable_lifecycle = false;  // Allows POST /-/reload and /-/quit.
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kLogfmt;
};

struct ProgramDescription {
  std::string name;     // "anomaly_exporter"
  std::string summary;  // One sentence for --help.
  std::string default_config_file;
  std::string default_listen_address;
  // Whether it has --config.*, --prometheus.url, --web.config.file and --web.enable-lifecycle.
  bool has_configuration = true;
  // false for a command that runs once: it has no --web.*, --log.* or --config.check.
  bool serves_http = true;
};

// A flag that only one program has: --storage.path=PATH, or a switch such as --dry-run.
struct ExtraFlag {
  std::string name;
  std::string help;
  std::string default_value;
  std::string* value = nullptr;  // Set from the flag. Null for a switch.
  bool* given = nullptr;         // Whether a switch was given. Null for any other flag.
  std::string placeholder = "VALUE";
};

struct ParsedFlags {
  CommonFlags flags;
  bool exit_now = false;  // --help or --version has been printed: nothing is left to do.
};

// An unknown flag, a bad value or any other argument is kInvalidArgument with one clear line.
Result<ParsedFlags> ParseFlags(const ProgramDescription& program,
                               const std::vector<ExtraFlag>& extra, int argc,
                               const char* const* argv);

// Prints the error to standard error and returns the exit status 1.
int Complain(const Error& error);

// The body of every main: runs the program and returns its exit status, or 1 if its output could
// not be written, for example to a full disk.
int RunMain(int (*run)(int argc, const char* const* argv), int argc, const char* const* argv);

// The sources and the compiler of this binary: for --version and *_build_info.
struct BuildInfo {
  std::string version;   // "0.1.0"
  std::string revision;  // "1a2b3c4"; "unknown" outside a checkout.
  std::string compiler;  // "GNU 12.2.0"
};
BuildInfo ThisBuild();

// "anomaly_exporter, version 0.1.0 (revision: 1a2b3c4, compiler: GNU 12.2.0)"
std::string VersionText(std::string_view program);

}  // namespace promheal
