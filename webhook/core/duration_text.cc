#include "webhook/core/duration_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "common/base/duration.h"

namespace promheal::healing {

std::string DurationText(Duration duration) {
  const Duration shown = std::max(duration, Duration(0));
  if (shown < std::chrono::minutes(1)) {
    return fmt::format("{:.1f}s", std::chrono::duration<double>(shown).count());
  }
  return FormatDuration(std::chrono::round<std::chrono::seconds>(shown));
}

}  // namespace promheal::healing
