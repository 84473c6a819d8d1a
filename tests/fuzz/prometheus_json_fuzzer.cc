#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/io/prometheus/prometheus_api.h"

// Any answer of a server gives a result, or an error whose message is one line.

namespace {

template <typename T>
void Check(const promheal::Result<T>& result) {
  if (!result && result.error().message.find('\n') != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Check(promheal::ParseQueryResponse(text));
  Check(promheal::ParseRangeQueryResponse(text));
  return 0;
}
