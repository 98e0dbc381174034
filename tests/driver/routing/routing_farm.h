// A farm for tests of routing: a mapping of each shard type and the columns of its tables.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "driver/routing/column_info.h"
#include "fabric/topology.h"

namespace driver::routing {

inline fabric::ShardMap mapping(int id, fabric::ShardType type, const std::string& type_name,
                                std::vector<fabric::ShardTable> tables,
                                std::pair<std::string, std::string> bounds) {
  fabric::ShardMap map;
  map.mapping_id = id;
  map.type = type;
  map.type_name = type_name;
  map.global_group = "global";
  map.tables = std::move(tables);
  map.shards = {{bounds.first, 10 * id + 1, "s1"}, {bounds.second, 10 * id + 2, "s2"}};
  return map;
}

/// RANGE emp: below 1 none, 1-999 s1, 1000- s2.
inline fabric::Topology farm() {
  using fabric::ShardType;
  fabric::Topology::Content content;
  content.shard_maps = {
      mapping(1, ShardType::kRange, "RANGE",
              {{"emp", "employees", "emp_no"},
               {"emp", "salaries", "emp_no"},
               {"emp", "titles", "employee"}},
              {"1", "1000"}),
      mapping(2, ShardType::kHash, "HASH",
              {{"emp", "users", "id"},
               {"emp", "accounts", "name"},
               {"emp", "visits", "day"},
               {"emp", "codes", "code"},
               {"emp", "fixed", "name"}},
              {"00000000000000000000000000000000", "80000000000000000000000000000000"}),
      mapping(3, ShardType::kRangeString, "RANGE_STRING",
              {{"emp", "names", "name"}, {"emp", "loose", "name"}}, {"A", "M"}),
      mapping(4, ShardType::kRangeDatetime, "RANGE_DATETIME",
              {{"emp", "events", "happened"}, {"emp", "days", "day"}},
              {"2000-01-01", "2020-06-01"}),
      mapping(5, ShardType::kRangeInteger, "RANGE_INTEGER", {{"emp", "parts", "part"}},
              {"-10", "10"})};
  return {std::move(content), 1, false};
}

inline ColumnInfo integer_column(const std::string& name, const std::string& type = "int") {
  return {.name = name, .type = type, .family = ColumnFamily::kInteger};
}
inline ColumnInfo text_column(const std::string& name, const std::string& collation,
                              const std::string& charset = "utf8mb4") {
  return {.name = name,
          .type = "varchar",
          .family = ColumnFamily::kText,
          .charset = charset,
          .collation = collation,
          .length = 10};
}
inline ColumnInfo day_column(const std::string& name) {
  return {.name = name, .type = "date", .family = ColumnFamily::kDate};
}
inline ColumnInfo moment_column(const std::string& name, unsigned digits = 0) {
  return {.name = name,
          .type = "datetime",
          .family = ColumnFamily::kDateTime,
          .fraction_digits = digits};
}

class FarmColumns final : public ColumnSource {
 public:
  FarmColumns() {
    tables_["employees"] = {
        {integer_column("emp_no"), text_column("first_name", "utf8mb4_bin"), day_column("born")}};
    tables_["salaries"] = {{integer_column("emp_no"), integer_column("salary")}};
    tables_["titles"] = {{text_column("title", "utf8mb4_bin"), integer_column("employee")}};
    tables_["users"] = {{integer_column("id", "bigint"), text_column("name", "utf8mb4_bin")}};
    tables_["users"].columns[0].auto_increment = true;
    tables_["accounts"] = {{text_column("name", "utf8mb4_bin")}};
    tables_["visits"] = {{day_column("day"), integer_column("n")}};
    tables_["codes"] = {{text_column("code", "utf8mb4_nopad_bin")}};
    tables_["fixed"] = {{text_column("name", "latin1_bin", "latin1")}};
    tables_["fixed"].columns[0].type = "char";
    tables_["names"] = {
        {text_column("name", "utf8mb4_bin"), text_column("meaning", "utf8mb4_bin")}};
    tables_["loose"] = {{text_column("name", "utf8mb4_general_ci")}};
    tables_["events"] = {{integer_column("event_id"), moment_column("happened")}};
    tables_["days"] = {{day_column("day")}};
    tables_["parts"] = {{integer_column("part", "tinyint")}};
  }
  std::shared_ptr<const TableColumns> columns(const std::string& /*schema*/,
                                              const std::string& table) override {
    return std::make_shared<const TableColumns>(tables_[table]);
  }
  TableColumns& of(const std::string& table) { return tables_[table]; }

 private:
  std::map<std::string, TableColumns> tables_;
};

}  // namespace driver::routing
