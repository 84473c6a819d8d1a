#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace promheal::healing {

// One thing to ask of, or to tell, a healer that runs: `healing_webhook NAME [ARGUMENT] [FLAGS]`.
struct Command {
  std::string_view name;
  std::string_view summary;
  // argv[0] is the command's name. Returns the exit status.
  int (*run)(int argc, const char* const* argv);
};

// All of them: a new command is a line in command.cc.
const std::vector<Command>& Commands();

// Runs the command that argv[1] names, or says that there is none of that name; nothing where it is
// a flag or absent. Returns the exit status.
std::optional<int> RunCommand(int argc, const char* const* argv);

// For --help: a line a command.
std::string CommandSummaries();

}  // namespace promheal::healing
