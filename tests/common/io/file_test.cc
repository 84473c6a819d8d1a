#include "common/io/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "tests/support/temp_directory.h"

namespace promheal {
namespace {

using support::TempDirectory;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

size_t CountFiles(const std::string& directory) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    count += entry.exists() ? 1U : 0U;
  }
  return count;
}

TEST(FileTest, ReadsAWholeFileWithAnyBytes) {
  const TempDirectory directory;
  const std::string content("a\0b\n\xff", 5);
  EXPECT_EQ(ReadFile(directory.Write("file", content)).value(), content);
  EXPECT_EQ(ReadFile(directory.Write("empty", "")).value(), "");
}

TEST(FileTest, SaysWhichFileIsMissing) {
  const Result<std::string> read = ReadFile("/nowhere/exporter.yml");
  EXPECT_EQ(read.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read.error().message, "opening /nowhere/exporter.yml: No such file or directory");
}

TEST(FileTest, RefusesADirectory) {
  const TempDirectory directory;
  const Result<std::string> read = ReadFile(directory.path());
  EXPECT_EQ(read.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(read.error().message, EndsWith("Is a directory"));
}

TEST(FileTest, RefusesAFileThatMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TempDirectory directory;
  const std::string path = directory.Write("file", "x");
  ::chmod(path.c_str(), 0);
  EXPECT_EQ(ReadFile(path).error().code, ErrorCode::kPermissionDenied);
}

TEST(FileTest, ReadsUpToTheLimitAndNoFurther) {
  const TempDirectory directory;
  const std::string path = directory.Write("file", "12345");
  EXPECT_TRUE(ReadFile(path, 5).has_value());
  EXPECT_EQ(ReadFile(path, 4).error().message, "reading " + path + ": larger than 4 bytes");
  EXPECT_FALSE(ReadFile("/dev/zero", 1 << 20).has_value()) << "an endless file ends, too";
}

TEST(FileTest, ASecretHasNoLineBreakAtItsEnd) {
  const TempDirectory directory;
  EXPECT_EQ(ReadSecretFile(directory.Write("a", "s3cret\n")).value(), "s3cret");
  EXPECT_EQ(ReadSecretFile(directory.Write("b", "s3cret\r\n\n")).value(), "s3cret");
  EXPECT_EQ(ReadSecretFile(directory.Write("c", " s3 cret ")).value(), " s3 cret ");
}

TEST(FileTest, AnEmptySecretIsAnError) {
  const TempDirectory directory;
  const std::string path = directory.Write("secret", "\n");
  EXPECT_EQ(ReadSecretFile(path).error().message, "reading " + path + ": the file is empty");
}

TEST(FileTest, AnErrorAboutASecretDoesNotHoldIt) {
  const TempDirectory directory;
  const std::string path = directory.Write("secret", std::string(size_t{1} << 20, 's'));
  EXPECT_THAT(ReadSecretFile(path).error().message, Not(HasSubstr("ssss")));
}

TEST(FileTest, ReplacesAFileAndLeavesNothingBeside) {
  const TempDirectory directory;
  const std::string path = directory.Write("model", "old");
  ASSERT_TRUE(WriteFileAtomically(path, std::string(300'000, 'n')).has_value());
  EXPECT_EQ(ReadFile(path).value(), std::string(300'000, 'n'));
  EXPECT_EQ(CountFiles(directory.path()), 1U);
}

TEST(FileTest, ANewFileHasTheModeThatTheUmaskAllows) {
  const TempDirectory directory;
  const std::string path = directory.PathOf("model");
  ASSERT_TRUE(WriteFileAtomically(path, "x").has_value());
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  EXPECT_EQ(status.st_mode & 0777, 0666 & ~mask);
}

TEST(FileTest, AFailedWriteLeavesTheOldContentAndNothingBeside) {
  const TempDirectory directory;
  const std::string occupied = directory.PathOf("occupied");
  std::filesystem::create_directories(occupied + "/inside");
  EXPECT_FALSE(WriteFileAtomically(occupied, "x").has_value()) << "a directory stays one";
  EXPECT_TRUE(std::filesystem::exists(occupied + "/inside"));
  EXPECT_EQ(CountFiles(directory.path()), 1U);
  EXPECT_EQ(WriteFileAtomically(directory.PathOf("missing/file"), "x").error().code,
            ErrorCode::kNotFound);
}

TEST(FileTest, ReadersSeeTheOldOrTheNewContentOnly) {
  const TempDirectory directory;
  const std::string path = directory.Write("model", std::string(5'000, 'a'));
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i) {
      (void)WriteFileAtomically(path, std::string(5'000, i % 2 == 0 ? 'b' : 'a'));
    }
  });
  for (int i = 0; i < 2'000; ++i) {
    const std::string content = ReadFile(path).value();
    ASSERT_EQ(content, std::string(5'000, content.at(0)));
  }
  writer.join();
}

}  // namespace
}  // namespace promheal
