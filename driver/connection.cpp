#include "driver/connection.h"

#include <utility>

#include "driver/settings/connect_remedy.h"
#include "driver/sql/escapes.h"
#include "driver/statement.h"
#include "fabric/base/error.h"
#include "fabric/mysql/refusal.h"

namespace driver {

using fabric::base::Deadline;
using fabric::base::Error;
using fabric::base::LogLevel;
using fabric::mysql::Refusal;
using fabric::mysql::refusal_of;

namespace {

/// What a server says of INITSTMT may quote it.
std::size_t end_of_what_is_logged(const std::string& text) {
  const std::size_t said = text.find(kInitStatementFailed);
  return said == text.npos ? said : said + kInitStatementFailed.size();
}

bool may_have_version_comment(std::string_view sql) {
  constexpr std::string_view kOpening = "/*";
  for (auto at = sql.find(kOpening); at != sql.npos; at = sql.find(kOpening, at + 2)) {
    const std::string_view mark = sql.substr(at + 2, 2);
    if (mark.starts_with('!') || mark == "M!") return true;
  }
  return false;
}

}  // namespace

Connection::Connection(Environment& environment)
    : Handle(kKind, own_mutex_), environment_(environment), runtime_(&Runtime::current()) {
  environment_.add(*this);
  diagnostics.odbc2_states = odbc2();
}

Connection::~Connection() {
  drop_if_forked();
  environment_.remove(*this);
}

void Connection::require_connected() const {
  if (!connected() || browsing_) throw Error(SqlState::k08003, "The connection is not open");
}

void Connection::connect(settings::ConnectionSettings settings) {
  if (connected() || browsing_) {
    throw Error(SqlState::k08002, "The connection is open already, or being browsed");
  }
  runtime_ = &Runtime::current();
  generation_ = Runtime::generation();
  settings_ = std::move(settings);
  dsn_route_ = settings_.fabric.route();
  apply_route_values();
  if (session_.database.empty()) session_.database = settings_.database;
  keep_read_only_if_asked();
  session_.init_statement = settings_.init_statement;
  session_.pad_space = settings_.options.pad_space;
  session_.auto_is_null = settings_.options.auto_is_null;
  if (settings_.options.no_transactions && !session_.autocommit) {
    diagnostics.warn(SqlState::k01S00, "NO_TRANSACTIONS=1: autocommit is switched on again");
    session_.autocommit = true;
  }
  name_session();
  open_log();
  const Deadline failover = Deadline::after(clock(), settings_.failover_timeout);
  const Deadline login = login_timeout_ == 0
                             ? Deadline::never()
                             : Deadline::after(clock(), std::chrono::seconds(login_timeout_));
  bool at_server = false;  // else the error is a Fabric node's, of another account
  try {
    find_group(earliest(login, failover));
    at_server = true;
    ensure_lease(login, failover);
  } catch (const Error& error) {
    const int refusal = at_server ? error.native() : 0;
    const std::string text =
        error.what() + settings::connect_remedy(settings_, refusal, error.what());
    runtime_->log().note(LogLevel::kError, [&] {
      return *name_ + " could not connect: " + text.substr(0, end_of_what_is_logged(text));
    });
    leave_farm();
    runtime_->farms().look_soon();
    throw_timeout_if_passed(login, error);
    // Of SQLConnect's states none fits; 3D000 is for what asks for a catalog later.
    if (refusal_of(static_cast<unsigned>(refusal)) == Refusal::kUnknownDatabase) {
      throw Error(SqlState::k42000, text, error.native());
    }
    throw Error(error.state(), text, error.native());
  } catch (...) {
    leave_farm();
    throw;
  }
  warn_of_charset(sql::facts_of(settings_.init_statement), diagnostics);
  open_stats_file();
  runtime_->log().note(LogLevel::kDebug, [&] {
    return *name_ + " connected: group '" + borrowed_.server.group + "', " +
           borrowed_.server.endpoint.text() + ", user " + settings_.credentials.user;
  });
  if (borrowed_.limit_differs) {
    diagnostics.warn(SqlState::k01S00,
                     "Another DSN gave another MAX_POOL_SIZE for the same server and user: the "
                     "larger counts");
  }
}

void Connection::warn_of_charset(const sql::StatementFacts& facts, Diagnostics& told) {
  if (!facts.charset) return;
  const std::string text = routing::charset_warning(*facts.charset);
  if (!text.empty()) told.warn(SqlState::k01000, text);
}

/// Nothing of the farm is held any more, which may end.
void Connection::leave_farm() {
  borrowed_ = {};
  group_pool_.reset();
  farm_.reset();
}

void Connection::name_session() {
  const std::string dsn = settings_.dsn.empty() ? "without a DSN" : "of DSN " + settings_.dsn;
  name_ = std::make_shared<const std::string>("session " +
                                              std::to_string(runtime_->next_session()) + " " + dsn);
}

void Connection::open_log() {
  const std::string& path = settings_.log_file;
  if (!path.empty() && !runtime_->log().add(path, settings_.log_level)) warn_of_file("LOG", path);
}

void Connection::open_stats_file() {
  const std::string& path = settings_.stats_file;
  if (!path.empty() && !runtime_->stats_file().add(path)) warn_of_file("STATS_FILE", path);
}

void Connection::warn_of_file(const char* keyword, const std::string& path) {
  diagnostics.warn(SqlState::k01S00, std::string(keyword) + ": '" + path +
                                         "' cannot be written; name a file in a folder that the "
                                         "process may write to");
}

void Connection::require_in_sequence_by_statements(Sequence sequence) {
  for (Statement* statement : statements_) statement->require_in_sequence(sequence);
}

void Connection::require_can_disconnect() {
  if (browsing_) return;
  require_connected();
  drop_if_forked();
  require_in_sequence_by_statements(Sequence::kWhileOutputIsGiven);
  // What SQL text began, and SQLEndTran cannot end, ends with the session.
  if (session_.autocommit || transaction_.rollback_refused) return;
  bool open = false;
  try {
    open = transaction_stands();
  } catch (const Error&) {
    // It went with its link.
  }
  if (open) {
    throw Error(SqlState::k25000,
                "A transaction is open: commit or roll back before disconnecting");
  }
}

/// With autocommit off every statement counts as one, of which only the server knows whether it
/// opened a transaction or, when it failed, ended one.
bool Connection::transaction_stands() {
  if (!transaction_.open || !borrowed_.lease) return false;
  const bool known = session_.autocommit || streaming_ != nullptr;
  if (known && borrowed_.lease.connection().in_transaction()) return true;
  const Deadline deadline =
      earliest(request_deadline(), Deadline::after(clock(), settings_.failover_timeout));
  ask_here([&](fabric::mysql::ServerConnection& connection) { connection.run("DO 0", deadline); },
           deadline);
  transaction_.open = borrowed_.lease.connection().in_transaction();
  return transaction_.open;
}

void Connection::disconnect() {
  if (connected()) {
    runtime_->log().note(LogLevel::kDebug, [&] { return *name_ + " disconnected"; });
  }
  browsing_.reset();
  ansi_application = false;
  lose_lease();
  leave_farm();
  session_.disconnected();
  session_.database.clear();
  reroute_ = false;
  wrote_at_.reset();
  writes_.forget();
  leftovers_.forget();
  if (std::exchange(watched_, false)) runtime_->read_ahead().remove(*this);
  transaction_.lost = false;
  untold_.reset();
  link_lost_ = false;
  set_origin({});
}

void Connection::end_transaction(bool commit) {
  require_connected();
  drop_if_forked();
  require_in_sequence_by_statements(Sequence::kOrdinary);
  if (!transaction_.lost && (!borrowed_.lease || !transaction_.open)) return;
  sql::StatementFacts facts;
  facts.kind = commit ? sql::StatementKind::kCommit : sql::StatementKind::kRollback;
  transaction_.rollback_refused = !commit;
  run_command(facts, commit ? "COMMIT" : "ROLLBACK");
  transaction_.rollback_refused = false;
}

bool Connection::must_keep_lease() const { return transaction_.open || session_.pinned(); }

sql::ScanOptions Connection::scan_options(const std::string& sql) {
  sql::ScanOptions options;
  if (may_have_version_comment(sql)) {
    ensure_lease(Deadline::never());
    options.server_version = borrowed_.lease.connection().version_number();
    options.mariadb = borrowed_.lease.connection().is_mariadb();
  }
  const bool matters = sql::may_have_escapes(sql) && sql.find('\\') != std::string::npos;
  if (matters) ensure_lease(Deadline::never());
  options.no_backslash_escapes = no_backslash_escapes();
  if (!matters || options.no_backslash_escapes) return options;
  // What is between double quotes is a string or a name by ANSI_QUOTES, of which servers tell only
  // when asked.
  sql::ScanOptions ansi = options;
  ansi.ansi_quotes = true;
  if (sql.find('"') == std::string::npos || sql::translate_alike(sql, options, ansi))
    return options;
  return ansi_quotes() ? ansi : options;
}

bool Connection::ansi_quotes() {
  return rows("SELECT FIND_IN_SET('ANSI_QUOTES', @@sql_mode)").at(0).at(0) != "0";
}

std::string Connection::native_sql(const std::string& sql) {
  const sql::ScanOptions options = scan_options(sql);
  if (is_fabric_statement(sql, options)) return sql;
  return sql::translate_escapes(sql, options).sql.value_or(sql);
}

TypeRules Connection::type_rules() const {
  TypeRules rules;
  rules.odbc2 = odbc2();
  rules.ansi = ansi_application;
  rules.no_bigint = settings_.options.no_bigint;
  rules.bigint_as_text = settings_.options.bigint_as_text;
  rules.no_binary_result = settings_.options.no_binary_result;
  rules.zero_date_to_min = settings_.options.zero_date_to_min;
  rules.full_column_names = settings_.options.full_column_names;
  return rules;
}

convert::MomentRules Connection::moment_rules() const {
  return {.min_date_to_zero = settings_.options.min_date_to_zero,
          .cut = settings_.options.no_date_overflow};
}

InfoContext Connection::info_context() {
  InfoContext context;
  context.data_source_name = settings_.dsn;
  context.user_name = settings_.credentials.user;
  context.read_only = settings_.fabric.mode == settings::FabricMode::kReadOnly ||
                      access_mode_ == SQL_MODE_READ_ONLY;
  if (!connected()) return context;
  ensure_lease(Deadline::never());
  const fabric::mysql::ServerConnection& server = borrowed_.lease.connection();
  context.server_name = borrowed_.server.endpoint.host;
  context.database_name = session_.database;
  context.server_version = server.server_version();
  context.is_mariadb = server.is_mariadb();
  const settings::DbmsName name = settings_.options.dbms_name;
  context.named_mariadb = name == settings::DbmsName::kOfTheServer
                              ? context.is_mariadb
                              : name == settings::DbmsName::kMariaDb;
  context.version_number = server.version_number();
  return context;
}

}  // namespace driver
