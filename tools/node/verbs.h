// The node's procedures for administrators, as words of the command line: `group create` is
// `group`.`create`. A table.
#pragma once

#include <string>
#include <vector>

namespace tools::node {

struct Parameter {
  const char* name = nullptr;  ///< on the command line; null: the value is `text`
  const char* text = "";       ///< help, or the value
  bool optional = false;
};

struct Verb {
  const char* family;  ///< the schema
  const char* name;    ///< the procedure, with '-' for '_'
  std::vector<Parameter> parameters;
  const char* help;
  const char* example;           ///< behind NODE-OR-DSN
  const char* result = nullptr;  ///< what its number is; null: nothing
};

const std::vector<Verb>& verbs();
/// What the family is for.
const char* family_help(const std::string& family);
/// As it is called: `group`.`set_kind`.
std::string procedure_of(const Verb& verb);

}  // namespace tools::node
