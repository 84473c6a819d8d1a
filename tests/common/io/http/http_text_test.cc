#include "common/io/http/http_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace promheal {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::string Gunzip(const std::string& zipped, size_t size) {
  std::string text(size, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zipped.data()));
  stream.avail_in = static_cast<uInt>(zipped.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.total_out, size);
  inflateEnd(&stream);
  return text;
}

TEST(HttpTextTest, DecodesPercentEscapes) {
  EXPECT_EQ(PercentDecode("/a%20b+c%2Fd%c3%b6"), "/a b+c/d\xc3\xb6");
  EXPECT_EQ(PercentDecode(""), "");
  for (const char* broken : {"%", "%2", "a%zz", "%00", "a%"}) {
    EXPECT_EQ(PercentDecode(broken), std::nullopt) << broken;
  }
}

TEST(HttpTextTest, ReadsQueries) {
  EXPECT_THAT(ParseQuery("b=x+y%26&a=1&a=2&c&d=e=f&=g&&h=%z"),
              ElementsAre(Pair("a", "2"), Pair("b", "x y&"), Pair("c", ""), Pair("d", "e=f"),
                          Pair("h", "%z")));
  EXPECT_TRUE(ParseQuery("").empty());
}

TEST(HttpTextTest, KnowsWhichEncodingsAClientAccepts) {
  for (const char* header : {"gzip", "GZIP", "deflate, gzip", "gzip;q=0.001", "gzip ; q=1", "*",
                             "br;q=1, *;q=0.1", "gzip;foo=0"}) {
    EXPECT_TRUE(AcceptsGzip(header)) << header;
  }
  for (const char* header :
       {"", "br", "identity", "gzip;q=0", "gzip; q=0.000", "*;q=0", "gzip;q=0, *", "xgzip"}) {
    EXPECT_FALSE(AcceptsGzip(header)) << header;
  }
}

TEST(HttpTextTest, GzipsWhatUnzipsToTheSame) {
  std::string text;
  for (unsigned i = 0; i < 20'000; ++i) text += static_cast<char>(i * i * 31 >> 3);
  EXPECT_EQ(Gunzip(Gzip(text), text.size()), text);
  EXPECT_LT(Gzip(std::string(100'000, 'a')).size(), 1000U);
}

TEST(HttpTextTest, DecodesBase64) {
  // RFC 4648, section 10.
  struct Row {
    const char* encoded;
    const char* text;
  };
  for (const Row& row : {Row{"", ""}, Row{"Zg==", "f"}, Row{"Zm8=", "fo"}, Row{"Zm9v", "foo"},
                         Row{"Zm9vYg==", "foob"}, Row{"Zm9vYmE=", "fooba"},
                         Row{"Zm9vYmFy", "foobar"}, Row{"+/8=", "\xfb\xff"}}) {
    EXPECT_EQ(DecodeBase64(row.encoded), row.text);
  }
  for (const char* wrong : {"Z", "Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "-_8="}) {
    EXPECT_EQ(DecodeBase64(wrong), std::nullopt) << wrong;
  }
}

TEST(HttpTextTest, FindsTokensInLists) {
  EXPECT_TRUE(HasToken("keep-alive, Upgrade", "upgrade"));
  EXPECT_TRUE(HasToken(" Close ", "close"));
  EXPECT_FALSE(HasToken("closed", "close"));
  EXPECT_FALSE(HasToken("", "close"));
}

TEST(HttpTextTest, WritesDatesAsHttpDoes) {
  // The example of RFC 9110, section 5.6.7.
  EXPECT_EQ(FormatHttpDate(ParseRfc3339("1994-11-06T08:49:37Z").value()),
            "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(FormatHttpDate(ParseRfc3339("2028-02-29T23:59:59.999Z").value()),
            "Tue, 29 Feb 2028 23:59:59 GMT");
}

}  // namespace
}  // namespace promheal
