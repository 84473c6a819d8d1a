#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "webhook/executors/haproxy/runtime/map_file.h"
#include "webhook/executors/haproxy/runtime/process_info.h"
#include "webhook/executors/haproxy/runtime/runtime_answer.h"
#include "webhook/executors/haproxy/runtime/server_state.h"
#include "webhook/executors/haproxy/runtime/server_stats.h"
#include "webhook/executors/haproxy/runtime/stick_table.h"

// Any answer on an admin socket gives a result, or an error whose message is one line of ASCII.

namespace {

template <typename T>
void Check(const promheal::Result<T>& result) {
  if (result) return;
  for (const char c : result.error().message) {
    if (c < 0x20 || c == 0x7f) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace promheal::healing;
  const std::string_view answer(reinterpret_cast<const char*>(data), size);
  Check(ReadOutcome(answer));
  Check(ParseServerStates(answer));
  Check(ParseStats(answer));
  Check(ParseStickTable(answer));
  Check(ParseProcessInfo(answer));
  Check(ParseMap(answer));
  Check(ParseBackends(answer));
  return 0;
}
