#include "webhook/executors/command/argument_template.h"

#include <fmt/core.h>

#include <algorithm>

namespace promheal::healing {
namespace {

constexpr size_t kMaxValueLength = 253;

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool IsAllowed(char c) { return IsWord(c) || c == '.' || c == ':' || c == '@' || c == '-'; }

}  // namespace

Status CheckArgumentValue(std::string_view name, std::string_view value) {
  const auto refuse = [&](std::string_view why) {
    return Fail(
        ErrorCode::kInvalidArgument,
        fmt::format("the value of label '{}' may not be put into a command: {}", name, why));
  };
  if (value.size() > kMaxValueLength) return refuse("it is longer than 253 characters");
  if (value.empty() || !IsWord(value.front())) {
    return refuse("it does not start with a letter, a digit or an underscore");
  }
  if (!std::all_of(value.begin(), value.end(), IsAllowed)) {
    return refuse("it holds something other than letters, digits and _ . : @ -");
  }
  return {};
}

Result<std::vector<std::string>> RenderArguments(const ArgumentTemplates& templates,
                                                 const Action& action) {
  Labels labels = action.labels;
  labels.Set(kIntentTimePlace, fmt::format("{:.3f}", ToUnixSeconds(action.intended_at)));
  const auto encode = [](std::string_view name, std::string_view value) -> Result<std::string> {
    if (auto status = CheckArgumentValue(name, value); !status) {
      return tl::make_unexpected(status.error());
    }
    return std::string(value);
  };
  std::vector<std::string> arguments;
  for (const LabelTemplate& argument_template : templates) {
    Result<std::string> argument = argument_template.Render(labels, encode);
    if (!argument) return tl::make_unexpected(argument.error());
    arguments.push_back(std::move(*argument));
  }
  return arguments;
}

std::string ToString(const ArgumentTemplates& templates) {
  std::string text;
  for (const LabelTemplate& argument : templates) {
    if (!text.empty()) text += ' ';
    text += argument.text();
  }
  return text;
}

}  // namespace promheal::healing
