#include "webhook/core/query/query_fallback.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

struct Row {
  const char* query;
  std::optional<double> fallback;
};

const Row kRows[] = {
    {"errors or vector(0)", 0},
    {"a / b OR on() vector( 1.5 ) ", 1.5},
    {"a or on (service) vector(-1)", -1},
    {"max(errors{a=\"b)\"} or vector(0))", 0},
    {"(sum (a or b or vector(2)))", 2},
    {"errors", std::nullopt},
    {"(a or vector(0)) / b", std::nullopt},
    {"a / (b or vector(1))", std::nullopt},
    {"(a) + max(b or vector(1))", std::nullopt},
    {"count(a or vector(0))", std::nullopt},
    {"up{a=\" or vector(0)\"} # or vector(1)", std::nullopt},
    {"# why\nup # so\nor vector(0)", 0},
    {"up or vector(0) # so\n unless on() down", std::nullopt},
    {"absent(up) or vector(0)", std::nullopt},
    {"vector(1)", std::nullopt},
    {"a or vector(time())", std::nullopt},
    {")", std::nullopt},
    {"", std::nullopt},
    {"floor_vector(1)", std::nullopt},
};

TEST(QueryFallbackTest, IsTheValueOfAQueryWithoutData) {
  for (const Row& row : kRows) EXPECT_EQ(FallbackOf(row.query), row.fallback) << row.query;
}

}  // namespace
}  // namespace promheal::healing
