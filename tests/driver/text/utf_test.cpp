#include "driver/text/utf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace driver::text {
namespace {

constexpr char32_t kLast = 0x10FFFF;

bool surrogate(char32_t code_point) { return code_point >= 0xD800 && code_point <= 0xDFFF; }

/// Made by the definitions of the encodings, apart from the code under test.
std::string encode_utf8(char32_t c) {
  std::string out;
  const auto put = [&out](char32_t bits) { out.push_back(static_cast<char>(bits & 0xFFU)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 + c / 64);
    put(0x80 + c % 64);
  } else if (c < 0x10000) {
    put(0xE0 + c / 4096);
    put(0x80 + c / 64 % 64);
    put(0x80 + c % 64);
  } else {
    put(0xF0 + c / 262144);
    put(0x80 + c / 4096 % 64);
    put(0x80 + c / 64 % 64);
    put(0x80 + c % 64);
  }
  return out;
}

std::u16string encode_utf16(char32_t c) {
  if (c < 0x10000) return {static_cast<char16_t>(c)};
  return {static_cast<char16_t>(0xD800 + (c - 0x10000) / 1024),
          static_cast<char16_t>(0xDC00 + (c - 0x10000) % 1024)};
}

const SQLWCHAR* units(const std::u16string& text) {
  return reinterpret_cast<const SQLWCHAR*>(text.data());
}

TEST(Utf, RoundTripsEveryCodePoint) {
  for (char32_t c = 0; c <= kLast; ++c) {
    if (surrogate(c)) continue;
    const std::string utf8 = encode_utf8(c);
    const std::u16string utf16 = encode_utf16(c);
    ASSERT_EQ(to_utf16(utf8), utf16) << std::hex << static_cast<std::uint32_t>(c);
    ASSERT_EQ(to_utf8(utf16), utf8) << std::hex << static_cast<std::uint32_t>(c);
    ASSERT_EQ(utf16_units(utf8), utf16.size());
    ASSERT_EQ(utf8_bytes(units(utf16), utf16.size()), utf8.size());
    ASSERT_EQ(characters(utf8), 1U);
    ASSERT_TRUE(valid_utf8(utf8));
  }
}

TEST(Utf, RoundTripsEveryCodePointAmongAsciiAtEveryOffset) {
  std::mt19937 random(7);
  std::uniform_int_distribution<std::uint32_t> any(0x80, kLast);
  for (int round = 0; round < 20000; ++round) {
    const char32_t c = any(random);
    if (surrogate(c)) continue;
    const std::string before(static_cast<std::size_t>(round % 19), 'x');
    const std::string after(static_cast<std::size_t>(round % 7), 'y');
    const std::string utf8 = before + encode_utf8(c) + after;
    const std::u16string utf16 = std::u16string(before.begin(), before.end()) + encode_utf16(c) +
                                 std::u16string(after.begin(), after.end());
    ASSERT_EQ(to_utf16(utf8), utf16);
    ASSERT_EQ(to_utf8(utf16), utf8);
    ASSERT_EQ(characters(utf8), before.size() + 1 + after.size());
  }
}

TEST(Utf, ReplacesEachIllFormedPartOnce) {
  const auto replaced = [](const std::string& utf8) { return to_utf8(to_utf16(utf8)); };
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(replaced("a\x80z"), "a" + mark + "z");
  EXPECT_EQ(replaced("\xC0\x80"), mark + mark);  // overlong
  EXPECT_EQ(replaced("\xC3"), mark);             // cut
  EXPECT_EQ(replaced("\xE2\x82"), mark);         // cut: one part
  EXPECT_EQ(replaced("\xE2\x82z"), mark + "z");  // broken off
  EXPECT_EQ(replaced("\xE0\x80\x80"), mark + mark + mark);
  EXPECT_EQ(replaced("\xED\xA0\x80"), mark + mark + mark);  // a surrogate
  EXPECT_EQ(replaced("\xF0\x9F\x98"), mark);
  EXPECT_EQ(replaced("\xF4\x90\x80\x80"), mark + mark + mark + mark);  // past U+10FFFF
  EXPECT_EQ(replaced("\xF8\x88\x80\x80\x80"), mark + mark + mark + mark + mark);
  EXPECT_EQ(replaced("\xFF\xFE"), mark + mark);
}

TEST(Utf, ReplacesLoneSurrogates) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(to_utf8(std::u16string{u'a', 0xD800, u'b'}), "a" + mark + "b");
  EXPECT_EQ(to_utf8(std::u16string{0xDC00}), mark);
  EXPECT_EQ(to_utf8(std::u16string{0xD800, 0xD800, 0xDC00}), mark + "\xF0\x90\x80\x80");
  EXPECT_EQ(to_utf8(std::u16string{0xDBFF}), mark);
}

