// The statement handle: SQL text, parameters, results (ODBC 3.8, appendix B: states S1-S10 as named
// below; the driver manager keeps most of the table, this class what it cannot see).
// Guarded by its connection's mutex.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "driver/attribute_table.h"
#include "driver/connection.h"
#include "driver/convert/cell_to_c.h"
#include "driver/convert/parameter_from_c.h"
#include "driver/cursor_changes.h"
#include "driver/cursor_options.h"
#include "driver/descriptor.h"
#include "driver/execution_data.h"
#include "driver/fabric_statements.h"
#include "driver/fetch_plan.h"
#include "driver/get_plan.h"
#include "driver/handle.h"
#include "driver/named_call.h"
#include "driver/parameter_sets.h"
#include "driver/row_insert.h"
#include "driver/rows/rowset.h"
#include "driver/rows/scroll.h"
#include "driver/rows/spooled_reply.h"
#include "driver/sql/dynamic_function.h"
#include "driver/sql/single_table.h"
#include "driver/sql/statement_facts.h"
#include "fabric/base/function_ref.h"
#include "fabric/mysql/reply.h"
#include "pool/lease.h"

namespace driver {

namespace rows {
class ReadAheadReply;
}

enum class StatementState : std::uint8_t {
  kAllocated,    // S1
  kPrepared,     // S2, S3
  kExecuted,     // S4: no result set
  kCursorOpen,   // S5-S7
  kNeedData,     // S8-S10
  kGivesOutput,  // streamed output parameters wait for SQLParamData and SQLGetData
};

struct ParameterBinding {
  SQLUSMALLINT number;
  SQLSMALLINT input_output;
  SQLSMALLINT c_type;
  SQLSMALLINT sql_type;
  SQLULEN column_size;
  SQLSMALLINT decimal_digits;
  SQLPOINTER value;
  SQLLEN buffer_length;
  SQLLEN* length_or_indicator;
};

/// What SQLGetData asks for.
struct DataRequest {
  SQLUSMALLINT number;
  SQLSMALLINT c_type;
  SQLPOINTER data;
  SQLLEN capacity;
  SQLLEN* length_or_indicator;
};

struct PositionedWork;

class Statement final : public Handle {
 public:
  static constexpr HandleKind kKind = HandleKind::kStatement;

  explicit Statement(Connection& connection);
  ~Statement() override;

  // Running (statement_execute.cpp, statement.cpp).
  void prepare(std::string sql);
  SQLRETURN execute();
  SQLRETURN execute_direct(std::string sql);
  SQLRETURN more_results();
  void close_cursor();             ///< 24000 when none is open
  void free(SQLUSMALLINT option);  ///< SQLFreeStmt
  /// Presents rows made by the driver (catalog functions) as this statement's result.
  void open(std::unique_ptr<fabric::mysql::Reply> reply);
  /// HY010 when nothing was executed. Of a result that streams: reads it on to count its rows; -1
  /// where it is too large for that, or that is not wanted.
  [[nodiscard]] SQLLEN row_count();
  /// A cursor that is on no row is closed; 24000 when it is on one.
  void leave_cursor();
  /// SQL_DIAG_DYNAMIC_FUNCTION and its code, of what was executed last.
  [[nodiscard]] sql::DynamicFunction dynamic_function() const;

  // Parameters (statement_parameters.cpp).
  void bind_parameter(const ParameterBinding& binding);
  [[nodiscard]] SQLSMALLINT parameter_count();
  /// SQLDescribeParam: HY010, 07009.
  struct DescribedParameter {
    SQLSMALLINT sql_type = SQL_VARCHAR;
    SQLULEN size = 255;
  };
  [[nodiscard]] DescribedParameter describe_parameter(SQLUSMALLINT number);
  SQLRETURN param_data(SQLPOINTER* token);
  void put_data(SQLPOINTER data, SQLLEN length);
  /// SQLCancel, without the connection's lock: what runs is killed; else, at the statement's next
  /// call, data at execution is given up, and an open cursor closed if it is run again.
  /// Throws MysqlError when the server cannot be told.
  void cancel();

  // Columns (statement_columns.cpp).
  void bind_column(SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN capacity,
                   SQLLEN* length_or_indicator);
  [[nodiscard]] SQLSMALLINT column_count();
  const DescriptorRecord& column(SQLUSMALLINT number);
  /// Before an IRD is read: HY007 when nothing is prepared.
  void describe_for_descriptor();
  [[nodiscard]] SQLLEN column_attribute(SQLUSMALLINT number, SQLUSMALLINT field);

