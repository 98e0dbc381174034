// The connection handle: an application's session, the lease that carries it, and what happens when
// a link is lost. Guarded by its own mutex, which its statements and descriptors share; it may be
// held across I/O.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "driver/attribute_table.h"
#include "driver/cancel.h"
#include "driver/cancel_later.h"
#include "driver/catalog/source.h"
#include "driver/convert/moment.h"
#include "driver/environment.h"
#include "driver/fabric_explain.h"
#include "driver/fabric_statements.h"
#include "driver/failure.h"
#include "driver/handle.h"
#include "driver/info_table.h"
#include "driver/last_writes.h"
#include "driver/leftovers.h"
#include "driver/route_attributes.h"
#include "driver/routing/session_text.h"
#include "driver/row_insert.h"
#include "driver/runtime.h"
#include "driver/server_facts.h"
#include "driver/session.h"
#include "driver/settings/connection_settings.h"
#include "driver/sql/statement_facts.h"
#include "driver/statement_route.h"
#include "driver/statement_shape.h"
#include "driver/transaction.h"
#include "driver/type_info.h"
#include "fabric/base/error.h"
#include "fabric/base/function_ref.h"
#include "fabric/mysql/reply.h"
#include "pool/group_pool.h"

namespace driver {

class Statement;
class Descriptor;
struct FabricPlace;

class Connection final : public Handle, public catalog::CatalogSource {
 public:
  static constexpr HandleKind kKind = HandleKind::kConnection;

  explicit Connection(Environment& environment);
  ~Connection() override;

  /// Opens the session: settings -> farm -> lease. Warnings are already in the diagnostics.
  void connect(settings::ConnectionSettings settings);
  /// One step of SQLBrowseConnect: the attributes still wanted, or, once open, the completed
  /// string.
  struct BrowseStep {
    bool done = false;
    std::string text;
  };
  BrowseStep browse(std::string_view given_now);
  /// 08003 when not open, 25000 while a transaction is open (ODBC 3.8, SQLDisconnect).
  void require_can_disconnect();
  void require_in_sequence_by_statements(Sequence sequence);
  /// Gives the lease back; the statements are freed before.
  void disconnect();
  [[nodiscard]] bool connected() const { return group_pool_ != nullptr; }
  /// SQLBrowseConnect waits for its next string.
  [[nodiscard]] bool browsing() const { return browsing_.has_value(); }
  /// Throws 08003 when not connected.
  void require_connected() const;

  // Attributes (connection_attributes.cpp).
  void set_attribute(SQLINTEGER id, SQLPOINTER value);
  /// Numeric attributes; text ones go by text_attribute().
  [[nodiscard]] SQLULEN attribute(SQLINTEGER id);
  [[nodiscard]] static bool is_text_attribute(SQLINTEGER id);
  [[nodiscard]] std::string text_attribute(SQLINTEGER id);
  void set_text_attribute(SQLINTEGER id, std::string value);
  /// Statement attributes set on the connection (ODBC 2): where later statements start.
  [[nodiscard]] const std::map<SQLINTEGER, SQLPOINTER>& statement_defaults() const {
    return statement_defaults_;
  }
  /// SQL_TXN_...: of this session, or what the server gives to new ones.
  [[nodiscard]] SQLULEN isolation(bool of_new_sessions);
  /// SQL_ATTR_CONNECTION_TIMEOUT from now.
  [[nodiscard]] fabric::base::Deadline request_deadline() const;

  // Where the session goes, by the attributes of fabric_odbc.h (connection_route.cpp).
  /// The next statement follows. 25000 while the session cannot move.
  void set_route(const RouteAttribute& attribute, SQLPOINTER value, SQLINTEGER length);
  [[nodiscard]] std::string route_text(const RouteAttribute& attribute) const;
  [[nodiscard]] SQLUINTEGER route_number(const RouteAttribute& attribute) const;

