#include "common/io/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdio>
#include <system_error>

namespace promheal {
namespace {

namespace options = boost::program_options;

// A flag, as the parser and --help need it.
struct Flag {
  std::string name;
  std::string placeholder;  // "PATH"; empty for a switch.
  std::string help;
  std::string default_value;
};

std::vector<Flag> CommonFlagTable(const ProgramDescription& program) {
  const Flag listen_address = {"web.listen-address", "ADDRESS",
                               "Address to serve HTTP on, as host:port or :port.",
                               program.default_listen_address};
  if (!program.has_configuration && !program.serves_http) return {};
  if (!program.has_configuration) return {listen_address};
  const Flag config_file = {"config.file", "PATH", "Configuration file.",
                            program.default_config_file};
  const Flag prometheus_url = {
      "prometheus.url", "URL",
      "Where to reach Prometheus, with any path prefix; overrides the configuration file.", ""};
  if (!program.serves_http) return {config_file, prometheus_url};
  return {
      config_file,
      {"config.check", "", "Check the configuration file, say what is wrong with it, and exit.",
       ""},
      prometheus_url,
      listen_address,
      {"web.config.file", "PATH", "File with users, their bcrypt hashes, and response headers.",
       ""},
      {"web.enable-lifecycle", "", "Allow POST /-/reload and /-/quit.", ""},
  };
}

std::vector<Flag> LastFlagTable(const ProgramDescription& program) {
  const Flag version = {"version", "", "Show the version and exit.", ""};
  const Flag help = {"help", "", "Show this help and exit.", ""};
  if (!program.serves_http) return {version, help};
  return {
      {"log.level", "LEVEL", "Least severe messages to log: debug, info, warn or error.", "info"},
      {"log.format", "FORMAT", "How to write log lines: logfmt or json.", "logfmt"},
      version,
      help,
  };
}

// In the order of --help: common flags, the program's own, then logging, version and help.
std::vector<Flag> AllFlags(const ProgramDescription& program, const std::vector<ExtraFlag>& extra) {
  std::vector<Flag> flags = CommonFlagTable(program);
  for (const ExtraFlag& flag : extra) {
    flags.push_back(
        {flag.name, flag.given != nullptr ? "" : flag.placeholder, flag.help, flag.default_value});
  }
  for (Flag& flag : LastFlagTable(program)) flags.push_back(std::move(flag));
  return flags;
}

// Breaks `text` into lines of at most `width` characters at spaces.
std::vector<std::string> Wrap(std::string_view text, size_t width) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    size_t end = text.size();
    if (end > width) {
      end = text.rfind(' ', width);
      if (end == std::string_view::npos) end = std::min(text.find(' '), text.size());
    }
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string HelpLeft(const Flag& flag) {
  const std::string_view short_form = flag.name == "help" ? "-h, " : "    ";
  return fmt::format("  {}--{}{}{}", short_form, flag.name, flag.placeholder.empty() ? "" : "=",
                     flag.placeholder);
}

std::string HelpText(const ProgramDescription& program, const std::vector<Flag>& flags) {
  constexpr size_t kColumns = 100;
  size_t left_width = 0;
  for (const Flag& flag : flags) left_width = std::max(left_width, HelpLeft(flag).size() + 2);
  std::string text = fmt::format("{}: {}\n\nUsage: {} [FLAGS]\n\nFlags:\n", program.name,
                                 program.summary, program.name);
  for (const Flag& flag : flags) {
    std::string help = flag.help;
    if (!flag.default_value.empty()) help += fmt::format(" Default: {}", flag.default_value);
    std::string left = HelpLeft(flag);
    for (const std::string& line : Wrap(help, kColumns - left_width)) {
      text += fmt::format("{:<{}}{}\n", left, left_width, line);
      left.clear();
    }
  }
  return text;
}

options::options_description Describe(const std::vector<Flag>& flags) {
  options::options_description description;
  for (const Flag& flag : flags) {
    const std::string name = flag.name == "help" ? "help,h" : flag.name;
    if (flag.placeholder.empty()) {
      description.add_options()(name.c_str(), "");
    } else {
      description.add_options()(
          name.c_str(), options::value<std::string>()->default_value(flag.default_value), "");
    }
  }
  return description;
}

tl::unexpected<Error> BadFlag(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message) + " (try --help)");
}

tl::unexpected<Error> NeedsValue(const std::vector<Flag>& flags, const std::string& name) {
  const auto flag = std::find_if(flags.begin(), flags.end(),
                                 [&](const Flag& f) { return "--" + f.name == name; });
  const std::string placeholder = flag == flags.end() ? "VALUE" : flag->placeholder;
  return BadFlag(fmt::format("{} needs a value: expected {}={}", name, name, placeholder));
}