  // Fetching (statement_fetch.cpp).
  SQLRETURN fetch();
  SQLRETURN fetch_scroll(SQLSMALLINT orientation, SQLLEN offset);
  SQLRETURN extended_fetch(SQLUSMALLINT orientation, SQLLEN offset, SQLULEN* rows,
                           SQLUSMALLINT* status);
  SQLRETURN get_data(const DataRequest& request);
  /// The same for a short value that is asked for as in the row before, which most are; false where
  /// get_data() is to be called.
  bool gave_at_once(SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN capacity,
                    SQLLEN* length_or_indicator) noexcept;

  // Changing rows through the cursor (statement_positioned.cpp).
  SQLRETURN set_position(SQLSETPOSIROW row, SQLUSMALLINT operation, SQLUSMALLINT lock);
  SQLRETURN bulk_operation(SQLUSMALLINT operation);
  /// For WHERE CURRENT OF this cursor: its row, found in the table `table`; 34000, 24000, 42000.
  CursorChanges::Found current_target(const std::string& table);
  /// `sql` changes or adds a row through this cursor: HY000 where it would belong to another shard.
  void require_row_stays(const std::string& sql, const sql::StatementFacts& facts,
                         std::span<const fabric::mysql::Parameter> values) const;
  /// What `update` is about to make of that row.
  CursorChanges::Foreseen foresee(const CursorChanges::Found& found, std::string_view update,
                                  CursorChanges::Values values) {
    return changes().foresee(found, update, values);
  }
  /// That row was deleted by another statement, or changed.
  void current_deleted();
  void current_changed(const CursorChanges::Foreseen& now);

  // Where it goes: the attributes of fabric_odbc.h, stronger than the connection's.
  void set_route(const RouteAttribute& attribute, SQLPOINTER value, SQLINTEGER length);
  [[nodiscard]] std::string route_text(const RouteAttribute& attribute) const;
  [[nodiscard]] SQLUINTEGER route_number(const RouteAttribute& attribute) const;

  // Attributes (statement_attributes.cpp).
  void set_attribute(SQLINTEGER id, SQLPOINTER value);
  [[nodiscard]] SQLULEN attribute(SQLINTEGER id);

  // For the doors and the connection.
  [[nodiscard]] bool data_needed();
  void require_no_data_needed();                 ///< else HY010
  void require_in_sequence(Sequence sequence) {  ///< else HY010
    const bool waits =
        state_ == StatementState::kNeedData || state_ == StatementState::kGivesOutput;
    if (waits) require_no_wait(sequence);
  }
  void spool();            ///< another statement needs the wire: keep what is unread
  void forget_prepared();  ///< the physical connection goes
  void describe_anew();    ///< the connection's type_rules() are others now
  /// Keeps what waits on the wire, about `most` bytes; never waits for the server to begin.
  void read_ahead(fabric::mysql::ServerConnection& wire, std::size_t most);
  void abandon_after_fork() noexcept;
  void drop_if_forked() { connection_.drop_if_forked(); }
  void settle() noexcept { connection_.settle(); }
  /// Pieces of a value lie at the server, for the statement that comes.
  [[nodiscard]] bool has_sent_pieces() const {
    return state_ == StatementState::kNeedData && data_.sent_any();
  }
  /// An application's descriptor is freed: statements that used it return to their own.
  void descriptor_freed(const Descriptor& descriptor);
  [[nodiscard]] bool uses(const Descriptor& descriptor) const {
    return ard_ == &descriptor || apd_ == &descriptor || &implicit_ird_ == &descriptor ||
           &implicit_ipd_ == &descriptor;
  }

  /// SQL_ATTR_QUERY_TIMEOUT from now.
  [[nodiscard]] fabric::base::Deadline timeout() const;
  /// By it and SQL_ATTR_CONNECTION_TIMEOUT.
  [[nodiscard]] fabric::base::Deadline deadline() const;
  /// For a server's answer: it has a little longer, to end the statement when its time is up.
  [[nodiscard]] fabric::base::Deadline answer_deadline() const;
  [[nodiscard]] Connection& connection() const { return connection_; }
  [[nodiscard]] StatementState state() const { return state_; }
  [[nodiscard]] Descriptor& ard() const { return *ard_; }
  [[nodiscard]] Descriptor& apd() const { return *apd_; }
  [[nodiscard]] Descriptor& ird() { return implicit_ird_; }
  [[nodiscard]] Descriptor& ipd() { return implicit_ipd_; }
  [[nodiscard]] bool metadata_id() const { return metadata_id_ != SQL_FALSE; }

