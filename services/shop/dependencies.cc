#include "services/shop/dependencies.h"

#include <utility>

namespace promheal::shop {
namespace {

Outcome OutcomeOf(const Result<HttpResponse>& response) {
  if (!response) {
    return response.error().code == ErrorCode::kTimeout ? Outcome::kTimeout : Outcome::kError;
  }
  if (response->status == 504) return Outcome::kTimeout;
  return response->status >= 200 && response->status < 300 ? Outcome::kSuccess : Outcome::kError;
}

std::string Reason(const Result<HttpResponse>& response) {
  return response ? "HTTP status " + std::to_string(response->status) : response.error().message;
}

}  // namespace

Dependencies::Dependencies(Options options, HttpClient& client, const Clock& clock, Logger& logger,
                           ShopMetrics& metrics)
    : options_(std::move(options)),
      client_(client),
      clock_(clock),
      logger_(logger),
      metrics_(metrics) {}

Outcome Dependencies::Send(const Call& call) {
  HttpRequest request;
  request.method = call.method;
  request.url = options_.gateway_url + "/" + call.callee + call.path;
  request.timeout = options_.timeout;
  const auto start = clock_.MonotonicNanoseconds();
  const Result<HttpResponse> response = client_.Send(request);
  const Outcome outcome = OutcomeOf(response);
  metrics_.ObserveCall(call.callee, outcome, clock_.MonotonicNanoseconds() - start);
  if (outcome != Outcome::kSuccess) {
    logger_.Warn("call failed",
                 {{"callee", call.callee}, {"path", call.path}, {"error", Reason(response)}});
  }
  return outcome;
}

}  // namespace promheal::shop
