// The parameter sets of an execution: where an application keeps each value of each set (APD), what
// its marker is (IPD), and where it wants to be told how a set went. A view of two descriptors,
// made for one call; guarded by their connection's mutex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "driver/bound_cell.h"
#include "driver/convert/cell_to_c.h"
#include "driver/convert/parameter_from_c.h"
#include "driver/descriptor.h"

namespace driver {

/// Throws HY003, HY004, HY090, HY104, HY105 or HYC00 for a binding that SQLBindParameter must
/// refuse.
void check_binding(SQLSMALLINT input_output, SQLSMALLINT c_type, SQLSMALLINT sql_type,
                   SQLLEN buffer_length);

/// Throws HY104 for a DECIMAL of more digits than a server has.
void check_decimal(SQLSMALLINT sql_type, SQLULEN size, SQLSMALLINT digits);

/// What stands for one marker in every set, worked out once.
struct PlannedParameter {
  SQLSMALLINT number;
  bool takes_input;
  bool streams;
  bool has_length;  ///< or an indicator, where data at execution is asked for
  convert::CSource source;
  BoundCells cells;
  convert::FromC convert;

  [[nodiscard]] convert::CSource at(std::size_t set) const {
    convert::CSource placed = source;
    const BoundCell cell = cells.at(set);
    placed.data = cell.data;
    placed.length = cell.length;
    placed.indicator = cell.indicator;
    return placed;
  }
};

/// What planned parameters are made of, beside the connection's rules: while that stays, so do
/// they.
struct ParameterBasis {
  ParameterBasis(const Descriptor& bound, const Descriptor& described, SQLSMALLINT parameters)
      : apd(&bound),
        apd_changes(bound.changes()),
        ipd_changes(described.changes()),
        bind_type(bound.bind_type),
        offset(bound.bind_offset_ptr == nullptr ? 0 : *bound.bind_offset_ptr),
        count(parameters) {}
  bool operator==(const ParameterBasis&) const = default;

  const Descriptor* apd;
  std::uint64_t apd_changes;
  std::uint64_t ipd_changes;
  SQLULEN bind_type;
  SQLLEN offset;
  SQLSMALLINT count;
};

class ParameterSets {
 public:
  ParameterSets(const Descriptor& apd, const Descriptor& ipd) : apd_(apd), ipd_(ipd) {}

  [[nodiscard]] std::size_t count() const { return apd_.array_size; }
  /// SQL_ATTR_PARAM_OPERATION_PTR says SQL_PARAM_IGNORE.
  [[nodiscard]] bool ignored(std::size_t set) const;

  /// SQL_PARAM_INPUT if nothing is bound.
  [[nodiscard]] SQLSMALLINT direction(SQLSMALLINT number) const;
  [[nodiscard]] SQLSMALLINT sql_type(SQLSMALLINT number) const;
  [[nodiscard]] static bool is_text(SQLSMALLINT sql_type);
  [[nodiscard]] bool takes_output(SQLSMALLINT number) const;
  [[nodiscard]] bool takes_input(SQLSMALLINT number) const;
  /// Its output is read by SQLGetData; where a value would be bound is a token.
  [[nodiscard]] bool streams(SQLSMALLINT number) const;
  /// Where the values of the parameters from 1 to `count` are read from; throws 07002 when one is
  /// not bound.
  void plan(SQLSMALLINT count, const convert::MomentRules& moments,
            std::vector<PlannedParameter>& planned) const;
  /// Where an output value goes.
  [[nodiscard]] convert::CTarget target(SQLSMALLINT number, std::size_t set) const;

  /// Every set SQL_PARAM_UNUSED, none processed.
  void begin() const;
  void mark(std::size_t set, SQLUSMALLINT status) const;
  void processed(std::size_t sets) const;

 private:
  struct Place {
    SQLSMALLINT c_type;
    BoundCells cells;
  };
  [[nodiscard]] Place place(const DescriptorRecord& bound, SQLSMALLINT number) const;
  [[nodiscard]] static bool gives_input(SQLSMALLINT direction) {
    return direction != SQL_PARAM_OUTPUT && direction != SQL_PARAM_OUTPUT_STREAM;
  }
  [[nodiscard]] static bool is_stream(SQLSMALLINT direction) {
    return direction == SQL_PARAM_OUTPUT_STREAM || direction == SQL_PARAM_INPUT_OUTPUT_STREAM;
  }

  const Descriptor& apd_;
  const Descriptor& ipd_;
};

}  // namespace driver
