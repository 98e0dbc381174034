// One random sequence of ODBC calls, a function of its seed. Calls the driver without a manager,
// keeps track of the handles that live, and checks after each call what must always hold: a known
// return code, a diagnostic for each error, no guard byte changed. One thread.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/fuzz/arguments.h"

namespace fuzz {

/// What must always hold did not.
class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Sequence {
 public:
  struct Plan {
    std::uint64_t seed = 1;
    std::uint64_t steps = 300;
    std::vector<std::uint64_t> only;  ///< these steps; empty: all
    bool trace = false;
  };

  /// `connection_strings`: the first one works.
  Sequence(const test_support::OdbcLibrary& driver, std::vector<std::string> connection_strings)
      : driver_(driver), connection_strings_(std::move(connection_strings)) {}
  ~Sequence();
  Sequence(const Sequence&) = delete;
  Sequence& operator=(const Sequence&) = delete;

  /// Runs these in order on a connection of its own; failures are let pass.
  void run_sql(std::span<const std::string_view> statements);
  /// `progress` holds the number of the step under way. Throws Broken.
  void run(const Plan& plan, volatile std::uint64_t& progress);

 private:
  void step(const Plan& plan, std::uint64_t number);
  void ensure_handles(Chooser& choose);
  SQLHANDLE allocate(SQLSMALLINT kind, SQLHANDLE parent);
  bool connect(SQLHDBC connection, const std::string& text);
  void note(const test_support::OdbcCall& call, const std::vector<std::uint64_t>& values,
            SQLRETURN result);
  void add(SQLSMALLINT kind, SQLHANDLE raw, SQLHANDLE parent);
  void remove(SQLHANDLE raw);
  void remove_children(SQLHANDLE parent);
  void check(const test_support::OdbcCall& call, const Arguments& arguments,
             SQLRETURN result) const;
  void check_record(SQLSMALLINT kind, SQLHANDLE handle) const;
  [[nodiscard]] std::vector<Live> of_kind(SQLSMALLINT kind) const;
  void free_all();

  const test_support::OdbcLibrary& driver_;
  std::vector<std::string> connection_strings_;
  std::vector<Live> handles_;
  Arena arena_;
};

}  // namespace fuzz
