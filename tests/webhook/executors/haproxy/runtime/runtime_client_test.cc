#include "webhook/executors/haproxy/runtime/runtime_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <memory>

#include "tests/support/temp_directory.h"
#include "tests/webhook/executors/haproxy/runtime/fake_runtime_server.h"

namespace promheal::healing {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

class RuntimeClientTest : public testing::Test {
 protected:
  void Serve(FakeAnswer answer) {
    server_ = std::make_unique<FakeRuntimeServer>(path_, [answer](const auto&) { return answer; });
  }
  Result<std::string> Ask(Duration deadline = seconds(20), size_t max_bytes = 1 << 20) {
    const RuntimeClient client({.socket = path_, .max_answer_bytes = max_bytes}, clock_);
    return client.Run(RuntimeCommand::ShowInfo(), deadline);
  }
  ErrorCode CodeOf(const Result<std::string>& result) {
    EXPECT_FALSE(result) << *result;
    return result ? ErrorCode::kInternal : result.error().code;
  }

  const support::TempDirectory directory_;
  const std::string path_ = directory_.PathOf("admin.sock");
  const SystemClock clock_;
  std::unique_ptr<FakeRuntimeServer> server_;
};

TEST_F(RuntimeClientTest, SendsOneLineAndReturnsTheWholeAnswer) {
  Serve({.bytes = "Name: HAProxy\n\n"});
  EXPECT_EQ(Ask().value(), "Name: HAProxy\n\n");
  EXPECT_EQ(Ask().value(), "Name: HAProxy\n\n");
  EXPECT_THAT(server_->lines(), testing::ElementsAre("show info", "show info"));
}

TEST_F(RuntimeClientTest, ReadsAnAnswerInPieces) {
  Serve({.bytes = std::string(3000, 'x') + "\n\n", .piece = 7});
  EXPECT_EQ(Ask().value().size(), 3002U);
}

TEST_F(RuntimeClientTest, ASocketWithoutAServerIsUnavailable) {
  EXPECT_EQ(CodeOf(Ask()), ErrorCode::kUnavailable);
  Serve({});
  server_.reset();  // The file stays, as after a crash.
  const auto refused = Ask();
  EXPECT_EQ(CodeOf(refused), ErrorCode::kUnavailable);
  EXPECT_EQ(refused.error().message, "cannot connect: Connection refused");
}

TEST_F(RuntimeClientTest, AnAnswerThatNeverComesIsATimeout) {
  Serve({.bytes = "", .hangs = true});
  EXPECT_EQ(CodeOf(Ask(Duration(50))), ErrorCode::kTimeout);
}

TEST_F(RuntimeClientTest, AnAnswerThatDribblesIsATimeout) {
  Serve({.bytes = std::string(10'000, 'x'), .piece = 1, .pause = Duration(5)});
  EXPECT_EQ(CodeOf(Ask(Duration(100))), ErrorCode::kTimeout);
}

TEST_F(RuntimeClientTest, AnAnswerThatIsCutOffIsDataLoss) {
  Serve({.bytes = "Name: HAPro"});
  EXPECT_EQ(CodeOf(Ask()), ErrorCode::kDataLoss);
}

TEST_F(RuntimeClientTest, NoAnswerAtAllIsDataLoss) {
  Serve({});
  const auto nothing = Ask();
  EXPECT_EQ(CodeOf(nothing), ErrorCode::kDataLoss);
  EXPECT_EQ(nothing.error().message, "closed without an answer");
}

TEST_F(RuntimeClientTest, AHugeAnswerIsNotTakenIn) {
  Serve({.bytes = std::string(3 << 20, 'x') + "\n"});
  const auto huge = Ask(seconds(20), 100'000);
  EXPECT_EQ(CodeOf(huge), ErrorCode::kDataLoss);
  EXPECT_EQ(huge.error().message, "the answer is longer than 100000 bytes");
}

TEST_F(RuntimeClientTest, GarbageIsAnAnswerLikeAnyOther) {
  const std::string garbage("\0\xff\x80;\r\n\n", 7);
  Serve({.bytes = garbage});
  EXPECT_EQ(Ask().value(), garbage);
}

TEST_F(RuntimeClientTest, ASocketThatAcceptsNoConnectionIsUnavailableInTime) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(::listen(fd, 0), 0);
  const Duration start = clock_.Monotonic();
  EXPECT_EQ(CodeOf(Ask(Duration(50))), ErrorCode::kTimeout) << "the one place in its queue";
  EXPECT_EQ(CodeOf(Ask(Duration(50))), ErrorCode::kUnavailable);
  EXPECT_LT(clock_.Monotonic() - start, seconds(10));
  ::close(fd);
}

TEST_F(RuntimeClientTest, ASocketWithoutPermissionSaysSo) {
  Serve({});
  ::chmod(path_.c_str(), 0);
  constexpr uid_t kNobody = 65534;
  const bool is_root = ::geteuid() == 0;  // Root may connect to any socket.
  if (is_root) {
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  EXPECT_EQ(CodeOf(Ask()), ErrorCode::kPermissionDenied);
  if (is_root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
}

TEST_F(RuntimeClientTest, APathThatFitsInNoAddressIsAnError) {
  const RuntimeClient client({.socket = "/" + std::string(200, 'x')}, clock_);
  EXPECT_THAT(client.Run(RuntimeCommand::ShowInfo(), seconds(1)).error().message,
              HasSubstr("File name too long"));
}

}  // namespace
}  // namespace promheal::healing