  // Where one statement goes (connection_statement_route.cpp), and the session before it is run
  // (connection_move.cpp).
  /// Decides, and changes nothing. Throws base::Error for settings and hints that lead nowhere.
  StatementRoute plan(const RoutedStatement& statement, fabric::base::Deadline deadline);
  /// take(plan()) where little is to be decided: its hint is known but for the key; or it has no
  /// word of its own, and there is no farm, or one without shards on whose group the connection was
  /// put. Else false.
  bool take_without_plan(const RoutedStatement& statement, fabric::TopologyPtr& planned_by);
  /// Before it runs. 25000 while the session cannot move, HY000 for what was refused.
  void take(const StatementRoute& plan);
  /// Whether the farm has changed since begin_planning() while a server was waited for, as when a
  /// shard moves: the statement, of which nothing was sent yet, may belong elsewhere.
  void begin_planning() { waited_ = write_refused_ = false; }
  bool plan_is_old(std::uint64_t version, fabric::base::Deadline deadline);
  /// While it lives, what waits for a server of its group throws RouteMoved once the shard maps are
  /// others than those of `plan` (null: never).
  class Replannable {
   public:
    Replannable(Connection& connection, const fabric::TopologyPtr& plan) : connection_(connection) {
      connection_.planned_by_ = &plan;
    }
    ~Replannable() { connection_.planned_by_ = nullptr; }
    Replannable(const Replannable&) = delete;
    Replannable& operator=(const Replannable&) = delete;

   private:
    Connection& connection_;
  };
  /// Before it is prepared: stays where it is rather than refuse.
  void take_to_prepare(const StatementRoute& plan);
  /// The statement was run by that route. A transaction that was only begun may still move.
  void note_run(const std::string& sql, const sql::StatementFacts& facts) {
    transaction_.note_run(sql, facts);
  }
  /// Back to where a cursor's rows are.
  void go_to(std::string_view group);
  /// By the settings alone, for what reads the catalog; where it is if it must stay there.
  void go_home(fabric::base::Deadline deadline);
  [[nodiscard]] const std::string& group() const { return group_pool_->group(); }
  /// Of a sharded table, else empty.
  [[nodiscard]] std::string sharding_column(const std::string& schema, const std::string& table);

  /// SET FABRIC (as set_route(), all of it or nothing) and SHOW FABRIC.
  std::unique_ptr<fabric::mysql::Reply> answer(const FabricStatement& statement,
                                               fabric::base::Deadline deadline);
  /// EXPLAIN FABRIC (fabric_explain.cpp).
  std::unique_ptr<fabric::mysql::Reply> explain(const ExplainedStatement& explained,
                                                fabric::base::Deadline deadline);
  /// SQLNativeSql.
  [[nodiscard]] std::string native_sql(const std::string& sql);

  /// SQLEndTran.
  void end_transaction(bool commit);

  using Command = fabric::base::FunctionRef<std::unique_ptr<fabric::mysql::Reply>(
      fabric::mysql::ServerConnection&)>;
  /// Where a command runs in FABRIC_MODE=AUTO.
  enum class Where : std::uint8_t { kByStatement, kHere };
  /// Runs one command of `owner` on the session's physical connection: makes way on the wire, takes
  /// a new lease where needed, retries what may be retried, else throws by the table in failure.h.
  std::unique_ptr<fabric::mysql::Reply> execute(const sql::StatementFacts& facts, Command command,
                                                fabric::base::Deadline deadline,
                                                Where where = Where::kByStatement);
  /// A link was lost while `facts`' result was read. Returns when the statement may be run again
  /// unseen, else throws.
  void reading_failed(const fabric::mysql::MysqlError& error, const sql::StatementFacts& facts,
                      bool rows_given);
  using Action = fabric::base::FunctionRef<void(fabric::mysql::ServerConnection&)>;
  /// For commands that change nothing on the server (prepare of the statement of `facts`), where
  /// that statement will run: the wire free, retries as execute().
  void without_effect(const sql::StatementFacts& facts, Action action,
                      fabric::base::Deadline deadline);
  /// For questions of the driver's own: on the server that the session is on.
  void ask_here(Action action, fabric::base::Deadline deadline);
  /// A question of the driver's own failed where the application is told nothing: a transaction or
  /// session state that was lost by it is told by the next statement.
  void tell_with_next(const fabric::base::Error& error);
  /// For a command that is run by the calls above, on the connection that it is given.
  pool::PreparedLoan prepare(const std::string& sql, fabric::base::Deadline deadline,
                             pool::Lease::Wanted wanted) {
    return borrowed_.lease.prepare(sql, deadline, wanted);
  }
  /// The session's physical connection with the wire free, to look at.
  fabric::mysql::ServerConnection& ready_connection(fabric::base::Deadline deadline);
  /// A result was read to its end: what the statement left behind is known now.
  void finished_reading(const sql::StatementFacts& facts, const fabric::mysql::Reply& reply);