TEST(Utf, AgreesWithItselfOnRandomBytes) {
  std::mt19937 random(11);
  std::uniform_int_distribution<int> any(0, 255);
  for (int round = 0; round < 20000; ++round) {
    std::string bytes(static_cast<std::size_t>(any(random) % 24), '\0');
    for (char& byte : bytes) byte = static_cast<char>(any(random));
    const std::u16string wide = to_utf16(bytes);
    ASSERT_EQ(utf16_units(bytes), wide.size());
    const std::string clean = to_utf8(wide);
    ASSERT_TRUE(valid_utf8(clean));
    ASSERT_EQ(characters(clean), characters(bytes));
    ASSERT_EQ(to_utf16(clean), wide);
    ASSERT_EQ(valid_utf8(bytes), clean == bytes);
  }
}

TEST(Utf, WritesWholeCharactersIntoEveryCapacity) {
  const std::string utf8 = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";  // 1, 1, 1, 2, 1 units
  const std::u16string utf16 = to_utf16(utf8);
  const std::vector<std::size_t> whole{0, 1, 2, 3, 3, 5, 6};
  for (std::size_t capacity = 0; capacity < whole.size(); ++capacity) {
    std::vector<SQLWCHAR> buffer(capacity);
    const WriteResult result = write_utf16(utf8, buffer.data(), capacity);
    EXPECT_EQ(result.written, whole[capacity]);
    EXPECT_EQ(to_utf16(utf8.substr(0, result.consumed)), utf16.substr(0, result.written));
    EXPECT_TRUE(std::equal(utf16.begin(),
                           utf16.begin() + static_cast<std::ptrdiff_t>(result.written),
                           buffer.begin()));
  }
  for (std::size_t capacity = 0; capacity <= utf8.size(); ++capacity) {
    std::string buffer(capacity, '?');
    const WriteResult result = write_utf8(units(utf16), utf16.size(), buffer.data(), capacity);
    EXPECT_EQ(result.written, whole_characters(utf8, capacity));
    EXPECT_EQ(buffer.substr(0, result.written), utf8.substr(0, result.written));
    EXPECT_TRUE(valid_utf8(utf8.substr(0, result.written)));
  }
}

TEST(Utf, CutsBeforeTheCharacterThatCrossesTheLimit) {
  const std::string emoji = "\xF0\x9F\x98\x80";
  EXPECT_EQ(whole_characters(emoji, 0), 0U);
  EXPECT_EQ(whole_characters(emoji, 3), 0U);
  EXPECT_EQ(whole_characters(emoji, 4), 4U);
  EXPECT_EQ(whole_characters(emoji + emoji, 7), 4U);
  EXPECT_EQ(whole_characters("abc", 9), 3U);
  EXPECT_EQ(whole_characters("abc", 2), 2U);
  EXPECT_EQ(whole_characters("\x80\x80\x80\x80\x80", 3), 3U);  // no character is cut in two
}

TEST(Utf, ReadsTextByLengthOrToItsZero) {
  const std::u16string text = u"ab\0c";
  EXPECT_EQ(to_utf8(units(std::u16string(u"abc")), SQL_NTS), "abc");
  EXPECT_EQ(to_utf8(units(text), 2), "ab");
  EXPECT_EQ(to_utf8(units(text), 0), "");
  EXPECT_EQ(to_utf8(units(text), -5), "");
  EXPECT_EQ(to_utf8(nullptr, SQL_NTS), "");
  const std::string narrow = "xyz";
  const auto* bytes = reinterpret_cast<const SQLCHAR*>(narrow.c_str());
  EXPECT_EQ(ansi_text(bytes, SQL_NTS), "xyz");
  EXPECT_EQ(ansi_text(bytes, 2), "xy");
  EXPECT_EQ(ansi_text(nullptr, SQL_NTS), "");
}

TEST(Utf, ReadsAndWritesUnalignedBuffers) {
  std::vector<char> raw(64);
  auto* odd = reinterpret_cast<SQLWCHAR*>(raw.data() + 1);
  const WriteResult result = write_utf16("h\xC3\xA9llo \xF0\x9F\x98\x80", odd, 20);
  EXPECT_EQ(result.written, 8U);
  EXPECT_EQ(to_utf8(odd, 8), "h\xC3\xA9llo \xF0\x9F\x98\x80");
}

}  // namespace
}  // namespace driver::text
