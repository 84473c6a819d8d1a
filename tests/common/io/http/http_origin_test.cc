#include "common/io/http/http_origin.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

HttpOrigin Origin(const char* url) { return ParseHttpOrigin(url).value(); }

TEST(HttpOriginTest, IsWhatMayBePrintedOfAUrl) {
  struct Row {
    const char* url;
    const char* printed;
  };
  for (const Row& row : {Row{"http://localhost:9090/prometheus?x=y#z", "http://localhost:9090"},
                         Row{"HTTP://LocalHost:80", "http://localhost"},
                         Row{"https://user:secret@host/path", "https://host"},
                         Row{"https://host:8443", "https://host:8443"},
                         Row{"http://[::1]:9090/", "http://[::1]:9090"}}) {
    EXPECT_EQ(ToString(Origin(row.url)), row.printed);
  }
}

TEST(HttpOriginTest, SecretsFollowToTheSameOriginAndUpToHttps) {
  struct Row {
    const char* from;
    const char* to;
    bool may;
  };
  for (const Row& row :
       {Row{"http://a/x", "http://a:80/y", true}, Row{"http://A:9090", "http://a:9090", true},
        Row{"http://a/", "https://a/", true}, Row{"https://a/", "http://a/", false},
        Row{"http://a:9090/", "http://a:9091/", false}, Row{"http://a:9090/", "https://a/", false},
        Row{"http://a/", "http://b/", false}, Row{"http://a.b/", "http://b/", false}}) {
    EXPECT_EQ(MayCarrySecrets(Origin(row.from), Origin(row.to)), row.may)
        << row.from << " -> " << row.to;
  }
}

}  // namespace
}  // namespace promheal
