#include "common/io/socket_path.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

TEST(SocketPathTest, FitsIntoASocketAddress) {
  EXPECT_FALSE(IsSocketPath(""));
  EXPECT_FALSE(IsSocketPath(std::string("/a\0b", 4)));
  EXPECT_FALSE(IsSocketPath("/" + std::string(107, 'x')));
  EXPECT_TRUE(IsSocketPath("/" + std::string(106, 'x')));
}

}  // namespace
}  // namespace promheal
