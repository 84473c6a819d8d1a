#include "webhook/executors/haproxy/runtime/runtime_answer.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace promheal::healing {
namespace {

TEST(RuntimeAnswerTest, ReadsOutcomes) {
  struct Row {
    std::string answer;
    std::optional<ErrorCode> error;
    std::string message;
  };
  const Row rows[] = {
      // Successes, and notices of a socket that shows severities.
      {"\n", std::nullopt, ""},
      {"\n\n", std::nullopt, ""},
      {"[5]: New server registered.\n\n", std::nullopt, ""},
      {"New server registered.\n\n", std::nullopt, ""},
      {"Server deleted.\n\n", std::nullopt, ""},
      {"[info]: done\n\n", std::nullopt, ""},
      // Refusals of a real HAProxy, word for word.
      {"No such server.\n\n", ErrorCode::kNotFound, "HAProxy says: No such server."},
      {"[3]: No such server.\n\n", ErrorCode::kNotFound, "HAProxy says: No such server."},
      {"[err]: No such backend.\n\n", ErrorCode::kNotFound, "HAProxy says: No such backend."},
      {"No such table\n\n", ErrorCode::kNotFound, "HAProxy says: No such table"},
      {"Can't find backend.\n\n", ErrorCode::kNotFound, "HAProxy says: Can't find backend."},
      {"Permission denied\n\n", ErrorCode::kPermissionDenied, "HAProxy says: Permission denied"},
      {"maxconn string empty or preceded by garbage\n", ErrorCode::kFailedPrecondition,
       "HAProxy says: maxconn string empty or preceded by garbage"},
      {"Data type not stored in this table\n\n", ErrorCode::kFailedPrecondition,
       "HAProxy says: Data type not stored in this table"},
      {"Unknown command, but maybe one of the following ones is a better match:\n  help\n\n",
       ErrorCode::kInvalidArgument,
       "HAProxy says: Unknown command, but maybe one of the following ones is a better match: ..."},
      // A bracket that holds no severity belongs to the sentence.
      {"[9]: odd\n", ErrorCode::kFailedPrecondition, "HAProxy says: [9]: odd"},
      {"a\x01\xff\x1b[31m\n", ErrorCode::kFailedPrecondition, "HAProxy says: a???[31m"},
  };
  for (const Row& row : rows) {
    const Status status = ReadOutcome(row.answer);
    ASSERT_EQ(status.has_value(), !row.error) << row.answer;
    if (status) continue;
    EXPECT_EQ(status.error().code, *row.error) << row.answer;
    EXPECT_EQ(status.error().message, row.message);
  }
}

TEST(RuntimeAnswerTest, ReadsDumps) {
  EXPECT_EQ(ReadDump("Name: x\nPid: 1\n\n", "Name: ").value(), "Name: x\nPid: 1\n");
  EXPECT_EQ(ReadDump("\n", "Name: ").value(), "") << "what is empty shows nothing";
  EXPECT_EQ(ReadDump("Name: x\nPi\n", "Name: ").error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(ReadDump("[3]: No such table\n\n", "# table").error(),
            (Error{ErrorCode::kNotFound, "HAProxy says: No such table"}));
}

TEST(RuntimeAnswerTest, ASentenceIsShort) {
  EXPECT_EQ(OneSentence(std::string(5000, 'x')), std::string(160, 'x') + " ...");
  EXPECT_EQ(OneSentence(" \n\t"), "");
}

}  // namespace
}  // namespace promheal::healing
