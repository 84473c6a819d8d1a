#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"
#include "webhook/core/alert.h"

namespace promheal::healing {

struct RecordedDelivery {
  Time at;
  Delivery delivery;
};

// A line of a recording: {"received_at":"...","payload":{...}}. `body` is JSON.
std::string PayloadLine(Time received_at, std::string_view body);

// Loads a recording in order of time: a file of such lines, or a directory of such files. Errors
// name file and line.
Result<std::vector<RecordedDelivery>> LoadPayloads(const std::string& path);

}  // namespace promheal::healing