tl::unexpected<Error> BadSyntax(const std::vector<Flag>& flags,
                                const options::invalid_command_line_syntax& error) {
  using options::invalid_command_line_syntax;
  switch (error.kind()) {
    case invalid_command_line_syntax::missing_parameter:
    case invalid_command_line_syntax::empty_adjacent_parameter:
      return NeedsValue(flags, error.get_option_name());
    case invalid_command_line_syntax::extra_parameter:
      return BadFlag(fmt::format("{} takes no value", error.get_option_name()));
    default:
      return BadFlag(error.what());
  }
}

// Boost reads "--a --b" as the value "--b" of --a, if --a needs a value.
const options::option* FindFlagAsValue(const options::parsed_options& parsed) {
  for (const options::option& option : parsed.options) {
    for (const std::string& value : option.value) {
      if (value.starts_with("--")) return &option;
    }
  }
  return nullptr;
}

// Turns Boost's many exceptions into errors of one line.
Result<options::variables_map> ParseArguments(const std::vector<Flag>& flags, int argc,
                                              const char* const* argv) {
  namespace style = options::command_line_style;
  try {
    const options::options_description description = Describe(flags);
    const options::parsed_options parsed = options::command_line_parser(argc, argv)
                                               .options(description)
                                               .positional({})
                                               .style(style::unix_style & ~style::allow_guessing)
                                               .run();
    if (const options::option* option = FindFlagAsValue(parsed); option != nullptr) {
      return NeedsValue(flags, "--" + option->string_key);
    }
    options::variables_map values;
    options::store(parsed, values);
    return values;
  } catch (const options::unknown_option& error) {
    return BadFlag(fmt::format("unknown flag '{}'", error.get_option_name()));
  } catch (const options::too_many_positional_options_error&) {
    return BadFlag("only flags are expected, such as --config.file=PATH");
  } catch (const options::multiple_occurrences& error) {
    return BadFlag(fmt::format("{} is given more than once", error.get_option_name()));
  } catch (const options::invalid_command_line_syntax& error) {
    return BadSyntax(flags, error);
  } catch (const options::error& error) {
    return BadFlag(error.what());
  }
}

Status ReadCommonFlags(const options::variables_map& values, CommonFlags* flags) {
  const auto text = [&](const char* name) { return values[name].as<std::string>(); };
  const auto text_if_known = [&](const char* name) {
    return values.count(name) > 0 ? text(name) : std::string();
  };
  flags->config_file = text_if_known("config.file");
  flags->config_check = values.count("config.check") > 0;
  flags->prometheus_url = text_if_known("prometheus.url");
  flags->web_listen_address = text_if_known("web.listen-address");
  flags->web_config_file = text_if_known("web.config.file");
  flags->web_enable_lifecycle = values.count("web.enable-lifecycle") > 0;
  if (values.count("log.level") == 0) return {};
  const Result<LogLevel> level = ParseLogLevel(text("log.level"));
  if (!level) return BadFlag("--log.level: " + level.error().message);
  const Result<LogFormat> format = ParseLogFormat(text("log.format"));
  if (!format) return BadFlag("--log.format: " + format.error().message);
  flags->log_level = *level;
  flags->log_format = *format;
  return {};
}

}  // namespace

Result<ParsedFlags> ParseFlags(const ProgramDescription& program,
                               const std::vector<ExtraFlag>& extra, int argc,
                               const char* const* argv) {
  const std::vector<Flag> flags = AllFlags(program, extra);
  const Result<options::variables_map> values = ParseArguments(flags, argc, argv);
  if (!values) return tl::make_unexpected(values.error());

  ParsedFlags parsed;
  if (values->count("help") > 0) {
    std::fputs(HelpText(program, flags).c_str(), stdout);
    parsed.exit_now = true;
    return parsed;
  }
  if (values->count("version") > 0) {
    std::fputs((VersionText(program.name) + "\n").c_str(), stdout);
    parsed.exit_now = true;
    return parsed;
  }
  if (const Status read = ReadCommonFlags(*values, &parsed.flags); !read) {
    return tl::make_unexpected(read.error());
  }
  for (const ExtraFlag& flag : extra) {
    if (flag.given != nullptr) {
      *flag.given = values->count(flag.name) > 0;
    } else {
      *flag.value = (*values)[flag.name].as<std::string>();
    }
  }
  return parsed;
}

int Complain(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 1;
}

int RunMain(int (*run)(int argc, const char* const* argv), int argc, const char* const* argv) {
  try {
    const int status = run(argc, argv);
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
    return Complain({ErrorCode::kUnavailable, "not all of the output could be written"});
  } catch (const std::system_error& error) {  // fmt throws if it cannot write.
    return Complain({ErrorCode::kUnavailable, error.what()});
  }
}

BuildInfo ThisBuild() {
#ifdef __clang__
  const std::string compiler =
      fmt::format("Clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  const std::string compiler =
      fmt::format("GNU {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
  return {.version = PROMHEAL_VERSION, .revision = PROMHEAL_REVISION, .compiler = compiler};
}

std::string VersionText(std::string_view program) {
  const BuildInfo build = ThisBuild();
  return fmt::format("{}, version {} (revision: {}, compiler: {})", program, build.version,
                     build.revision, build.compiler);
}

}  // namespace promheal
