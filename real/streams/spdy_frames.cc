#include "real/streams/spdy_frames.h"

#include <zlib.h>

#include <utility>

#include "core/base/check.h"

namespace arcas::real {
namespace {

constexpr std::size_t kMaxFrame = std::size_t{1} << 20U;
constexpr std::size_t kMaxHeaders = std::size_t{64} << 10U;

void put_number(std::string& to, std::uint32_t number, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) {
    to += static_cast<char>((number >> (8U * static_cast<unsigned>(i))) & 0xffU);
  }
}

std::uint32_t number_at(std::string_view from, std::size_t at, int bytes) {
  std::uint32_t number = 0;
  for (int i = 0; i < bytes; ++i) {
    number = (number << 8U) | static_cast<std::uint8_t>(from[at + static_cast<std::size_t>(i)]);
  }
  return number;
}

/// What both sides' compression begins with: SPDY draft 3, section 2.6.10.1. Words with their
/// lengths before them, then some values.
const std::string& dictionary() {
  static const std::string text = [] {
    std::string_view words =
        "options|head|post|put|delete|trace|accept|accept-charset|accept-encoding|"
        "accept-language|accept-ranges|age|allow|authorization|cache-control|connection|"
        "content-base|content-encoding|content-language|content-length|content-location|"
        "content-md5|content-range|content-type|date|etag|expect|expires|from|host|"
        "if-match|if-modified-since|if-none-match|if-range|if-unmodified-since|"
        "last-modified|location|max-forwards|pragma|proxy-authenticate|"
        "proxy-authorization|range|referer|retry-after|server|te|trailer|"
        "transfer-encoding|upgrade|user-agent|vary|via|warning|www-authenticate|method|"
        "get|status|200 OK|version|HTTP/1.1|url|public|set-cookie|keep-alive|origin|";
    std::string result;
    while (!words.empty()) {
      const std::string_view word = words.substr(0, words.find('|'));
      words.remove_prefix(word.size() + 1);
      put_number(result, static_cast<std::uint32_t>(word.size()), 4);
      result += word;
    }
    return result +=
           "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504"
           "505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request"
           "401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented"
           "503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, "
           "Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,"
           "application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age="
           "gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";
  }();
  return text;
}

const Bytef* bytes_of(std::string_view text) { return reinterpret_cast<const Bytef*>(text.data()); }

}  // namespace

struct SpdyHeaderPacker::State {
  z_stream stream{};
};

SpdyHeaderPacker::SpdyHeaderPacker() : state_(std::make_unique<State>()) {
  const std::string& words = dictionary();
  ARCAS_CHECK(deflateInit(&state_->stream, Z_BEST_SPEED) == Z_OK);
  ARCAS_CHECK(deflateSetDictionary(&state_->stream, bytes_of(words),
                                   static_cast<uInt>(words.size())) == Z_OK);
}
SpdyHeaderPacker::~SpdyHeaderPacker() { deflateEnd(&state_->stream); }

std::string SpdyHeaderPacker::pack(const std::map<std::string, std::string>& headers) {
  std::string plain;
  put_number(plain, static_cast<std::uint32_t>(headers.size()), 4);
  for (const auto& [name, value] : headers) {
    put_number(plain, static_cast<std::uint32_t>(name.size()), 4);
    plain += name;
    put_number(plain, static_cast<std::uint32_t>(value.size()), 4);
    plain += value;
  }
  z_stream& stream = state_->stream;
  std::string block(deflateBound(&stream, static_cast<uLong>(plain.size())) + 64, '\0');
  stream.next_in = const_cast<Bytef*>(bytes_of(plain));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(block.data());
  stream.avail_out = static_cast<uInt>(block.size());
  ARCAS_CHECK(deflate(&stream, Z_SYNC_FLUSH) == Z_OK && stream.avail_in == 0);
  block.resize(block.size() - stream.avail_out);
  return block;
}

struct SpdyHeaderUnpacker::State {
  z_stream stream{};
};

SpdyHeaderUnpacker::SpdyHeaderUnpacker() : state_(std::make_unique<State>()) {
  ARCAS_CHECK(inflateInit(&state_->stream) == Z_OK);
}
SpdyHeaderUnpacker::~SpdyHeaderUnpacker() { inflateEnd(&state_->stream); }