  /// As set, or one that is unique on its connection.
  [[nodiscard]] std::string cursor_name();
  [[nodiscard]] bool has_cursor_name(std::string_view name) const;
  /// Throws 34000 for a name that cannot be one, 3C000 for one in use.
  void set_cursor_name(const std::string& name);

 private:
  /// What several parameter sets gave, put together.
  struct ArrayResults {
    std::unique_ptr<rows::SpooledReply> rows;
    bool has_rows = false;
    std::deque<std::size_t> output_sets{};  ///< that gave the streamed outputs among `rows`
    SQLLEN affected_rows = 0;
    bool any_done = false;
    bool any_failed = false;
    bool over = false;  ///< what was not tried stays so
  };
  /// Sets that go as one command, their values in gathered_.
  struct Gathered {
    std::size_t rows = 0;
    std::size_t end = 0;  ///< the set behind the last
  };

  void require_no_wait(Sequence sequence);
  /// 24000, HY011 for what a cursor is opened by.
  void require_settable_now(const AttributeRow& row) const;
  /// What a handle given for the ARD or APD stands for: HY024, HY017.
  [[nodiscard]] Descriptor& application_descriptor(SQLPOINTER handle, Descriptor& own) const;
  void set_text(std::string sql);
  void read_text(std::string sql);
  /// Markers become literals, since the server cannot or shall not prepare.
  [[nodiscard]] bool by_text() const;
  [[nodiscard]] bool told_of_when_prepared() const;
  /// A query without markers is worth preparing at the server.
  [[nodiscard]] bool wants_binary_rows() const;
  /// It goes to the server as it is, not prepared.
  [[nodiscard]] bool goes_as_text() const;
  SQLRETURN start();    // parameters, then run or SQL_NEED_DATA
  SQLRETURN run_all();  // every parameter set
  SQLRETURN run_one();
  // Arrays of parameter sets (statement_arrays.cpp).
  SQLRETURN run_array();
  void run_alone(const ParameterSets& sets, std::size_t set, ArrayResults& results);
  SQLRETURN show_array(ArrayResults& results);
  bool may_go_together(const ParameterSets& sets);
  InsertTarget ask_insert_target();
  bool was_undone_whole();
  Gathered gather(const ParameterSets& sets, std::size_t first);
  bool fits(std::span<const fabric::mysql::Parameter> values, std::size_t& bytes);
  bool run_together(const ParameterSets& sets, std::size_t first, const Gathered& gathered,
                    ArrayResults& results);
  std::unique_ptr<fabric::mysql::Reply> send_rows(fabric::mysql::ServerConnection& connection,
                                                  std::size_t rows);
  std::unique_ptr<fabric::mysql::Reply> run_prepared(
      fabric::base::FunctionRef<std::unique_ptr<fabric::mysql::Reply>()> execute);
  std::unique_ptr<fabric::mysql::Reply> run_set(std::size_t set);
  std::unique_ptr<fabric::mysql::Reply> run_sql(std::size_t set);
  void name_lock();
  std::unique_ptr<fabric::mysql::Reply> run_here();
  // Routing (statement_route.cpp).
  RoutedStatement routed();
  [[nodiscard]] StatementRoute plan();
  [[nodiscard]] bool has_key_markers() const;
  void take_route();
  void take_route_to_prepare();
  /// Throws RouteMoved where take_route() has to decide anew, before anything is sent.
  void require_route();
  void require_one_route();
  void return_to_rows();
  std::unique_ptr<fabric::mysql::Reply> run_at_cursor(std::size_t set);
  std::unique_ptr<fabric::mysql::Reply> answer(std::size_t set);
  SQLRETURN collect(fabric::mysql::Reply& reply, std::size_t set, ArrayResults& results);
  void add_diagnostic(const fabric::base::Error& error, SQLLEN row);
  std::unique_ptr<fabric::mysql::Reply> send(fabric::mysql::ServerConnection& connection);
  void prepare_on_lease(pool::Lease::Wanted wanted = pool::Lease::Wanted::kAny);
  [[noreturn]] static void throw_not_executed(const fabric::mysql::MysqlError& error);
  std::unique_ptr<fabric::mysql::Reply> execute_dynamic();
  std::unique_ptr<fabric::mysql::Reply> execute_again();
  void run_again();
  SQLRETURN present(std::unique_ptr<fabric::mysql::Reply> reply);
  SQLRETURN present_next();
  // Output parameters (statement_outputs.cpp).
  [[nodiscard]] std::vector<SQLSMALLINT> output_numbers() const;
  [[nodiscard]] bool streams_output() const;
  [[nodiscard]] bool at_outputs() const;
  SQLRETURN read_outputs(fabric::mysql::Reply& reply, std::size_t set);
  void keep_outputs(fabric::mysql::Reply& reply, std::size_t set, ArrayResults& results);
  SQLRETURN take_outputs();
  [[nodiscard]] bool at_output_row() const;
  void show_as_columns(rows::SpooledReply& outputs, std::span<const SQLSMALLINT> numbers) const;
  SQLRETURN show_outputs();
  [[nodiscard]] std::size_t output_set() const;
  SQLRETURN name_output(SQLPOINTER* token);
  const fabric::mysql::Row& output_row();
  SQLRETURN get_output(const DataRequest& request);
  SQLRETURN finish_outputs();
  void end_outputs();
  /// Runs `read` on reply_; a failure ends the result and is told as the connection judges it.
  template <class Read>
  auto reading(Read&& read);
  [[nodiscard]] StatementState idle_state() const;
  void set_row_count(SQLLEN rows);
  /// reply_, reading ahead.
  rows::ReadAheadReply& ahead();
  void note_kept(const rows::ReadAheadReply& ahead);
  [[nodiscard]] SQLLEN counted(std::uint64_t left) const;
  void count_rows();
  void show_result();
  void close_result();
  void forget_execution();
  void note_finished();
  void require_cursor();
  [[noreturn]] void refuse_without_cursor() const;
  void require_cursor_of(bool extended);
  void ensure_described();
  void fill_ird(const std::vector<fabric::mysql::Column>& columns);
  void describe_result();
  void forget_description() {
    implicit_ird_.clear();
    fetch_plan_.forget();
    described_by_.reset();
  }

