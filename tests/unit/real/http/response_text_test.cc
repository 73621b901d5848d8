#include "real/http/response_text.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace arcas::real {
namespace {

std::string gunzip(const std::string& packed) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string text(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(text.size() - stream.avail_out);
  inflateEnd(&stream);
  return text;
}

TEST(ResponseText, Heads) {
  ResponseHead head;
  head.content_type = "application/json";
  head.length = 2;
  EXPECT_EQ(response_head(head, 0),
            "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
            "Cache-Control: no-cache, private\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\n\r\n");
  head.length.reset();
  head.keep_alive = false;
  head.code = 429;
  head.headers = {{"Retry-After", "1"}};
  EXPECT_EQ(response_head(head, 1'769'860'800),
            "HTTP/1.1 429 Too Many Requests\r\nDate: Sat, 31 Jan 2026 12:00:00 GMT\r\n"
            "Cache-Control: no-cache, private\r\nContent-Type: application/json\r\n"
            "Retry-After: 1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
}

TEST(ResponseText, ValuesCannotBreakOutOfTheirHeader) {
  ResponseHead head;
  head.headers = {{"Warning", "a\r\nSet-Cookie: b"}};
  EXPECT_NE(response_head(head, 0).find("Warning: a  Set-Cookie: b\r\n"), std::string::npos);
}

TEST(ResponseText, AcceptedCodings) {
  EXPECT_TRUE(accepts_gzip("gzip"));
  EXPECT_TRUE(accepts_gzip("deflate, gzip;q=0.5"));
  EXPECT_FALSE(accepts_gzip(""));
  EXPECT_FALSE(accepts_gzip("deflate, br"));
  EXPECT_FALSE(accepts_gzip("gzip; q=0"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0.000, deflate"));
  EXPECT_FALSE(accepts_gzip("xgzip"));
}

TEST(ResponseText, GzipComesBackAsItWas) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "pod-" + std::to_string(i) + ' ';
  const std::string packed = gzip(text);
  EXPECT_LT(packed.size(), text.size() / 2);
  EXPECT_EQ(gunzip(packed), text);
  EXPECT_EQ(gunzip(gzip("")), "");
}

}  // namespace
}  // namespace arcas::real
