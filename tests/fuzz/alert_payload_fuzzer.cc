#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "webhook/alerts/alert_json.h"
#include "webhook/ledger/records.h"

// Any posted body is either a delivery or refused in one line of printable ASCII. An accepted alert
// comes back from the ledger unchanged.

using namespace promheal;
using namespace promheal::healing;

namespace {

void CheckLine(std::string_view message) {
  if (message.empty()) std::abort();
  for (const char c : message) {
    if (static_cast<unsigned char>(c) < 0x20) std::abort();
  }
}

void CheckKept(const AlertNotice& notice) {
  if (notice.fingerprint.empty()) std::abort();
  AlertRecord alert;
  Merge(alert, notice, notice.starts_at, Duration(0));
  const Result<AlertRecord> read = DecodeAlert(Encode(alert));
  if (!read || Encode(*read) != Encode(alert)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Result<Delivery> delivery =
      ParseDelivery(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!delivery) {
    CheckLine(delivery.error().message);
    return 0;
  }
  for (const AlertNotice& notice : delivery->alerts) CheckKept(notice);
  return 0;
}