  /// After each call, POOL_MODE=TRANSACTION: gives the lease back unless something needs it
  /// (connection_rest.cpp).
  void settle() noexcept {
    if (!settings_.lease_per_transaction || !borrowed_.lease) return;
    const CancelLater cancel_later;
    rest();
  }

  /// `statement` has unread results on the wire, or none any more (null).
  void set_streaming(Statement* statement) { streaming_ = statement; }
  [[nodiscard]] Statement* streaming() const { return streaming_; }
  /// A result is open on the wire and the application is at work on it: now.
  void note_streaming();
  /// From ReadAhead's thread, this mutex held: reads on if nothing was fetched since the last time.
  void read_ahead() noexcept;
  /// `reply` of `statement` is closed before its end: reads a little, else kills its query by a
  /// connection of its own, else leaves the link to be dropped. What does more than read is read
  /// to its end, so that it is done.
  void end_reading(const Statement& statement, fabric::mysql::Reply& reply,
                   const sql::StatementFacts& facts) noexcept;
  /// In a forked child, before anything else: forgets the parent's link without a word on it. What
  /// was open is told as lost; the next command takes a lease of the child's own.
  void drop_if_forked() {
    if (inherited()) drop_what_is_inherited();
  }
  [[nodiscard]] bool inherited() const { return generation_ != Runtime::generation(); }
  /// For SQLCancel: needs no lock.
  [[nodiscard]] CancelPoint& cancel_point() { return *cancel_point_; }
  /// Ends at its server what runs on this connection when `due` comes before the alarm's end.
  [[nodiscard]] QueryTimer::Alarm alarm(fabric::base::Deadline due) {
    if (due.is_never()) return {};
    return runtime_->query_timer().set(cancel_point_, due);
  }
  [[nodiscard]] bool has_lease() const { return static_cast<bool>(borrowed_.lease); }
  /// True when dropping the physical connection would lose something of the application's.
  [[nodiscard]] bool must_keep_lease() const;
  bool transaction_stands();
  /// No statement moves the session to another server, whatever it holds.
  [[nodiscard]] bool stays() const {
    const settings::FabricSettings& fabric = settings_.fabric;
    return transaction_.open || (fabric.nodes.empty() && fabric.topology_file.empty());
  }

  [[nodiscard]] const Environment& environment() const { return environment_; }
  [[nodiscard]] bool odbc2() const { return environment_.odbc_version == SQL_OV_ODBC2; }
  [[nodiscard]] TypeRules type_rules() const;
  [[nodiscard]] convert::MomentRules moment_rules() const;
  [[nodiscard]] const settings::ConnectionSettings& settings() const { return settings_; }
  [[nodiscard]] const fabric::base::Clock& clock() const { return runtime_->clock(); }
  [[nodiscard]] Session& session() { return session_; }
  /// For SQLGetInfo.
  [[nodiscard]] InfoContext info_context();
  /// 01000 where the statement sets another character set than the driver's.
  static void warn_of_charset(const sql::StatementFacts& facts, Diagnostics& told);
  /// What the server at hand said of tables that were inserted into, until that may have changed.
  [[nodiscard]] std::map<std::string, InsertTarget>& insert_targets() {
    return asked_.insert_targets;
  }
  /// How the session reads this text. Asks the server, if at all, for escapes beside backslashes.
  [[nodiscard]] sql::ScanOptions scan_options(const std::string& sql);
  /// The session takes "x" for a name. Asks the server.
  [[nodiscard]] bool ansi_quotes();
  [[nodiscard]] KnownShapes& known_shapes() { return known_shapes_; }

  void add(Statement& statement) { statements_.push_back(&statement); }
  /// For a cursor's generated name: from 0.
  unsigned next_cursor_number() { return cursors_++; }
  void remove(Statement& statement) { statements_.remove(&statement); }
  void add(Descriptor& descriptor) { descriptors_.push_back(&descriptor); }
  void remove(Descriptor& descriptor) { descriptors_.remove(&descriptor); }
  [[nodiscard]] const std::list<Statement*>& statements() const { return statements_; }
  [[nodiscard]] const std::list<Descriptor*>& descriptors() const { return descriptors_; }

