#include "webhook/core/target_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

namespace promheal::healing {

Result<Labels> ParseTargetText(std::string_view text) {
  Labels labels;
  size_t start = 0;
  while (start <= text.size()) {
    const size_t end = std::min(text.find(',', start), text.size());
    const std::string_view pair = text.substr(start, end - start);
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || !IsValidLabelName(pair.substr(0, equals))) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("target: '{}' is not a label: expected service=orders", pair));
    }
    const std::string_view name = pair.substr(0, equals);
    if (labels.Has(name)) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("target: '{}' is given twice", name));
    }
    labels.Set(name, pair.substr(equals + 1));
    start = end + 1;
  }
  return labels;
}

}  // namespace promheal::healing
