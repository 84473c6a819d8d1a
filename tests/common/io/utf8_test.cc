#include "common/io/utf8.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

TEST(Utf8Test, DecodesTheFirstAndLastCharacterOfEachLength) {
  struct Row {
    const char* bytes;
    char32_t code_point;
  };
  for (const Row& row :
       {Row{"\x01", 1}, Row{"\x7f", 0x7f}, Row{"\xc2\x80", 0x80}, Row{"\xdf\xbf", 0x7ff},
        Row{"\xe0\xa0\x80", 0x800}, Row{"\xef\xbf\xbf", 0xffff}, Row{"\xf0\x90\x80\x80", 0x10000},
        Row{"\xf4\x8f\xbf\xbf", 0x10ffff}}) {
    const Utf8Character decoded = DecodeUtf8(row.bytes);
    EXPECT_TRUE(decoded.valid);
    EXPECT_EQ(decoded.code_point, row.code_point);
    EXPECT_EQ(decoded.length, std::string_view(row.bytes).size());
  }
}

TEST(Utf8Test, RefusesWhatIsNotUtf8) {
  for (const char* bytes : {"\x80", "\xff", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                            "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x82", "\xc3("}) {
    const Utf8Character decoded = DecodeUtf8(bytes);
    EXPECT_FALSE(decoded.valid);
    EXPECT_EQ(decoded.length, 1) << "so that a reader gets on";
  }
}

TEST(Utf8Test, FindsTheFirstInvalidByte) {
  EXPECT_EQ(FindInvalidUtf8("für 😀"), std::string_view::npos);
  EXPECT_EQ(FindInvalidUtf8(""), std::string_view::npos);
  EXPECT_EQ(FindInvalidUtf8("f\xc3\xbcr\xff!"), 4);
}

TEST(Utf8Test, FirstWordsFitOnOneLine) {
  EXPECT_EQ(FirstWords("short", 10), "short");
  EXPECT_EQ(FirstWords("  <html>\r\n\t<head>  x\n", 80), "<html> <head> x");
  EXPECT_EQ(FirstWords("exactly ten", 11), "exactly ten");
  EXPECT_EQ(FirstWords("one more than ten", 8), "one more...");
  EXPECT_EQ(FirstWords("fürfür", 3), "für...");
  EXPECT_EQ(FirstWords("a\x1b\xff", 10), "a \xef\xbf\xbd");
  EXPECT_EQ(FirstWords(" \n ", 10), "");
}

}  // namespace
}  // namespace promheal
