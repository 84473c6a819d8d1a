#pragma once

#include <fmt/core.h>

#include <boost/program_options.hpp>
#include <optional>
#include <string>

namespace promheal::bench {

namespace options = boost::program_options;

// Reads a benchmark's command line into the variables of `flags`. `usage` is its first line of
// help, and more if wanted. Words without a flag go to `words`. Returns nullopt if the benchmark is
// to run, else its exit status: 0 after --help; 2 for an unknown flag, a wrong value or a word too
// many, with the error and the usage line on standard error.
std::optional<int> ReadCommandLine(int argc, const char* const* argv, const std::string& usage,
                                   options::options_description flags,
                                   const options::positional_options_description& words = {});

// A number of at least `least`; `*variable` holds its default. `flag` is its name in errors.
template <typename Number>
auto* AtLeast(Number least, const char* flag, Number* variable) {
  return options::value(variable)->default_value(*variable)->notifier([least, flag](Number value) {
    if (value < least) {
      throw options::error(
          fmt::format("--{}: {} is too small: expected at least {}", flag, value, least));
    }
  });
}

}  // namespace promheal::bench
