#include "webhook/cli/client_command.h"

#include <iterator>
#include <utility>

namespace promheal::healing {

Result<ParsedFlags> ParseClientCommand(std::string name, std::string summary, ClientFlags& common,
                                       std::vector<ExtraFlag> more, int argc,
                                       const char* const* argv) {
  std::vector<ExtraFlag> flags = AddressFlags(common.address);
  std::move(more.begin(), more.end(), std::back_inserter(flags));
  flags.push_back({.name = "json", .help = "Print the API's JSON answer.", .given = &common.json});
  return ParseFlags({.name = std::move(name),
                     .summary = std::move(summary),
                     .default_config_file = "",
                     .default_listen_address = "",
                     .has_configuration = false,
                     .serves_http = false},
                    flags, argc, argv);
}

std::string PopArgument(int* argc, const char* const** argv) {
  if (*argc < 2 || std::string_view((*argv)[1]).starts_with("-")) return "";
  std::string argument = (*argv)[1];
  --*argc;
  ++*argv;
  return argument;
}

}  // namespace promheal::healing
