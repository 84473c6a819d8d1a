#pragma once

#include <random>
#include <string>
#include <vector>

namespace promheal::shop {

// A kind of request; `weight` is its frequency relative to other kinds.
struct MixedRequest {
  std::string service;
  std::string method;
  std::string path;
  double weight = 1.0;
};

// The usual requests of the shop's users: each service gets a third.
const std::vector<MixedRequest>& UsualMix();
// Unusual requests: many refunds and logins, unknown pages, wrong methods.
const std::vector<MixedRequest>& OddMix();

const MixedRequest& Pick(const std::vector<MixedRequest>& mix, std::mt19937* generator);

}  // namespace promheal::shop
