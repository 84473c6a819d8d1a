#pragma once

#include <optional>
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
  std::string prometheus_url;  // Overrides prometheus.url of the configuration where given.
  std::string web_listen_address;
  std::string web_config_file;
  bool web_enable_lifecycle = false;  // POST /-/reload and /-/quit.
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kLogfmt;
};

struct ProgramDescription {
  std::string name;     // "anomaly_exporter"
  std::string summary;  // One sentence for --help.
  std::string default_config_file;
  std::string default_listen_address;
  // Whether there are --config.*, --prometheus.url, --web.config.file and --web.enable-lifecycle.
  bool has_configuration = true;
  // A command that does one thing and ends has no --web.*, --log.* and --config.check.
  bool serves_http = true;
};

// One more flag of one program: --storage.path=PATH, or a switch such as --dry-run.
struct ExtraFlag {
  std::string name;
  std::string help;
  std::string default_value;
  std::string* value = nullptr;  // Not for a switch.
  bool* given = nullptr;         // For a switch: whether it was given.
  std::string placeholder = "VALUE";
};

// What main should do next.
struct ParsedFlags {
  CommonFlags flags;
  bool exit_now = false;  // --help or --version were answered on standard output.
};

// Boost.Program_options. An unknown flag or bad value is kInvalidArgument with one clear line.
Result<ParsedFlags> ParseFlags(const ProgramDescription& program,
                               const std::vector<ExtraFlag>& extra, int argc,
                               const char* const* argv);

// Prints the error's one line to standard error; the exit status that goes with it.
int Complain(const Error& error);

// What main does: runs the program, and fails where what it printed did not get out, as on a full
// disk. Returns the exit status.
int RunMain(int (*run)(int argc, const char* const* argv), int argc, const char* const* argv);

// What this binary was built from and with: for --version and *_build_info.
struct BuildInfo {
  std::string version;   // "0.1.0"
  std::string revision;  // "1a2b3c4"; "unknown" outside a checkout.
  std::string compiler;  // "GNU 12.2.0"
};
BuildInfo ThisBuild();

// "anomaly_exporter, version 0.1.0 (revision: 1a2b3c4, compiler: GNU 12.2.0)"
std::string VersionText(std::string_view program);

// SIGTERM, SIGINT and SIGHUP as values: block them in main before any thread starts, then wait.
// SIGPIPE is ignored from then on: a peer that hangs up is an error of that connection only.
enum class Signal { kTerminate, kReload };
class SignalWaiter {
 public:
  SignalWaiter();  // Blocks the signals for this and all threads started later.
  // Waits for the next one, or nothing within `timeout`.
  std::optional<Signal> WaitFor(Duration timeout);
};

}  // namespace promheal
