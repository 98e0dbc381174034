// What is wrong with one server, judged by what it says of itself, what the farm says of it, and
// what the DSN wants of it. Each reports what it finds.
#pragma once

#include "tools/doctor/examination.h"

namespace tools::doctor {

/// "server 10.0.0.1:3306 (PRIMARY of g1)"
std::string server_subject(const Examination& examination, const Patient& patient);

void judge_login(Examination& examination, const Patient& patient);
void judge_tls(Examination& examination, const Patient& patient);
void judge_rights(Examination& examination, const Patient& patient);
void judge_role(Examination& examination, const Patient& patient);
void judge_replication(Examination& examination, const Patient& patient);
void judge_limits(Examination& examination, const Patient& patient);
/// Of all servers together: replicas older than their primary.
void judge_versions(Examination& examination);

/// What the lines of SHOW GRANTS allow on a database (empty: on any).
struct Rights {
  bool anything = false;
  bool writing = false;
};
Rights rights_of(const std::vector<std::string>& grants, const std::string& database);
/// What gives the DSN's account the rights that it needs on a database (empty: on all), in SQL.
std::string rights_statement(const Examination& examination, const Patient& patient,
                             const std::string& database);

}  // namespace tools::doctor