Expected<std::map<std::string, std::string>> SpdyHeaderUnpacker::unpack(std::string_view block) {
  z_stream& stream = state_->stream;
  std::string plain(kMaxHeaders, '\0');
  stream.next_in = const_cast<Bytef*>(bytes_of(block));
  stream.avail_in = static_cast<uInt>(block.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  int outcome = inflate(&stream, Z_SYNC_FLUSH);
  if (outcome == Z_NEED_DICT) {
    const std::string& words = dictionary();
    outcome = inflateSetDictionary(&stream, bytes_of(words), static_cast<uInt>(words.size()));
    if (outcome == Z_OK) outcome = inflate(&stream, Z_SYNC_FLUSH);
  }
  if ((outcome != Z_OK && outcome != Z_BUF_ERROR) || stream.avail_in > 0) {
    return Status::invalid("SPDY: a damaged header block, or one of more than 64 KiB");
  }
  plain.resize(plain.size() - stream.avail_out);
  std::size_t at = 0;
  const auto word = [&]() -> std::optional<std::string> {
    if (plain.size() - at < 4) return std::nullopt;
    const std::size_t size = number_at(plain, at, 4);
    at += 4;
    if (plain.size() - at < size) return std::nullopt;
    at += size;
    return plain.substr(at - size, size);
  };
  std::map<std::string, std::string> headers;
  if (plain.size() < 4) return Status::invalid("SPDY: a header block without a number of headers");
  const std::uint32_t count = number_at(plain, 0, 4);
  at = 4;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::optional<std::string> name = word();
    const std::optional<std::string> value = name ? word() : std::nullopt;
    if (!value) return Status::invalid("SPDY: a header block that ends early");
    headers[*name] = *value;
  }
  return headers;
}

Expected<std::optional<SpdyFrame>> next_spdy_frame(std::string& bytes,
                                                   SpdyHeaderUnpacker& unpacker) {
  using Type = SpdyFrame::Type;
  constexpr std::size_t kHead = 8;
  if (bytes.size() < kHead) return std::optional<SpdyFrame>();
  const std::uint32_t first = number_at(bytes, 0, 4);
  const std::uint32_t flags = number_at(bytes, 4, 1);
  const std::size_t size = number_at(bytes, 5, 3);
  const bool control = (first >> 31U) != 0;
  if (control && ((first >> 16U) & 0x7fffU) != 3) {
    return Status::invalid("SPDY: a frame of another version than 3");
  }
  if (size > kMaxFrame) return Status::invalid("SPDY: a frame of more than 1 MiB");
  if (bytes.size() < kHead + size) return std::optional<SpdyFrame>();
  const std::string body = bytes.substr(kHead, size);
  bytes.erase(0, kHead + size);
  SpdyFrame frame;
  frame.last = (flags & 1U) != 0;
  if (!control) {
    frame.stream = first;
    frame.bytes = body;
    return std::optional<SpdyFrame>(std::move(frame));
  }
  frame.type = static_cast<Type>(first & 0xffffU);
  const bool has_headers =
      frame.type == Type::open || frame.type == Type::opened || frame.type == Type::headers;
  const std::size_t least = frame.type == Type::open ? 10 : 4;
  if (frame.type != Type::settings && size < least) {
    return Status::invalid("SPDY: a frame that is too short for its type");
  }
  if (size >= 4) frame.stream = number_at(body, 0, 4) & 0x7fffffffU;
  if (has_headers) {
    auto headers = unpacker.unpack(std::string_view(body).substr(least));
    if (!headers) return headers.error();
    frame.headers = std::move(*headers);
  }
  return std::optional<SpdyFrame>(std::move(frame));
}

std::string spdy_text(const SpdyFrame& frame, SpdyHeaderPacker& packer) {
  using Type = SpdyFrame::Type;
  std::string body;
  if (frame.type == Type::data) {
    body = frame.bytes;
  } else {
    put_number(body, frame.stream, 4);
    if (frame.type == Type::open) body.append(6, '\0');  // no other stream, no priority, no slot
    if (frame.type == Type::go_away) put_number(body, 0, 4);
    if (frame.type == Type::reset) put_number(body, 5, 4);  // cancelled
    if (frame.type == Type::open || frame.type == Type::opened) body += packer.pack(frame.headers);
  }
  std::string text;
  text.reserve(body.size() + 8);
  if (frame.type == Type::data) {
    put_number(text, frame.stream, 4);
  } else {
    put_number(text, 0x8003'0000U | static_cast<std::uint32_t>(frame.type), 4);
  }
  put_number(text, frame.last ? 1 : 0, 1);
  put_number(text, static_cast<std::uint32_t>(body.size()), 3);
  return text += body;
}

}  // namespace arcas::real
