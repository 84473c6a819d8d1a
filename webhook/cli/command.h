#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace promheal::healing {

// A command: `healing_webhook NAME [ARGUMENT] [FLAGS]`.
struct Command {
  std::string_view name;
  std::string_view summary;
  // argv[0] is the command's name. Returns the exit status.
  int (*run)(int argc, const char* const* argv);
};

// All commands: a new command is a line in command.cc.
const std::vector<Command>& Commands();

// Runs the command that argv[1] names and returns the exit status, also for an unknown name.
// nullopt if argv[1] is a flag or missing.
std::optional<int> RunCommand(int argc, const char* const* argv);

// For --help: a line for each command.
std::string CommandSummaries();

}  // namespace promheal::healing
