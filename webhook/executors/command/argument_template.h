#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/label_template.h"
#include "common/base/result.h"
#include "webhook/core/override/action.h"

namespace promheal::healing {

// A program and its arguments, with places for label values: ["supervisorctl", "restart",
// "{service}:*"]. Each template becomes exactly one argument. No shell ever sees it.
using ArgumentTemplates = std::vector<LabelTemplate>;

// Not a label: `{intent_time}` is the time of the intent in Unix seconds.
inline constexpr std::string_view kIntentTimePlace = "intent_time";

// Whether a value may become part of an argument: letters, digits and _ . : @ - with a letter,
// digit or underscore first, 253 characters at most. No program can read such a value as an option,
// a path, a glob or a second argument.
Status CheckArgumentValue(std::string_view name, std::string_view value);

// kInvalidArgument if a label is missing or its value is refused.
Result<std::vector<std::string>> RenderArguments(const ArgumentTemplates& templates,
                                                 const Action& action);

// The templates as one line for people.
std::string ToString(const ArgumentTemplates& templates);

}  // namespace promheal::healing
