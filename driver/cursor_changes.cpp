#include "driver/cursor_changes.h"

#include <charconv>
#include <utility>

#include "driver/single_table.h"
#include "driver/statement.h"
#include "fabric/base/error.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::mysql::Cell;
using fabric::mysql::Reply;
using fabric::mysql::Row;
using fabric::mysql::RowFormat;
using fabric::mysql::ServerConnection;

namespace {

std::string checked_table(const std::string& select, Connection& connection) {
  const SingleTable single = single_table_of(select, connection.scan_options(select));
  if (single.refusal.empty()) return single.table;
  throw Error(SqlState::kHYC00, "The rows of this result cannot be changed: " + single.refusal);
}

}  // namespace

std::uint64_t matched_rows(const fabric::mysql::Counts& counts) {
  constexpr std::string_view kMatched = "Rows matched: ";
  const std::size_t at = counts.info.find(kMatched);
  if (at == std::string::npos) return counts.affected_rows;
  std::uint64_t rows = 0;
  std::from_chars(counts.info.data() + at + kMatched.size(),
                  counts.info.data() + counts.info.size(), rows);
  return rows;
}

CursorChanges::CursorChanges(const Statement& statement, const RowLocator::Columns& columns,
                             RowFormat format, const std::string& select)
    : statement_(statement),
      connection_(statement.connection()),
      locator_(columns, format, checked_table(select, connection_)) {
  find_key();
}

void CursorChanges::find_key() {
  enum Field : std::size_t { kNonUnique = 1, kKeyName = 2, kColumn = 4, kSubPart = 7, kNull = 9 };
  std::vector<std::vector<std::string>> keys;
  std::string last;
  bool usable = false;
  for (const Record& row : connection_.rows("SHOW KEYS FROM " + locator_.table())) {
    if (row.size() <= kNull || row[kNonUnique] != "0" || !row[kColumn]) continue;
    if (keys.empty() || row[kKeyName] != last) {
      if (!keys.empty() && !usable) keys.pop_back();
      keys.emplace_back();
      last = row[kKeyName].value_or("");
      usable = true;
    }
    // Of a nullable key several rows may hold NULL; a prefix alone is no value.
    usable = usable && row[kNull].value_or("") != "YES" && !row[kSubPart];
    keys.back().push_back(*row[kColumn]);
  }
  if (!keys.empty() && !usable) keys.pop_back();
  locator_.choose_key(keys);
  locator_.compare_too(connection_.sharding_column(locator_.schema(), locator_.table_name()));
}

bool CursorChanges::is_generated(std::size_t column) {
  enum Field : std::size_t { kName = 0, kExtra = 5 };
  constexpr unsigned kFirstOfMysql = 50700;
  if (!knows_generated_ &&
      (connection_.is_mariadb() || connection_.version_number() >= kFirstOfMysql)) {
    std::vector<std::string> names;
    for (const Record& row : connection_.rows("SHOW COLUMNS FROM " + locator_.table())) {
      const std::string extra = row.at(kExtra).value_or("");
      // DEFAULT_GENERATED is another thing: a default that is computed.
      const bool computed = extra.find("VIRTUAL") != std::string::npos ||
                            extra.find("STORED") != std::string::npos ||
                            extra.find("PERSISTENT") != std::string::npos;
      if (computed) names.push_back(row.at(kName).value_or(""));
    }
    locator_.note_generated(names);
  }
  knows_generated_ = true;
  return locator_.is_generated(column);
}

CursorChanges::Found CursorChanges::find(const Row& row, const CursorOptions& options) {
  Found found{.where = locator_.where(row, options.compares_values())};
  if (locator_.has_key()) return found;
  if (options.simulate_cursor() == SQL_SC_UNIQUE) {
    throw Error(SqlState::kHYC00,
                "The result holds no key of table " + locator_.table() +
                    ": select its primary key, or set SQL_ATTR_SIMULATE_CURSOR to "
                    "SQL_SC_NON_UNIQUE");
  }
  const auto counted = connection_.rows(locator_.count(found.where));
  const std::string count = counted.empty() ? "0" : counted[0][0].value_or("0");
  found.hit = count == "0" ? Hit::kNone : count == "1" ? Hit::kOne : Hit::kSeveral;
  return found;
}

std::uint64_t CursorChanges::run(const std::string& sql, Values values) {
  const Deadline deadline = statement_.deadline();
  const CancelPoint::Running running(connection_.cancel_point(), statement_);
  std::unique_ptr<fabric::mysql::Prepared> prepared;
  const StatementFacts facts = facts_of(sql, connection_.scan_options(sql));
  statement_.require_row_stays(sql, facts, values);
  const auto reply = connection_.execute(
      facts,
      [&](ServerConnection& server) {
        if (values.empty()) return server.query(sql, deadline);
        prepared = server.prepare(sql, deadline);
        return prepared->execute(values, deadline);
      },
      deadline);
  return reply == nullptr ? 0 : matched_rows(reply->counts());
}

CursorChanges::Hit CursorChanges::update(const Found& found, Chosen columns, Values values) {
  if (found.hit == Hit::kNone) return Hit::kNone;
  return run(locator_.update(columns, found.where), values) == 0 ? Hit::kNone : found.hit;
}

CursorChanges::Hit CursorChanges::remove(const Found& found) {
  if (found.hit == Hit::kNone) return Hit::kNone;
  return run(locator_.remove(found.where), {}) == 0 ? Hit::kNone : found.hit;
}

void CursorChanges::insert(Chosen columns, Values values) { run(locator_.insert(columns), values); }

bool CursorChanges::read_again(const Row& old, Chosen columns, Values values, const Taker& take) {
  const std::string sql = locator_.select(locator_.where_after(old, false, columns, values));
  const Deadline deadline = statement_.deadline();
  StatementFacts facts;
  facts.kind = StatementKind::kSelect;
  facts.pure_read = true;
  bool found = false;
  std::unique_ptr<fabric::mysql::Prepared> prepared;
  const auto reply = connection_.execute(
      facts,
      [&](ServerConnection& server) {
        std::unique_ptr<Reply> rows;
        if (locator_.format() == RowFormat::kText) {
          rows = server.query(sql, deadline);
        } else {
          prepared = server.prepare(sql, deadline);
          rows = prepared->execute({}, deadline);
        }
        if (const Row* row = rows->fetch(deadline)) {
          std::vector<Cell> cells(row->begin(), row->end());
          for (std::size_t i = 0; i < cells.size(); ++i) {
            if (!locator_.of_table(i)) cells[i] = old[i];
          }
          take(cells);
          found = true;
          rows->next_result(deadline);
        }
        return rows;
      },
      deadline);
  return found;
}

}  // namespace driver
