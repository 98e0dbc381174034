#include "tests/direct/transitions.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace test_support {
namespace {

constexpr std::array kOwnDescriptors{
    std::pair{"ard", SQL_ATTR_APP_ROW_DESC}, std::pair{"apd", SQL_ATTR_APP_PARAM_DESC},
    std::pair{"ird", SQL_ATTR_IMP_ROW_DESC}, std::pair{"ipd", SQL_ATTR_IMP_PARAM_DESC}};

/// An odbc.ini of this process with the one data source.
class PrivateDataSource {
 public:
  PrivateDataSource()
      : path_(std::filesystem::temp_directory_path() /
              ("fabric-odbc-transitions-" + std::to_string(getpid()) + ".ini")) {
    const auto server = TestServer::shared(ServerKind::kMariaDb).endpoint();
    std::ofstream(path_) << "[" << kTransitionsSource << "]\nDRIVER = " << driver_under_test()
                         << "\nSERVER = 127.0.0.1\nPORT = " << server.port << "\n";
    setenv("ODBCINI", path_.c_str(), 1);
  }
  ~PrivateDataSource() { std::filesystem::remove(path_); }
  PrivateDataSource(const PrivateDataSource&) = delete;
  PrivateDataSource& operator=(const PrivateDataSource&) = delete;

 private:
  std::filesystem::path path_;
};

/// What the name says behind its colon.
std::string variant_of(const std::string& name) {
  const std::size_t colon = name.find(':');
  return colon == std::string::npos ? "" : name.substr(colon + 1);
}

}  // namespace

TransitionRig::TransitionRig(Through through, SQLINTEGER version) : odbc(through, version) {
  static const PrivateDataSource written;
  const auto server = TestServer::shared(ServerKind::kMariaDb).endpoint();
  browsed = "DRIVER={" + driver_under_test() +
            "};SERVER=127.0.0.1;PORT=" + std::to_string(server.port) + ";";
}

void TransitionRig::connect() {
  if (!SQL_SUCCEEDED(odbc.connect())) {
    throw std::runtime_error("cannot connect: " + odbc.state_of(SQL_HANDLE_DBC, odbc.connection));
  }
}

void TransitionRig::fill_table() {
  connect();
  SQLHSTMT statement = odbc.make_statement();
  for (const char* sql :
       {"DROP TABLE IF EXISTS transition_rows",
        "CREATE TABLE transition_rows (a INT AUTO_INCREMENT PRIMARY KEY, b VARCHAR(20)) "
        "ENGINE=InnoDB",
        "INSERT INTO transition_rows VALUES (1, 'x'), (2, 'y'), (3, 'z')"}) {
    if (!SQL_SUCCEEDED(odbc("SQLExecDirect", statement, sql, SQL_NTS))) {
      throw std::runtime_error(sql);
    }
  }
  odbc.free_statement();
}

void TransitionRig::make_descriptor() {
  odbc("SQLAllocHandle", SQL_HANDLE_DESC, odbc.connection, &descriptors["explicit"]);
}

void TransitionRig::make_statement() {
  parameter_length = 0;
  make_descriptor();
  odbc.make_statement();
  for (const auto& [name, attribute] : kOwnDescriptors) {
    odbc("SQLGetStmtAttr", odbc.statement, attribute, &descriptors[name], 0, nullptr);
  }
  odbc("SQLBindParameter", odbc.statement, 1, SQL_PARAM_INPUT, SQL_C_SBIGINT, SQL_BIGINT, 0, 0,
       &parameter, 0, &parameter_length);
}

void add_transition(Transitions& all, ToldOn told_on, std::string name, Transition::Call call) {
  all.emplace(std::move(name), Transition{told_on, std::move(call)});
}

const Transition& transition(const std::string& name) {
  static const Transitions all = [] {
    Transitions made;
    add_statement_transitions(made);
    add_catalog_transitions(made);
    add_descriptor_transitions(made);
    add_connection_transitions(made);
    return made;
  }();
  const auto found = all.find(name);
  if (found == all.end()) throw std::out_of_range("no call is named " + name);
  return found->second;
}

std::string function_of(const std::string& name) { return "SQL" + name.substr(0, name.find(':')); }

std::string told_state(const TransitionRig& rig, const std::string& name) {
  switch (transition(name).told_on) {
    case ToldOn::kEnvironment:
      return rig.odbc.state_of(SQL_HANDLE_ENV, rig.odbc.environment);
    case ToldOn::kConnection:
      return rig.odbc.state_of(SQL_HANDLE_DBC, rig.odbc.connection);
    case ToldOn::kStatement:
      return rig.odbc.state_of(SQL_HANDLE_STMT, rig.odbc.statement);
    case ToldOn::kDescriptor:
      break;
  }
  // What SQLCopyDesc refuses it tells on its target, which is the explicit one here.
  const bool copies = name.starts_with("CopyDesc");
  return rig.odbc.state_of(SQL_HANDLE_DESC,
                           rig.descriptors.at(copies ? "explicit" : variant_of(name)));
}

}  // namespace test_support
