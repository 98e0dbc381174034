// Every exported function, one argument wrong at a time, in several states of the statement: null
// pointers, odd lengths, numbers out of range, buffers of no byte and of one. Each answer is a
// diagnostic with a documented SQLSTATE, and no byte is written past a buffer.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "tests/direct/odbc_rig.h"

namespace test_support {
namespace {

constexpr std::size_t kGuard = 64;
constexpr std::uint8_t kGuardByte = 0xA5;

/// Zeros with guards behind them; on the heap, so that AddressSanitizer guards them too.
class Buffer {
 public:
  explicit Buffer(std::size_t size) : size_(size), bytes_(size + kGuard, kGuardByte) {
    std::fill_n(bytes_.begin(), size, std::uint8_t{0});
  }
  [[nodiscard]] std::uint64_t address() { return reinterpret_cast<std::uintptr_t>(bytes_.data()); }
  [[nodiscard]] bool intact() const {
    return std::all_of(bytes_.begin() + static_cast<std::ptrdiff_t>(size_), bytes_.end(),
                       [](std::uint8_t byte) { return byte == kGuardByte; });
  }

 private:
  std::size_t size_;
  std::vector<std::uint8_t> bytes_;
};

constexpr std::array<std::int64_t, 12> kOddNumbers{-1, -2,  -4,    -32768, 0,         1,
                                                   3,  999, 32767, 65535,  INT32_MAX, INT32_MIN};

class BadArguments : public testing::TestWithParam<int> {
 protected:
  BadArguments() : rig_(Through::kNothing) {
    if (!SQL_SUCCEEDED(rig_.connect())) throw std::runtime_error("cannot connect");
    rig_("SQLAllocHandle", SQL_HANDLE_DESC, rig_.connection, &descriptor_);
    rig_("SQLAllocHandle", SQL_HANDLE_DBC, rig_.environment, &idle_);
  }
  ~BadArguments() override {
    rig_("SQLFreeHandle", SQL_HANDLE_DBC, idle_);
    rig_("SQLFreeHandle", SQL_HANDLE_DESC, descriptor_);
  }

  /// A fresh statement: allocated, prepared, with rows, on a row, or waiting for data.
  void make_statement() {
    if (rig_.statement != nullptr) rig_.free_statement();
    rig_.make_statement();
    switch (GetParam()) {
      case 1:
        rig_("SQLPrepare", rig_.statement, "SELECT ?, 'text'", SQL_NTS);
        break;
      case 2:
      case 3:
        rig_("SQLExecDirect", rig_.statement, "SELECT 1, 'text', NULL UNION ALL SELECT 2, '', 3",
             SQL_NTS);
        if (GetParam() == 3) rig_("SQLFetch", rig_.statement);
        break;
      case 4:
        rig_("SQLBindParameter", rig_.statement, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0,
             nullptr, 0, &at_execution_);
        rig_("SQLExecDirect", rig_.statement, "SELECT ?", SQL_NTS);
        rig_("SQLParamData", rig_.statement, &token_);
        break;
      default:
        break;
    }
  }

  std::uint64_t good(const OdbcCall& call, std::size_t index);
  void call_with(const OdbcCall& call, std::size_t wrong, std::uint64_t value);
  void expect_told(const OdbcCall& call, const std::vector<std::uint64_t>& values, SQLRETURN result,
                   const std::string& what);
  std::uint64_t buffer(std::size_t size) {
    buffers_.emplace_back(size);
    return buffers_.back().address();
  }
  std::uint64_t text(const OdbcCall& call, std::u16string_view value) {
    const std::size_t width = call.wide ? 2 : 1;
    const std::uint64_t made = buffer((value.size() + 1) * width);
    auto* bytes = reinterpret_cast<std::uint8_t*>(made);
    for (std::size_t i = 0; i < value.size(); ++i) {
      std::memcpy(bytes + i * width, &value[i], width);
    }
    return made;
  }
  static bool is_pointer(Argument kind) {
    switch (kind) {
      case Argument::kText:
      case Argument::kData:
      case Argument::kBuffer:
      case Argument::kBound:
      case Argument::kBoundLength:
      case Argument::kShortOut:
      case Argument::kIntOut:
      case Argument::kLenOut:
      case Argument::kPointerOut:
      case Argument::kHandleOut:
      case Argument::kStatusOut:
      case Argument::kFunctionsOut:
        return true;
      default:
        return false;
    }
  }
  static bool is_handle(Argument kind) {
    return kind <= Argument::kAnyHandle && kind != Argument::kHandleType;
  }