  // CatalogSource.
  std::vector<rows::Record> rows(const std::string& sql) override;
  std::vector<rows::Record> rows_of(const catalog::OneTable& table,
                                    const std::string& sql) override;
  std::string current_database() override;
  bool no_backslash_escapes() override;
  bool is_mariadb() override;
  bool may_have_temporary_tables() override { return session_.pinned(); }
  unsigned version_number() override;

  SQLUINTEGER metadata_id = SQL_FALSE;
  /// Connected by an A call, or said by SQL_ATTR_ANSI_APP: text is of the SQL_CHAR kinds.
  bool ansi_application = false;

 private:
  void set_autocommit(bool on);
  void set_isolation(SQLULEN value);
  void set_access_mode(SQLUINTEGER value);
  void keep_read_only_if_asked();
  void keep_read_only(bool read_only);
  void set_statement_default(SQLINTEGER id, SQLPOINTER value);
  [[nodiscard]] SQLULEN statement_default(SQLINTEGER id, SQLULEN otherwise) const;
  void require_settable_now(const AttributeRow& row) const;
  void run_command(const sql::StatementFacts& facts, const std::string& sql);
  void reset();
  /// SQL_ATTR_CONNECTION_DEAD: of a plain DSN, from a look at the socket.
  [[nodiscard]] bool dead() const;
  void find_group(fabric::base::Deadline deadline);
  /// A statement's, with its hint and its attributes.
  struct OwnWord {
    settings::RouteSettings settings;  ///< the connection's, with it
    bool decides_group;
    bool names_group;
  };
  [[nodiscard]] OwnWord own_word(const RoutedStatement& statement) const;
  StatementRoute plan_now(const RoutedStatement& statement, fabric::base::Deadline deadline);
  std::vector<rows::Record> ask_group(const std::vector<std::string>& groups,
                                      const std::string& sql, fabric::base::Deadline deadline,
                                      const fabric::TopologyPtr& planned_by = {});
  ServerFacts server_facts(const RouteQuestion& question);
  // connection_reading.cpp
  sql::ScanOptions routing_options(const RoutedStatement& statement,
                                   fabric::base::Deadline deadline);
  const routing::SessionText* session_text(fabric::base::Deadline deadline);
  [[nodiscard]] bool needs_one_server(const sql::StatementFacts& facts) const;
  [[nodiscard]] bool names_have_case(const fabric::Topology& topology,
                                     fabric::base::Deadline deadline);
  void refuse_unreadable(const RouteQuestion& question, StatementRoute& plan);
  void forget_reading(const sql::StatementFacts& facts);
  const routing::Analysis& analysis_of(const RouteQuestion& question,
                                       std::optional<RememberedAnalysis>& kept);
  void plan_by_text(const routing::Analysis& analysis, const RouteQuestion& question,
                    StatementRoute& plan);
  void plan_by_default(const RouteQuestion& question, StatementRoute& plan);
  void refuse_hidden(const routing::Analysis& analysis, const RouteQuestion& question,
                     StatementRoute& plan);
  void refuse_unknown_maps(const RouteQuestion& question, StatementRoute& plan);
  static void plan_by_key(const routing::Analysis& analysis, settings::RouteSettings& settings,
                          StatementRoute& plan);
  void remember_hint(const RouteQuestion& question, const StatementRoute& plan);
  [[nodiscard]] std::optional<StatementPlace> known_place(const RoutedStatement& statement,
                                                          fabric::TopologyPtr& now) const;
  void regroup_after_fork();
  [[nodiscard]] fabric::TopologyPtr topology(fabric::base::Deadline deadline) const;
  void apply_route_values();
  void change_route(const RouteChanges& changes);
  [[nodiscard]] FabricPlace place() const;
  std::vector<rows::Record> fabric_rows(FabricView view, fabric::base::Deadline deadline);
  void require_may_move() const;
  void require_may_take(const StatementPlace& place) const;
  void take_place(const StatementPlace& place);
  void take_mode(settings::FabricMode mode);
  [[nodiscard]] bool in_group_of_settings() const;
  [[nodiscard]] settings::RouteSettings route_now() const;
  /// What a command needs of its server; nothing: whichever the session is on.
  using Need = std::optional<fabric::RequestMode>;
  [[nodiscard]] Need need_of(const sql::StatementFacts& facts) const;
  [[nodiscard]] fabric::RequestMode mode_for(Need need) const;
  [[nodiscard]] fabric::RequestMode mode_of(const StatementRoute& route,
                                            const sql::StatementFacts& facts);
  [[nodiscard]] bool lease_serves(fabric::RequestMode mode) const;
  [[nodiscard]] bool wrote_lately() const;
  fabric::RequestMode follow_route(fabric::base::Deadline deadline, Need need);
  /// SQLBrowseConnect's last step: the session is open, a database may still be chosen.
  BrowseStep browse_databases();
  /// One run of a statement, for judge().
  struct Attempt {
    bool rows_given = false;
    unsigned reruns = 0;
    fabric::base::Deadline failover = fabric::base::Deadline::never();
  };
  /// `caller`: the application's own limit, HYT00 after it. `failover`: FAILOVER_TIMEOUT.
  void borrow(fabric::RequestMode mode, fabric::base::Deadline caller,
              fabric::base::Deadline failover);
  void ensure_lease(fabric::base::Deadline caller, fabric::base::Deadline failover,
                    Need need = std::nullopt);
  void ensure_lease(fabric::base::Deadline caller);
  void set_origin(const std::string& origin);
  void throw_timeout_if_passed(fabric::base::Deadline caller,
                               const fabric::base::Error& error) const;
  void make_way();
  [[nodiscard]] bool drained(fabric::mysql::Reply& reply);
  [[nodiscard]] bool kill(const Statement& statement);
  void lose_lease();
  void leave_lease(fabric::base::Deadline deadline);
  [[nodiscard]] bool lease_is_useless() const;
  void give_back_if_useless(fabric::base::Deadline deadline);
  void ready_session(const sql::StatementFacts& facts, fabric::base::Deadline deadline);
  void guard_repeated_read(const sql::StatementFacts& facts, fabric::base::Deadline deadline);
  void drop_if_kill_is_under_way();
  void absorb_stray_kill(fabric::base::Deadline deadline);
  /// `target`: the statement that is run or prepared; by it the server is chosen.
  struct Plan {
    const sql::StatementFacts& facts;
    const sql::StatementFacts& target;
    Where where = Where::kByStatement;
  };
  void run(const Plan& plan, Action action, fabric::base::Deadline deadline);
  [[nodiscard]] FailureContext failure_context(const Attempt& attempt) const;
  /// Throws what the application is told. False: counted as success, nothing is left to do.
  bool run_again_after(const fabric::mysql::MysqlError& error, const sql::StatementFacts& facts,
                       const Attempt& attempt);
  void note_refused(const fabric::mysql::MysqlError& error, const sql::StatementFacts& facts);
  void refuse_in_lost_transaction(const sql::StatementFacts& facts);
  void refuse_lost_values(const sql::StatementFacts& facts) const;
  void rest() noexcept;
  void drop_what_is_inherited();
  [[nodiscard]] bool is_held();
  [[nodiscard]] bool is_held_by_functions();
  [[nodiscard]] bool function_leaves_state(const sql::CalledFunction& function);
  [[nodiscard]] bool may_read_insert_id(const sql::StatementFacts& facts,
                                        fabric::base::Deadline deadline);
  [[nodiscard]] routing::CachedName name_here(const sql::NamedTable& name,
                                              routing::NameUse use) const;
  std::vector<routing::Definition> definitions_of(const routing::CachedName& name,
                                                  fabric::base::Deadline deadline);
  [[nodiscard]] std::vector<std::string> pins() const;
  void clean_if_it_shows(const sql::StatementFacts& facts, fabric::base::Deadline deadline);
  void refuse_write_on_secondary(const sql::StatementFacts& facts) const;
  void note_executed(const sql::StatementFacts& facts, const fabric::mysql::Reply* reply);
  /// What the answer itself tells of the connection.
  void note_answered(const sql::StatementFacts& facts, const fabric::mysql::Reply* reply);
  void note_residue(const sql::StatementFacts& facts);
  void note_write(const sql::StatementFacts& facts);
  void note_written();
  void note_hidden_write();
  [[noreturn]] void fail(const fabric::mysql::MysqlError& error, const FailureVerdict& verdict,
                         const std::string& lost_names);

