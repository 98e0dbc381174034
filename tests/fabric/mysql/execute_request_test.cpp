#include "fabric/mysql/execute_request.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fabric::mysql {
namespace {

using namespace std::string_literals;

std::string of(const std::vector<Parameter>& parameters) {
  WireBytes room;
  return std::string(execute_request(7, parameters, room));
}

/// Behind the head, the NULLs and the types.
std::string value_of(const Parameter& value) { return of({value}).substr(13); }

TEST(ExecuteRequest, WithoutParametersIsItsHead) { EXPECT_EQ(of({}), "\7\0\0\0\0\1\0\0\0"s); }

TEST(ExecuteRequest, NamesNullsAndTypes) {
  std::vector<Parameter> parameters(7);
  parameters[0] = SentValue{.text = true};
  parameters[2] = SentValue{.text = false};
  parameters.emplace_back(std::int64_t{-1});
  parameters.emplace_back(std::monostate());
  parameters.emplace_back(std::uint64_t{1});
  EXPECT_EQ(of(parameters), "\7\0\0\0\0\1\0\0\0"s + "\x7A\1"s + "\1"s + "\xFD\0\6\0\xFC\0"s +
                                "\6\0\6\0\6\0\6\0"s + "\x08\0\6\0\x08\x80"s +
                                std::string(8, '\xFF') + "\1\0\0\0\0\0\0\0"s);
}

TEST(ExecuteRequest, CarriesNumbersAndMoments) {
  EXPECT_EQ(value_of(1.0), "\0\0\0\0\0\0\xF0\x3F"s) << "IEEE 754";
  const DateValue date{2026, 2, 28};
  EXPECT_EQ(value_of(date), "\4\xEA\7\2\x1C"s);
  EXPECT_EQ(value_of(TimeValue{true, 50, 3, 4, 0}), "\x08\1\2\0\0\0\2\3\4"s);
  EXPECT_EQ(value_of(TimeValue{false, 0, 0, 0, 258}), "\x0C\0\0\0\0\0\0\0\0\2\1\0\0"s);
  EXPECT_EQ(value_of(DateTimeValue{date, {false, 1, 2, 3, 0}}), "\7\xEA\7\2\x1C\1\2\3"s);
  EXPECT_EQ(value_of(DateTimeValue{date, {false, 1, 2, 3, 258}}),
            "\x0B\xEA\7\2\x1C\1\2\3\2\1\0\0"s);
}

TEST(ExecuteRequest, PutsTheirLengthsBeforeTexts) {
  const auto head_of = [](std::size_t size) {
    const std::string value = value_of(BytesValue{std::string(size, 'x')});
    return value.substr(0, value.size() - size);
  };
  EXPECT_EQ(head_of(0), "\0"s);
  EXPECT_EQ(head_of(250), "\xFA"s);
  EXPECT_EQ(head_of(251), "\xFC\xFB\0"s);
  EXPECT_EQ(head_of(0xFFFF), "\xFC\xFF\xFF"s);
  EXPECT_EQ(head_of(0x10000), "\xFD\0\0\1"s);
  EXPECT_EQ(head_of(0xFFFFFF), "\xFD\xFF\xFF\xFF"s);
  EXPECT_EQ(head_of(0x1000000), "\xFE\0\0\0\1\0\0\0\0"s);
}

TEST(BulkRequest, HasOneTypeForEachParameterAndTellsNullsInRows) {
  const std::vector<Parameter> values{std::monostate(),    TextValue{"ab"},  std::monostate(),
                                      std::uint64_t{0x12}, std::monostate(), std::monostate()};
  WireBytes room;
  EXPECT_EQ(bulk_request(7, values, 2, room), "\7\0\0\0\x80\0"s + "\x08\x80\xFD\0\x08\0"s +
                                                  "\1\0\2"s + "ab" + "\1"s +
                                                  "\0\x12\0\0\0\0\0\0\0\1\1"s);
}

TEST(BulkRequest, GrowsWithItsTexts) {
  const std::string text(1000, 'x');
  const std::vector<Parameter> values(500, TextValue{text});
  WireBytes room;
  std::string expected = "\7\0\0\0\x80\0\xFD\0"s;
  for (std::size_t i = 0; i < values.size(); ++i) expected += "\0\xFC\xE8\3"s + text;
  EXPECT_EQ(bulk_request(7, values, values.size(), room), expected);
  room.let_go();
  EXPECT_EQ(bulk_request(7, values, values.size(), room), expected);
}

}  // namespace
}  // namespace fabric::mysql
