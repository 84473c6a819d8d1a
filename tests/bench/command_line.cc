#include "tests/bench/command_line.h"

#include <iostream>

namespace promheal::bench {

std::optional<int> ReadCommandLine(int argc, const char* const* argv, const std::string& usage,
                                   options::options_description flags,
                                   const options::positional_options_description& words) {
  flags.add_options()("help", "Show this text.");
  try {
    options::variables_map values;
    options::store(options::command_line_parser(argc, argv).options(flags).positional(words).run(),
                   values);
    if (values.contains("help")) {
      std::cout << "usage: " << usage << "\n\n" << flags;
      return 0;
    }
    options::notify(values);
  } catch (const options::error& error) {
    std::cerr << error.what() << "\nusage: " << usage.substr(0, usage.find('\n')) << "\n";
    return 2;
  }
  return std::nullopt;
}

}  // namespace promheal::bench