  OdbcRig rig_;
  SQLHDESC descriptor_ = nullptr;
  SQLHDBC idle_ = nullptr;
  SQLLEN at_execution_ = SQL_DATA_AT_EXEC;
  SQLPOINTER token_ = nullptr;
  std::vector<Buffer> buffers_;
};

std::uint64_t address(SQLHANDLE handle) { return reinterpret_cast<std::uintptr_t>(handle); }

std::uint64_t BadArguments::good(const OdbcCall& call, std::size_t index) {
  constexpr std::size_t kRoom = 256;
  const bool connects = call.name.find("Connect") != std::string::npos &&
                        call.name.find("ConnectAttr") == std::string::npos &&
                        call.name.find("Option") == std::string::npos;
  switch (call.kinds[index]) {
    case Argument::kEnvironment:
      return address(rig_.environment);
    case Argument::kConnection:
      return address(connects ? idle_ : rig_.connection);
    case Argument::kStatement:
      return address(rig_.statement);
    case Argument::kDescriptor:
      return address(descriptor_);
    case Argument::kHandleType:
      return SQL_HANDLE_STMT;
    case Argument::kAnyHandle:
      return address(call.name == "SQLAllocHandle" ? rig_.connection : rig_.statement);
    case Argument::kText:
      return text(call, connects ? u"PORT=x" : u"SELECT 1");
    case Argument::kTextLength:
      return static_cast<std::uint64_t>(SQL_NTS);
    case Argument::kData:
      return buffer(kRoom);
    case Argument::kDataLength:
      return 1;
    case Argument::kBuffer:
    case Argument::kBound:
    case Argument::kFunctionsOut:
      return buffer(4 * kRoom);
    case Argument::kCapacity:
    case Argument::kCapacityBytes:
    case Argument::kBoundCapacity:
      return kRoom;
    case Argument::kBoundLength:
    case Argument::kHandleOut:
    case Argument::kPointerOut:
    case Argument::kLenOut:
      return buffer(8);
    case Argument::kShortOut:
      return buffer(2);
    case Argument::kIntOut:
      return buffer(4);
    case Argument::kStatusOut:
      return buffer(16);
    case Argument::kCType:
      return SQL_C_CHAR;
    case Argument::kSqlType:
      return SQL_VARCHAR;
    case Argument::kSize:
      return 10;
    case Argument::kColumn:
    case Argument::kOrientation:
      return 1;
    case Argument::kEnvironmentAttribute:
      return SQL_ATTR_OUTPUT_NTS;
    case Argument::kConnectionAttribute:
      return SQL_ATTR_ACCESS_MODE;
    case Argument::kStatementAttribute:
      return SQL_ATTR_MAX_ROWS;
    case Argument::kDescriptorField:
      return SQL_DESC_CONCISE_TYPE;
    case Argument::kColumnField:
      return SQL_DESC_LABEL;
    case Argument::kDiagnosticField:
      return SQL_DIAG_SQLSTATE;
    case Argument::kInfoType:
      return SQL_DBMS_NAME;
    case Argument::kFunctionId:
      return SQL_API_SQLFETCH;
    default:
      return 0;
  }
}

void BadArguments::call_with(const OdbcCall& call, std::size_t wrong, std::uint64_t value) {
  make_statement();
  buffers_.clear();
  buffers_.reserve(2 * OdbcCall::kMostArguments);
  std::vector<std::uint64_t> values;
  for (std::size_t i = 0; i < call.count; ++i) {
    values.push_back(i == wrong ? value : good(call, i));
  }
  // A capacity told is a capacity that is there; numbers need eight bytes, whatever is told.
  const bool capacity =
      call.kinds[wrong] == Argument::kCapacity || call.kinds[wrong] == Argument::kCapacityBytes;
  if (capacity) {
    const auto told = static_cast<SQLSMALLINT>(value);
    std::size_t room = told < 0 ? 0 : static_cast<std::size_t>(told);
    if (call.kinds[wrong] == Argument::kCapacity && call.wide) room *= sizeof(SQLWCHAR);
    values[wrong] = static_cast<std::uint64_t>(std::int64_t{told});
    values[wrong - 1] =
        buffer(call.kinds[wrong] == Argument::kCapacity ? room : std::max<std::size_t>(room, 8));
  }
  const SQLRETURN result = rig_.invoke(call, values);
  const std::string what = call.name + ", argument " + std::to_string(wrong + 1) + " = " +
                           std::to_string(static_cast<std::int64_t>(value));
  for (const Buffer& buffer : buffers_) ASSERT_TRUE(buffer.intact()) << what;
  if (call.name == "SQLAllocHandle" && SQL_SUCCEEDED(result) && values[2] != 0) {
    rig_("SQLFreeHandle", values[0], *reinterpret_cast<SQLHANDLE*>(values[2]));
  }
  const bool frees =
      call.name == "SQLFreeHandle" ||
      (call.name == "SQLFreeStmt" && static_cast<SQLUSMALLINT>(values[1]) == SQL_DROP);
  if (frees && SQL_SUCCEEDED(result)) {
    rig_.statement = nullptr;
    return;
  }
  expect_told(call, values, result, what);
}

void BadArguments::expect_told(const OdbcCall& call, const std::vector<std::uint64_t>& values,
                               SQLRETURN result, const std::string& what) {
  static constexpr std::array<SQLRETURN, 6> kKnown{SQL_SUCCESS,   SQL_SUCCESS_WITH_INFO,
                                                   SQL_ERROR,     SQL_INVALID_HANDLE,
                                                   SQL_NEED_DATA, SQL_NO_DATA};
  EXPECT_NE(std::find(kKnown.begin(), kKnown.end(), result), kKnown.end()) << what << result;
  const bool asks_for_records =
      call.name.starts_with("SQLGetDiag") || call.name.starts_with("SQLError");
  if (result != SQL_ERROR || asks_for_records || values[0] == 0) return;
  SQLSMALLINT kind = 0;
  switch (call.kinds[0]) {
    case Argument::kEnvironment:
      kind = SQL_HANDLE_ENV;
      break;
    case Argument::kConnection:
      kind = SQL_HANDLE_DBC;
      break;
    case Argument::kStatement:
      kind = SQL_HANDLE_STMT;
      break;
    case Argument::kDescriptor:
      kind = SQL_HANDLE_DESC;
      break;
    default:
      return;
  }
  if (call.name == "SQLCopyDesc" || call.name == "SQLTransact") return;  // told on their second
  const std::string state = rig_.state_of(kind, reinterpret_cast<SQLHANDLE>(values[0]));
  EXPECT_EQ(state.size(), 5U) << what;
  EXPECT_NE(state, "00000") << what << ": an error without a record";
  EXPECT_FALSE(state.starts_with("01")) << what << ": an error with a warning only";
}

TEST_P(BadArguments, GiveADiagnosticAndHarmNothing) {
  for (const OdbcCall& call : odbc_calls()) {
    if (!rig_.has(call) || call.name == "SQLDisconnect") continue;
    for (std::size_t i = 0; i < call.count; ++i) {
      const Argument kind = call.kinds[i];
      if (is_handle(kind)) {
        const bool harmless = call.name != "SQLFreeHandle" && call.name != "SQLAllocHandle";
        call_with(call, i, 0);
        if (harmless) call_with(call, i, address(rig_.environment));
        if (harmless) call_with(call, i, address(rig_.connection));
      } else if (is_pointer(kind)) {
        call_with(call, i, 0);
      } else if (kind != Argument::kTextLength && kind != Argument::kDataLength &&
                 kind != Argument::kValueLength && kind != Argument::kValue) {
        for (const std::int64_t number : kOddNumbers) {
          call_with(call, i, static_cast<std::uint64_t>(number));
        }
      } else {
        for (const std::int64_t number : {-1, -2, -4, -1000, 0, 1}) {
          call_with(call, i, static_cast<std::uint64_t>(number));
        }
      }
      if (HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(States, BadArguments, testing::Range(0, 5));

struct Refusal {
  const char* what;
  const char* state;
  SQLRETURN (*call)(const OdbcRig& rig);
};

std::array<SQLCHAR, 8> small_buffer{};

constexpr std::array kRefusals{
    Refusal{"SQLPrepare of a null pointer", "HY009",
            [](const OdbcRig& rig) { return rig("SQLPrepare", rig.statement, nullptr, SQL_NTS); }},
    Refusal{"SQLExecDirectW of a null pointer", "HY009",
            [](const OdbcRig& rig) { return rig("SQLExecDirectW", rig.statement, nullptr, 4); }},
    Refusal{"SQLPrepare with a negative length", "HY090",
            [](const OdbcRig& rig) { return rig("SQLPrepare", rig.statement, "SELECT 1", -7); }},
    Refusal{"SQLBindCol of column 0", "07009",
            [](const OdbcRig& rig) {
              return rig("SQLBindCol", rig.statement, 0, SQL_C_CHAR, small_buffer.data(), 8,
                         nullptr);
            }},
    Refusal{"SQLBindCol with a negative length", "HY090",
            [](const OdbcRig& rig) {
              return rig("SQLBindCol", rig.statement, 1, SQL_C_CHAR, small_buffer.data(), -1,
                         nullptr);
            }},
    Refusal{"SQLBindCol with an unknown C type", "HY003",
            [](const OdbcRig& rig) {
              return rig("SQLBindCol", rig.statement, 1, 4711, small_buffer.data(), 8, nullptr);
            }},
    Refusal{"SQLBindParameter of parameter 0", "07009",
            [](const OdbcRig& rig) {
              return rig("SQLBindParameter", rig.statement, 0, SQL_PARAM_INPUT, SQL_C_CHAR,
                         SQL_VARCHAR, 5, 0, small_buffer.data(), 8, nullptr);
            }},
    Refusal{"SQLBindParameter with an unknown C type", "HY003",
            [](const OdbcRig& rig) {
              return rig("SQLBindParameter", rig.statement, 1, SQL_PARAM_INPUT, 4711, SQL_VARCHAR,
                         5, 0, small_buffer.data(), 8, nullptr);
            }},
    Refusal{"SQLBindParameter with an unknown SQL type", "HY004",
            [](const OdbcRig& rig) {
              return rig("SQLBindParameter", rig.statement, 1, SQL_PARAM_INPUT, SQL_C_CHAR, 4711, 5,
                         0, small_buffer.data(), 8, nullptr);
            }},
    Refusal{"SQLBindParameter of no kind", "HY105",
            [](const OdbcRig& rig) {
              return rig("SQLBindParameter", rig.statement, 1, 99, SQL_C_CHAR, SQL_VARCHAR, 5, 0,
                         small_buffer.data(), 8, nullptr);
            }},
    Refusal{"SQLBindParameter with a negative length", "HY090",
            [](const OdbcRig& rig) {
              return rig("SQLBindParameter", rig.statement, 1, SQL_PARAM_INPUT, SQL_C_CHAR,
                         SQL_VARCHAR, 5, 0, small_buffer.data(), -5, nullptr);
            }},
    Refusal{"SQLSetStmtAttr of an unknown attribute", "HY092",
            [](const OdbcRig& rig) { return rig("SQLSetStmtAttr", rig.statement, 4711, 0, 0); }},
    Refusal{"SQLSetStmtAttr with an unknown value", "HY024",
            [](const OdbcRig& rig) {
              return rig("SQLSetStmtAttr", rig.statement, SQL_ATTR_CURSOR_TYPE, 4711, 0);
            }},
    Refusal{"SQLFreeStmt with an unknown option", "HY092",
            [](const OdbcRig& rig) { return rig("SQLFreeStmt", rig.statement, 4711); }},
    Refusal{"SQLGetTypeInfo of an unknown type", "HY004",
            [](const OdbcRig& rig) { return rig("SQLGetTypeInfo", rig.statement, 4711); }},
    Refusal{"SQLStatistics of no kind", "HY100",
            [](const OdbcRig& rig) {
              return rig("SQLStatistics", rig.statement, nullptr, 0, nullptr, 0, "t", SQL_NTS, 99,
                         0);
            }},
    Refusal{"SQLStatistics without a table", "HY009",
            [](const OdbcRig& rig) {
              return rig("SQLStatistics", rig.statement, nullptr, 0, nullptr, 0, nullptr, 0, 0, 0);
            }},
    Refusal{"SQLPrimaryKeys without a table", "HY009",
            [](const OdbcRig& rig) {
              return rig("SQLPrimaryKeys", rig.statement, nullptr, 0, nullptr, 0, nullptr, 0);
            }},
    Refusal{"SQLSpecialColumns of no kind", "HY097",
            [](const OdbcRig& rig) {
              return rig("SQLSpecialColumns", rig.statement, 99, nullptr, 0, nullptr, 0, "t",
                         SQL_NTS, 0, 0);
            }},
    Refusal{"SQLForeignKeys without a table", "HY009",
            [](const OdbcRig& rig) {
              return rig("SQLForeignKeys", rig.statement, nullptr, 0, nullptr, 0, nullptr, 0,
                         nullptr, 0, nullptr, 0, nullptr, 0);
            }},
    Refusal{"SQLTables with a negative length", "HY090",
            [](const OdbcRig& rig) {
              return rig("SQLTables", rig.statement, "a", -9, nullptr, 0, nullptr, 0, nullptr, 0);
            }},
    Refusal{"SQLSetCursorName of a null pointer", "HY009",
            [](const OdbcRig& rig) {
              return rig("SQLSetCursorName", rig.statement, nullptr, SQL_NTS);
            }},
};

TEST(Refusals, AreThoseOfTheStandard) {
  OdbcRig rig(Through::kNothing);
  ASSERT_TRUE(SQL_SUCCEEDED(rig.connect()));
  rig.make_statement();
  for (const Refusal& refusal : kRefusals) {
    EXPECT_EQ(refusal.call(rig), SQL_ERROR) << refusal.what;
    EXPECT_EQ(rig.state_of(SQL_HANDLE_STMT, rig.statement), refusal.state) << refusal.what;
  }
}

TEST(Refusals, OfFreedHandlesComeFromTheDriverManager) {
  OdbcRig rig(Through::kDriverManager);
  ASSERT_TRUE(SQL_SUCCEEDED(rig.connect()));
  SQLHSTMT freed = rig.make_statement();
  SQLHSTMT kept = nullptr;
  rig("SQLAllocHandle", SQL_HANDLE_STMT, rig.connection, &kept);
  rig.free_statement();
  // unixODBC tells a statement by the first word of its memory, freed or not
  // (FAST_HANDLE_VALIDATE): without another one behind it, the allocator may have given that page
  // back to the system.
  EXPECT_FALSE(SQL_SUCCEEDED(rig("SQLFetch", freed)));
  EXPECT_FALSE(SQL_SUCCEEDED(rig("SQLExecDirect", freed, "SELECT 1", SQL_NTS)));
  EXPECT_FALSE(SQL_SUCCEEDED(rig("SQLFreeHandle", SQL_HANDLE_STMT, freed)));
  rig("SQLFreeHandle", SQL_HANDLE_STMT, kept);
}

TEST(Refusals, OfTextThatIsNoneLeaveTheRestAlone) {
  OdbcRig rig(Through::kNothing);
  ASSERT_TRUE(SQL_SUCCEEDED(rig.connect()));
  rig.make_statement();
  const std::array<SQLWCHAR, 10> lone{'S', 'E', 'L', 'E', 'C', 'T', ' ', '\'', 0xD800, '\''};
  rig("SQLExecDirectW", rig.statement, lone.data(), lone.size());
  rig("SQLFreeStmt", rig.statement, SQL_CLOSE);
  rig("SQLExecDirect", rig.statement, "SELECT '\xff\xfe'", SQL_NTS);
  rig("SQLFreeStmt", rig.statement, SQL_CLOSE);
  const std::string zero("SELECT 'a\0b'", 12);
  ASSERT_TRUE(SQL_SUCCEEDED(rig("SQLExecDirect", rig.statement, zero.data(), zero.size())));
  ASSERT_TRUE(SQL_SUCCEEDED(rig("SQLFetch", rig.statement)));
  std::array<char, 8> text{};
  SQLLEN length = 0;
  rig("SQLGetData", rig.statement, 1, SQL_C_CHAR, text.data(), text.size(), &length);
  EXPECT_EQ(length, 3);
  EXPECT_EQ(std::string(text.data(), 3), std::string("a\0b", 3));
}

}  // namespace
}  // namespace test_support
