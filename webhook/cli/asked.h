#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/io/program.h"
#include "webhook/cli/healer_client.h"

namespace promheal::healing {

// Flags of every command that asks a healer that runs.
struct Asked {
  HealerAddress address;
  bool json = false;
};

// Parses them and `more`. `name` is the whole command, as it is typed.
Result<ParsedFlags> ParseCommand(std::string name, std::string summary, Asked& asked,
                                 std::vector<ExtraFlag> more, int argc, const char* const* argv);

// The argument in front of the flags, taken away from them; "" where there is none.
std::string TakeArgument(int* argc, const char* const** argv);

}  // namespace promheal::healing
