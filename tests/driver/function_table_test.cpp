#include "driver/function_table.h"

#include <gtest/gtest.h>

#include <array>

#include "fabric/base/error.h"

namespace driver {
namespace {

constexpr SQLUSMALLINT kUntouched = 0xAAAA;

TEST(FunctionTable, AnswersForOneFunction) {
  std::array<SQLUSMALLINT, 2> answer{kUntouched, kUntouched};
  get_functions(SQL_API_SQLTABLES, answer.data());
  EXPECT_EQ(answer[0], SQL_TRUE);
  EXPECT_EQ(answer[1], kUntouched);
  get_functions(SQL_API_SQLDRIVERS, answer.data());
  EXPECT_EQ(answer[0], SQL_FALSE);
}

TEST(FunctionTable, FillsTheBitmapOfOdbc3AndNoMore) {
  std::array<SQLUSMALLINT, SQL_API_ODBC3_ALL_FUNCTIONS_SIZE + 1> bits;
  bits.fill(kUntouched);
  get_functions(SQL_API_ODBC3_ALL_FUNCTIONS, bits.data());
  EXPECT_TRUE(SQL_FUNC_EXISTS(bits.data(), SQL_API_SQLALLOCHANDLE));
  EXPECT_TRUE(SQL_FUNC_EXISTS(bits.data(), SQL_API_SQLFETCHSCROLL));
  EXPECT_TRUE(SQL_FUNC_EXISTS(bits.data(), SQL_API_SQLCANCELHANDLE));
  EXPECT_TRUE(SQL_FUNC_EXISTS(bits.data(), SQL_API_SQLSETPOS));
  EXPECT_TRUE(SQL_FUNC_EXISTS(bits.data(), SQL_API_SQLALLOCENV));
  EXPECT_FALSE(SQL_FUNC_EXISTS(bits.data(), SQL_API_SQLDRIVERS));
  for (SQLUSMALLINT id = 0; id < SQL_API_ODBC3_ALL_FUNCTIONS_SIZE * 16; ++id) {
    EXPECT_EQ(SQL_FUNC_EXISTS(bits.data(), id) != 0, has_function(id)) << id;
  }
  EXPECT_EQ(bits.back(), kUntouched);
}

TEST(FunctionTable, FillsTheHundredPlacesOfOdbc2AndNoMore) {
  std::array<SQLUSMALLINT, 101> places;
  places.fill(kUntouched);
  get_functions(SQL_API_ALL_FUNCTIONS, places.data());
  EXPECT_EQ(places[SQL_API_SQLEXECUTE], SQL_TRUE);
  EXPECT_EQ(places[SQL_API_SQLTRANSACT], SQL_TRUE);
  EXPECT_EQ(places[SQL_API_SQLDRIVERS], SQL_FALSE);
  EXPECT_EQ(places[0], SQL_FALSE);
  EXPECT_EQ(places[100], kUntouched);
}

TEST(FunctionTable, RefusesAnIdOutOfRange) {
  SQLUSMALLINT answer = kUntouched;
  try {
    get_functions(4000, &answer);
    ADD_FAILURE();
  } catch (const fabric::base::Error& error) {
    EXPECT_EQ(error.state(), fabric::base::SqlState::kHY095);
  }
  EXPECT_EQ(answer, kUntouched);
}

}  // namespace
}  // namespace driver