  void apply_cancel();
  void give_up_data();
  /// Sends what is held of the value at hand, if it is one that can go in pieces.
  void send_pieces(bool end);
  bool send_piece(SQLSMALLINT number, const std::string& piece);
  void require_pieces() const;  ///< 08S02 when some were lost
  [[nodiscard]] bool goes_in_pieces(SQLSMALLINT number);
  bool route_taken_for_pieces(SQLSMALLINT number);
  /// `in_pieces`: the value of that parameter goes there by itself.
  void convert_parameters(std::size_t set, SQLSMALLINT in_pieces = 0);
  void convert_set(std::size_t set, std::span<fabric::mysql::Parameter> values,
                   SQLSMALLINT in_pieces = 0);
  bool converted(std::size_t set, std::span<fabric::mysql::Parameter> values);
  void find_data_at_execution();
  [[nodiscard]] ParameterSets parameter_sets() const;
  void plan_parameters();
  void order_parameters();
  [[nodiscard]] std::vector<DescribedParameter> describe_parameters();
  /// Markers, and the value of {?=call f()}.
  [[nodiscard]] SQLSMALLINT parameter_total() const;

  /// Where a fetch tells how its rows went; each may be null.
  struct RowsetTarget {
    SQLUSMALLINT* status;
    SQLULEN* fetched;
  };
  struct Delivered {
    std::size_t rows = 0;
    std::size_t failed = 0;
    bool with_info = false;
  };
  void keep_all();
  void note_dynamic();
  void look_again();
  struct AtServer;
  const fabric::mysql::Row* next_row(std::optional<AtServer>& at_server);
  [[nodiscard]] std::uint64_t last_row() const;
  /// The row that a bookmark stands for; throws HY106 and HY111.
  std::uint64_t bookmark_from(const void* place) const;
  /// SQL_ADD has made it: its bookmark is no number of a row of the result.
  [[nodiscard]] bool was_added(std::uint64_t number) const {
    return number > kAddedRows && number - kAddedRows <= added_.size();
  }
  SQLRETURN fetch_rowset(const rows::ScrollRequest& request, const RowsetTarget& target);
  Delivered scroll_stored(const rows::ScrollRequest& request, const RowsetTarget& target);
  Delivered stream_rowset(const rows::ScrollRequest& request, const RowsetTarget& target);
  void deliver(const fabric::mysql::Row& row, std::size_t index, const RowsetTarget& target,
               Delivered& delivered);
  bool begin_piece(const DataRequest& request, convert::CTarget& target);
  SQLRETURN get_piece(const DataRequest& request, const fabric::mysql::Row& row);
  /// Something may be bound.
  [[nodiscard]] bool gives_bound() const {
    return !ard_->records.empty() || cursor_options_.bookmarks();
  }
  [[nodiscard]] bool fetches_one_unbound() const;
  SQLRETURN fetch_one_unbound();
  void plan_fetch();
  SQLRETURN convert_row(const fabric::mysql::Row& row, std::size_t index, std::uint64_t number);
  static SqlState convert_bookmark(std::uint64_t row, const convert::CTarget& target,
                                   convert::Piece* piece);
  [[nodiscard]] fabric::mysql::Cell limited(const fabric::mysql::Column& column,
                                            const fabric::mysql::Cell& cell) const;
  // SQLSetPos and SQLBulkOperations: rows of the application's buffers ("places", from 0).
  CursorChanges& changes();
  const fabric::mysql::Row& row_numbered(std::uint64_t number);
  [[nodiscard]] std::uint64_t row_of(const PositionedWork& work, std::size_t place) const;
  SQLRETURN start_positioned(std::unique_ptr<PositionedWork> work);
  void ask_for_long_data(PositionedWork& work);
  SQLRETURN run_positioned();
  void run_place(PositionedWork& work, std::size_t place);
  void update_place(PositionedWork& work, std::size_t place);
  void add_place(PositionedWork& work, std::size_t place);
  void give_bookmark(std::size_t place, CursorChanges::Chosen columns, std::uint64_t insert_id);
  void delete_place(PositionedWork& work, std::size_t place);
  void fetch_place(PositionedWork& work, std::size_t place, bool again);
  /// The columns that the buffers of `place` give, their values in parameters_.
  std::vector<std::size_t> convert_bound(PositionedWork& work, std::size_t place);
  bool can_change();
  void replace_row(std::uint64_t number, const fabric::mysql::Row& row);
  void show_changed(std::uint64_t number, CursorChanges::Chosen columns,
                    CursorChanges::Values values);
  void note_hit(CursorChanges::Hit hit, std::size_t place);
  SQLRETURN positioned_param_data(SQLPOINTER* token);
  void positioned_put_data(SQLPOINTER data, SQLLEN length);
  void abandon_positioned();
  SQLRETURN note_conversion(SqlState state, SQLUSMALLINT number, SQLLEN row = SQL_NO_ROW_NUMBER);

