#include <Poco/Data/LOB.h>
#include <Poco/Data/ODBC/Connector.h>
#include <Poco/Data/ODBC/ODBCException.h>
#include <Poco/Data/Session.h>
#include <Poco/DateTime.h>
#include <Poco/DateTimeFormatter.h>

#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace Poco::Data::Keywords;
using Poco::Data::Session;
using Poco::Data::ODBC::ConnectionException;
using Poco::Data::ODBC::StatementException;

namespace {

std::string hex(const Poco::Data::BLOB& bytes) {
  std::ostringstream text;
  text << std::hex << std::uppercase << std::setfill('0');
  for (const unsigned char byte : bytes) text << std::setw(2) << int{byte};
  return text.str();
}

int number(Session& db, const std::string& query) {
  int value = 0;
  db << query, into(value), now;
  return value;
}

void show_tables(Session& db) {
  std::vector<std::string> names;  // Poco calls none of ODBC's catalog functions
  db << "SHOW TABLES", into(names), now;
  std::string separator = "tables: ";
  for (const std::string& name : names) std::cout << std::exchange(separator, ", ") << name;
  std::cout << std::endl;
}

void show_types(Session& db) {
  Poco::Int64 big = 9223372036854775807;
  std::string price = "1234567890123456.7891";
  std::string moment = "2026-11-26 23:59:59.123456";  // a Poco::DateTime keeps milliseconds
  std::string word = "Grüße 😀 漢字";
  Poco::Data::BLOB data(reinterpret_cast<const unsigned char*>("\x00\xFF\x7F\x80"), 4);
  Poco::Nullable<int> nothing;
  db << "INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)", use(big), use(price), use(moment), use(word),
      use(data), use(nothing), now;
  db.commit();
  Poco::DateTime read;
  // Poco's buffer for a DECIMAL has no place for its point: as text it is read whole.
  db << "SELECT big, CAST(price AS CHAR(30)), moment, word, data, nothing FROM kinds", into(big),
      into(price), into(read), into(word), into(data), into(nothing), now;
  std::cout << "row: " << big << '|' << price << '|'
            << Poco::DateTimeFormatter::format(read, "%Y-%m-%d %H:%M:%S.%i") << '|' << word << '|'
            << hex(data) << '|' << (nothing.isNull() ? "NULL" : "a number") << std::endl;
}

void show_transactions(Session& db) {
  db << "DELETE FROM kinds", now;
  db.rollback();
  std::cout << "rolled back: " << number(db, "SELECT COUNT(*) FROM kinds") << " row" << std::endl;
  db << "UPDATE kinds SET nothing = 7", now;
  db.commit();
  std::cout << "committed: " << number(db, "SELECT nothing FROM kinds") << std::endl;
}

void show_error(Session& db) {
  try {
    db << "SELECT * FROM nowhere", now;
  } catch (const StatementException& error) {
    const auto& record = error.diagnostics();
    std::cout << "error: " << record.sqlState(0) << ' ' << record.nativeError(0) << ' '
              << record.message(0) << std::endl;
  }
}

void store_once(Session& db, int order) {
  if (number(db, "SELECT COUNT(*) FROM orders WHERE n = " + std::to_string(order)) == 0) {
    db << "INSERT INTO orders VALUES (?)", use(order), now;
  }
  db.commit();
}

/// Whether to look and try again: it is rolled back (25S03: that was told to a call whose errors
/// Poco hides), or COMMIT's outcome is unknown.
template <typename Failure>
bool repeatable(Session& db, const Failure& error) {
  const std::string state = error.diagnostics().sqlState(0);
  if (state != "40001" && state != "25S03" && state != "08007") return false;
  std::cerr << "again, looking first: " << state << ' ' << error.diagnostics().message(0)
            << std::endl;
  db.rollback();
  return true;
}

void store(Session& db, int order) {
  for (;;) {
    try {
      return store_once(db, order);
    } catch (const StatementException& error) {
      if (!repeatable(db, error)) throw;
    } catch (const ConnectionException& error) {  // of commit()
      if (!repeatable(db, error)) throw;
    }
  }
}

}  // namespace

int main(int, char** arguments) {
  try {
    Poco::Data::ODBC::Connector::registerConnector();
    Session db("ODBC", "DSN=" + std::string(arguments[1]));
    db.setFeature("autoCommit", false);
    show_tables(db);
    show_types(db);
    show_transactions(db);
    show_error(db);
    for (int order = 0; std::cin >> order;) {
      store(db, order);
      std::cout << "stored " << order << std::endl;
    }
    std::cout << "rows " << number(db, "SELECT COUNT(*) FROM orders") << std::endl;
  } catch (const Poco::Exception& error) {
    std::cerr << error.displayText() << std::endl;
    return 1;
  }
}
