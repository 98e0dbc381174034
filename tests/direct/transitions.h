// The functions that the tables of tests/data/states name, as calls on handles that a test has
// brought into a state. A name is that of the function without "SQL", and behind a colon what
// distinguishes the call. One thread.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>

#include "tests/direct/odbc_rig.h"

namespace test_support {

/// Both take one parameter; kAsksRows gives three rows of a table that fill_table() has made.
inline constexpr const char* kAsksNothing = "DO ?";
inline constexpr const char* kAsksRows = "SELECT a, b FROM transition_rows WHERE a > ? AND a < 4";

/// A data source without a user and a database.
inline constexpr const char* kTransitionsSource = "transitions";

/// Handles through one library, and the buffers that calls on them need.
struct TransitionRig {
  explicit TransitionRig(Through through, SQLINTEGER version = SQL_OV_ODBC3);

  template <class... Values>
  SQLRETURN operator()(std::string_view name, Values... values) const {
    return odbc(name, values...);
  }
  /// Throws std::runtime_error when it cannot.
  void connect();
  void fill_table();  ///< connects too
  /// A new statement whose parameter 1 is `parameter`, and its descriptors.
  void make_statement();
  void make_descriptor();  ///< the explicit one

  OdbcRig odbc;
  std::map<std::string, SQLHDESC> descriptors;  ///< ard, apd, ird, ipd, explicit
  std::array<SQLCHAR, 1024> text{};
  SQLLEN length = 0;
  SQLLEN parameter_length = 0;
  std::int64_t number = 0;
  std::int64_t parameter = 0;
  SQLUSMALLINT status = 0;
  SQLPOINTER token = nullptr;
  std::string browsed;  ///< what SQLBrowseConnect is given next
};

/// What a call is made on, where its diagnostics are.
enum class ToldOn : std::uint8_t { kEnvironment, kConnection, kStatement, kDescriptor };

struct Transition {
  using Call = std::function<SQLRETURN(TransitionRig&)>;

  ToldOn told_on;
  Call call;
};

/// Throws std::out_of_range for a name that is none.
const Transition& transition(const std::string& name);
/// "SQLFetch" of "Fetch", "SQLCopyDesc" of "CopyDesc:ird".
std::string function_of(const std::string& name);
/// The SQLSTATE that a failed call has left; the descriptor is the one that `name` ends with.
std::string told_state(const TransitionRig& rig, const std::string& name);

// The table's parts, by area.
using Transitions = std::map<std::string, Transition>;
void add_transition(Transitions& all, ToldOn told_on, std::string name, Transition::Call call);
void add_statement_transitions(Transitions& all);
void add_catalog_transitions(Transitions& all);
void add_descriptor_transitions(Transitions& all);
void add_connection_transitions(Transitions& all);

}  // namespace test_support