  void leave_farm();
  void open_log();
  void open_stats_file();
  void warn_of_file(const char* keyword, const std::string& path);
  void name_session();

  Mutex own_mutex_;
  Environment& environment_;
  Runtime* runtime_;
  settings::ConnectionSettings settings_;
  std::shared_ptr<const std::string> name_;            ///< in the log
  std::optional<settings::GivenAttributes> browsing_;  ///< what SQLBrowseConnect was given so far
  std::shared_ptr<fabric::Farm> farm_;                 ///< null: a plain DSN
  std::shared_ptr<pool::GroupPool> group_pool_;
  pool::Borrowed borrowed_;
  std::uint64_t generation_ = 0;  ///< Runtime::generation() of what is below and of runtime_
  std::optional<int> mapping_;    ///< by whose shards the group was found
  bool regroup_ = false;          ///< group_pool_ is of a parent process
  RouteValues route_values_;
  settings::RouteSettings dsn_route_;                         ///< without them
  std::map<SQLINTEGER, fabric::base::Error> refused_routes_;  ///< before connecting
  bool reroute_ = false;                                      ///< the lease is of an older route
  fabric::RequestMode lease_mode_ = fabric::RequestMode::kReadWrite;
  std::optional<fabric::base::SteadyTime> wrote_at_;  ///< this session, last
  LastWrites writes_;
  settings::FabricMode route_mode_ =
      settings::FabricMode::kReadWrite;  ///< of the last statement's route
  /// What a server has told of this session; nothing: not known.
  struct Asked {
    std::optional<bool> ansi_quotes = {};
    std::map<std::string, bool> names_have_case = {};  ///< by group
    std::optional<routing::SessionText> text = {};
    std::map<std::string, InsertTarget> insert_targets = {};  ///< by the question
    std::set<std::string> about_tables = {};                  ///< the questions of rows_of()
  };
  Asked asked_;
  KnownShapes known_shapes_;
  Session session_;
  const std::shared_ptr<CancelPoint> cancel_point_ = std::make_shared<CancelPoint>();
  Statement* streaming_ = nullptr;
  bool watched_ = false;  ///< by runtime_'s ReadAhead
  std::uint64_t fetches_ = 0;
  std::uint64_t fetches_seen_ = 0;  ///< by ReadAhead's last look
  Transaction transaction_;
  std::optional<fabric::base::Error> untold_;
  bool link_lost_ = false;  ///< SQL_ATTR_CONNECTION_DEAD
  bool rested_ = false;     ///< its lease was given back by rest(): borrowed_.server was the last
  Leftovers leftovers_;
  std::vector<sql::CalledFunction>
      called_;                        ///< on this connection; looked at before it is given back
  std::set<std::string> noted_pins_;  ///< of this lease
  const fabric::TopologyPtr* planned_by_ = nullptr;  ///< what runs now; null: not planned anew
  bool waited_ = false;         ///< for a connection, since the statement was planned
  bool write_refused_ = false;  ///< likewise, by a server that takes none
  bool needs_primary_ = false;  ///< a secondary refused what is run again now
  /// The end of the link by which a read was lost that is run again now.
  std::optional<fabric::mysql::MysqlError> lost_read_;
  bool guarded_ = false;  ///< SET TRANSACTION READ ONLY may hold for the next statement
  std::list<Statement*> statements_;
  unsigned cursors_ = 0;  ///< that were given a name
  std::list<Descriptor*> descriptors_;

  SQLUINTEGER access_mode_ = SQL_MODE_READ_WRITE;
  SQLUINTEGER login_timeout_ = 0;
  SQLUINTEGER connection_timeout_ = 0;
  SQLULEN last_isolation_ = SQL_TXN_REPEATABLE_READ;  ///< that the server told
  SQLPOINTER quiet_mode_ = nullptr;
  std::map<SQLINTEGER, SQLPOINTER> statement_defaults_;
};

}  // namespace driver