  static constexpr std::uint64_t kAddedRows = std::uint64_t{1} << 62U;

  Connection& connection_;
  StatementState state_ = StatementState::kAllocated;
  Descriptor implicit_ard_, implicit_apd_, implicit_ird_, implicit_ipd_;
  Descriptor* ard_;
  Descriptor* apd_;

  std::string sql_;                               ///< escapes translated
  sql::ScanOptions scan_options_;                 ///< that sql_ was read by
  routing::Wishes wishes_;                        ///< SQL_ATTR_FABRIC_* of this statement
  std::optional<RememberedAnalysis> remembered_;  ///< of sql_
  std::shared_ptr<KnownShape> shape_;             ///< of sql_; null: none is known
  TakenOut taken_out_;                            ///< of sql_, by its shape
  fabric::TopologyPtr planned_by_;                ///< null: no farm
  std::string ran_in_;                            ///< the group that gave the result
  std::optional<sql::CurrentOf> current_of_;
  std::optional<FabricStatement> own_;  ///< answered here; sql_ and facts_ are what it explains
  sql::StatementFacts facts_;
  bool returns_value_ = false;  ///< {?=call f()}: the one row is parameter 1
  bool prepared_by_application_ = false;
  bool cannot_prepare_ = false;  ///< the server says so
  bool described_ = false;
  /// What the IRD was made of, if it was made of a result's own columns.
  std::shared_ptr<const std::vector<fabric::mysql::Column>> described_by_;
  pool::PreparedLoan prepared_;
  std::string prepared_in_;  ///< the session's database at that time

