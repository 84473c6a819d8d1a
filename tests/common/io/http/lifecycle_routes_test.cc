#include "common/io/http/lifecycle_routes.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

struct Row {
  const char* sentence;
  bool enabled;
  const char* method;
  const char* path;
  int status;
  const char* body;
};

HttpServerResponse Ask(Lifecycle lifecycle, const std::string& method, const std::string& path) {
  for (const HttpRoute& route : LifecycleRoutes(std::move(lifecycle))) {
    if (route.method == method && route.path == path) return route.handler({});
  }
  return {.status = 404};
}

Lifecycle Working(bool enabled) {
  return {.enabled = enabled,
          .ready = [] { return Result<std::string>("2 targets"); },
          .reload = [] { return Status(); }};
}

TEST(LifecycleRoutesTest, AnswersWhileTheProgramWorks) {
  const Row rows[] = {
      {"is healthy", false, "GET", "/-/healthy", 200, "healthy\n"},
      {"is ready", false, "GET", "/-/ready", 200, "ready: 2 targets\n"},
      {"reloads", true, "POST", "/-/reload", 200, "configuration reloaded\n"},
      {"refuses to reload unless enabled", false, "POST", "/-/reload", 403,
       "refused: start the program with --web.enable-lifecycle to allow this\n"},
      {"refuses to quit unless enabled", false, "POST", "/-/quit", 403,
       "refused: start the program with --web.enable-lifecycle to allow this\n"},
      {"has no PUT by default", true, "PUT", "/-/reload", 404, ""},
  };
  for (const Row& row : rows) {
    const HttpServerResponse response = Ask(Working(row.enabled), row.method, row.path);
    EXPECT_EQ(response.status, row.status) << row.sentence;
    EXPECT_EQ(response.body, row.body) << row.sentence;
  }
}

TEST(LifecycleRoutesTest, SaysWhyItIsNotReadyAndWhyAReloadFailed) {
  const auto full = [] { return Fail(ErrorCode::kUnavailable, "the disk is full"); };
  Lifecycle lifecycle = Working(true);
  lifecycle.ready = [&]() -> Result<std::string> { return full(); };
  lifecycle.reload = [&]() -> Status { return full(); };
  EXPECT_EQ(Ask(lifecycle, "GET", "/-/ready").status, 503);
  EXPECT_EQ(Ask(lifecycle, "GET", "/-/ready").body, "not ready: the disk is full\n");
  EXPECT_EQ(Ask(lifecycle, "POST", "/-/reload").status, 500);
  EXPECT_EQ(Ask(lifecycle, "POST", "/-/reload").body, "the disk is full\n");
  lifecycle.reload = []() -> Status { return Fail(ErrorCode::kTimeout, "busy"); };
  EXPECT_EQ(Ask(lifecycle, "POST", "/-/reload").status, 504);
}

TEST(LifecycleRoutesTest, AProgramMayRefuseAndHaveOtherMethods) {
  Lifecycle lifecycle = Working(true);
  lifecycle.methods = {"PUT"};
  lifecycle.refuse = [] { return std::optional(TextResponse(401, "who are you?")); };
  lifecycle.reload = []() -> Status { return Fail(ErrorCode::kInternal, "must not run"); };
  EXPECT_EQ(Ask(lifecycle, "PUT", "/-/reload").status, 401);
  EXPECT_EQ(Ask(lifecycle, "PUT", "/-/quit").status, 401);
  EXPECT_EQ(Ask(lifecycle, "POST", "/-/quit").status, 404);
}

TEST(LifecycleRoutesTest, OnlyHealthNeedsNoCredentials) {
  for (const HttpRoute& route : LifecycleRoutes(Working(true))) {
    EXPECT_EQ(route.authenticated, route.method != "GET") << route.path;
  }
}

}  // namespace
}  // namespace promheal
