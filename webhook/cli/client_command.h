#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/io/program.h"
#include "webhook/cli/healer_client.h"

namespace promheal::healing {

// The flags of every command that talks to a running healer.
struct ClientFlags {
  HealerAddress address;
  bool json = false;
};

// Parses these flags and `more`. `name` is the whole command as the user types it.
Result<ParsedFlags> ParseClientCommand(std::string name, std::string summary, ClientFlags& common,
                                       std::vector<ExtraFlag> more, int argc,
                                       const char* const* argv);

// Removes and returns the argument before the flags; "" if there is none.
std::string PopArgument(int* argc, const char* const** argv);

}  // namespace promheal::healing
