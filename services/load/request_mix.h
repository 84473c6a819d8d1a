#pragma once

#include <random>
#include <string>
#include <vector>

namespace promheal::shop {

// One kind of request that users make, and how often compared with the others.
struct MixedRequest {
  std::string service;
  std::string method;
  std::string path;
  double weight = 1.0;
};

// What users of the shop do: each service gets a third.
const std::vector<MixedRequest>& UsualMix();
// What they never do: refunds and logins by the hundred, unknown pages, wrong methods.
const std::vector<MixedRequest>& OddMix();

const MixedRequest& Pick(const std::vector<MixedRequest>& mix, std::mt19937* generator);

}  // namespace promheal::shop
