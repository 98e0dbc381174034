// EXPLAIN FABRIC: where a statement would go and why, without running it. One row; Connection's
// explain() fills it in (fabric_explain.cpp). Guarded by the connection's mutex.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "driver/routing/statement_hint.h"
#include "driver/sql/scan.h"
#include "driver/sql/statement_facts.h"
#include "fabric/mysql/parameter.h"
#include "fabric/mysql/reply.h"

namespace driver {

struct ExplainedStatement {
  const std::string& sql;  ///< escapes translated
  const sql::StatementFacts& facts;
  std::span<const fabric::mysql::Parameter> parameters;
  sql::ScanOptions options;
  const routing::Wishes& wishes;
};

/// For SQLDescribeCol before it is run.
std::vector<fabric::mysql::Column> explain_columns();

}  // namespace driver