  std::vector<PlannedParameter> planned_;      ///< of this execution, marker by marker
  std::optional<ParameterBasis> planned_for_;  ///< null: not to be used again
  std::vector<SQLSMALLINT> call_order_;        ///< their numbers; empty: from 1 on
  std::optional<std::vector<rows::Record>> procedure_parameters_;  ///< of the CALL that sql_ is
  std::string procedure_schema_;                                   ///< where they were looked up
  std::optional<std::vector<DescribedParameter>> described_parameters_;  ///< of sql_
  std::vector<fabric::mysql::Parameter> parameters_;
  convert::Storage storage_;
  std::optional<RowInsert> insert_;  ///< that gathered_ are rows of
  InsertTarget insert_target_;
  std::vector<fabric::mysql::Parameter> gathered_;
  std::vector<std::size_t> kinds_;     ///< of the values in gathered_, parameter by parameter
  SQLSMALLINT refused_parameter_ = 0;  ///< by the last convert_parameters()
  ExecutionData data_;
  std::atomic<bool> cancelled_{false};  ///< by SQLCancel, to be applied

  std::unique_ptr<fabric::mysql::Reply> reply_;  ///< destroyed before prepared_
  bool live_ = false;                            ///< reply_ reads from the wire
  rows::SpooledReply* stored_ = nullptr;         ///< reply_ of a scrollable cursor
  std::string dynamic_sql_;                      ///< run again for each fetch; empty: never
  CursorOptions cursor_options_;
  std::optional<bool> extended_;  ///< what fetches this result: SQLExtendedFetch, or the others
  rows::CursorPosition position_;
  rows::Rowset rowset_;
  FetchPlan fetch_plan_;                       ///< of the latest fetch
  GetPlan get_plan_;                           ///< of the result at hand
  SQLUSMALLINT* rowset_status_ = nullptr;      ///< of the latest fetch
  SQLULEN rowset_size_ = 0;                    ///< that it asked for
  bool fetch_failed_ = false;                  ///< none of its rows could be given
  std::vector<SQLSMALLINT> outputs_;           ///< the parameters of the output row at hand
  std::size_t outputs_named_ = 0;              ///< of them, up to the one that SQLParamData named
  std::deque<std::size_t> output_sets_;        ///< the parameter sets of the outputs still to come
  std::unordered_set<std::uint64_t> deleted_;  ///< rows of this result, from 1
  rows::RowStore added_;  ///< rows that SQL_ADD gave bookmarks of, numbered from kAddedRows + 1
  std::unique_ptr<CursorChanges> changes_;  ///< made when needed
  std::unique_ptr<PositionedWork> work_;    ///< while its data is being given
  bool rows_given_ = false;
  SQLULEN rows_read_ = 0;  ///< of a result that streams
  SQLLEN row_count_ = -1;
  bool counting_given_up_ = false;  ///< of the result at hand: it is too large
  static constexpr int kNoColumn = -1;
  int piece_column_ = kNoColumn;  ///< that SQLGetData has begun to read
  convert::Piece piece_;          ///< of it

  std::string cursor_name_;                ///< SQLSetCursorName
  std::optional<unsigned> cursor_number_;  ///< of the generated name, once it was asked for
  SQLULEN query_timeout_ = 0;
  SQLULEN noscan_ = SQL_NOSCAN_OFF;
  SQLULEN metadata_id_ = SQL_FALSE;
  bool direct_on_server_ = false;   ///< SQLExecDirect prepares at the server
  bool prepare_on_client_ = false;  ///< markers become literals
};

inline bool Statement::gave_at_once(SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER data,
                                    SQLLEN capacity, SQLLEN* length_or_indicator) noexcept {
  constexpr std::size_t kShort = 256;
  const std::size_t index = number - std::size_t{1};
  const fabric::mysql::Row* row = rowset_.row_at_hand();
  if (row == nullptr) return false;
  GetPlan::Column* plan = get_plan_.find(index, c_type);
  if (plan == nullptr || piece_column_ == number) return false;
  const bool on_row = state_ == StatementState::kCursorOpen && cursor_options_.gives_whole();
  if (!on_row || !diagnostics.empty()) return false;
  const fabric::mysql::Cell& cell = (*row)[index];
  if (cell.size >= kShort || data == nullptr || capacity < 0) return false;
  if (!plan->convert(cell, data, capacity, length_or_indicator)) return false;
  piece_column_ = number;
  piece_.exhausted = true;
  diagnostics.return_code = SQL_SUCCESS;
  return true;
}

template <class Read>
auto Statement::reading(Read&& read) {
  const bool was_live = live_;
  try {
    return read();
  } catch (const fabric::mysql::MysqlError& error) {
    close_result();
    state_ = idle_state();
    if (was_live) connection_.reading_failed(error, facts_, true);
    throw;
  }
}

}  // namespace driver
