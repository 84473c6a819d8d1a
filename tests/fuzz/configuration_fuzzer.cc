#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "exporter/config/config.h"
#include "webhook/config/config.h"

// Each program either accepts a configuration file or names the file in every line of the refusal.
// It can show every accepted configuration.

using namespace promheal;

namespace {

void CheckLines(std::string_view message) {
  while (!message.empty()) {
    if (!message.starts_with("f.yml:")) std::abort();
    const size_t end = message.find('\n');
    message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const SystemClock clock;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto config = anomaly::ParseConfig("f.yml", text, std::nullopt); !config) {
    CheckLines(config.error().message);
  }
  const auto config = healing::ParseConfig("f.yml", text, clock);
  if (!config) {
    CheckLines(config.error().message);
  } else if (healing::WriteConfig(**config).empty()) {
    std::abort();
  }
  return 0;
}
