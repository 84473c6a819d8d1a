#include "services/load/request_mix.h"

namespace promheal::shop {

const std::vector<MixedRequest>& UsualMix() {
  static const std::vector<MixedRequest> mix = {
      {"orders", "GET", "/items", 50},     {"orders", "GET", "/history", 15},
      {"orders", "POST", "/checkout", 35}, {"payments", "GET", "/balance", 60},
      {"payments", "POST", "/charge", 30}, {"payments", "POST", "/refund", 10},
      {"auth", "GET", "/verify", 70},      {"auth", "POST", "/login", 30},
  };
  return mix;
}

const std::vector<MixedRequest>& OddMix() {
  static const std::vector<MixedRequest> mix = {
      {"orders", "POST", "/checkout", 40},  {"orders", "PUT", "/checkout", 20},
      {"orders", "GET", "/wp-admin", 40},   {"payments", "POST", "/refund", 80},
      {"payments", "GET", "/balances", 20}, {"auth", "POST", "/login", 90},
      {"auth", "DELETE", "/verify", 10},
  };
  return mix;
}

const MixedRequest& Pick(const std::vector<MixedRequest>& mix, std::mt19937* generator) {
  double total = 0;
  for (const MixedRequest& request : mix) total += request.weight;
  double rest = std::uniform_real_distribution<double>(0, total)(*generator);
  for (const MixedRequest& request : mix) {
    rest -= request.weight;
    if (rest < 0) return request;
  }
  return mix.back();
}

}  // namespace promheal::shop
