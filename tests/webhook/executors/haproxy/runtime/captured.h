#pragma once

#include <string>

#include "common/io/file.h"

namespace promheal::healing {

// An answer of HAProxy 2.6.12 with services/gateway/haproxy.cfg: orders-1 at 10 % of its weight and
// maxconn 20; the spares orders-2 (no maxconn) and orders-3 (nothing listens there) set ready;
// payments-1 drained; payments-2 set to maint and ready again just before; auth-1 in maint.
inline std::string Captured(const std::string& name) {
  return ReadFile(PROMHEAL_TESTDATA "/haproxy/" + name).value();
}

}  // namespace promheal::healing
