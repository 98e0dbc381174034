#include "driver/setup/properties.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace driver::setup {
namespace {

template <class T>
T* allocate(std::size_t bytes) {
  void* memory = std::calloc(1, bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return static_cast<T*>(memory);
}

/// What the installer library asks for itself, or the driver manager reads.
bool asked_elsewhere(const settings::KeywordRow& row) {
  return row.keyword == settings::Keyword::kDsn || row.keyword == settings::Keyword::kDriver ||
         row.use != settings::KeywordUse::kUsed;
}

int prompt_of(const settings::KeywordRow& row) {
  switch (row.kind) {
    case settings::ValueKind::kSecret:
      return ODBCINST_PROMPTTYPE_TEXTEDIT_PASSWORD;
    case settings::ValueKind::kBool:
    case settings::ValueKind::kChoice:
      return ODBCINST_PROMPTTYPE_COMBOBOX;  // what odbc.ini has may be spelt otherwise
    case settings::ValueKind::kFile:
      return ODBCINST_PROMPTTYPE_FILENAME;
    case settings::ValueKind::kText:
    case settings::ValueKind::kCount:
    case settings::ValueKind::kTime:
    case settings::ValueKind::kSize:
      break;
  }
  return ODBCINST_PROMPTTYPE_TEXTEDIT;
}

/// The first is empty: an editor writes the value shown, and a default that is written down is no
/// default any more.
std::vector<std::string_view> choices_of(const settings::KeywordRow& row) {
  if (row.kind == settings::ValueKind::kBool) return {"", "1", "0"};
  std::vector<std::string_view> choices;
  if (row.kind != settings::ValueKind::kChoice) return choices;
  choices.emplace_back();
  std::string_view rest = row.choices;
  while (!rest.empty()) {
    const std::size_t bar = std::min(rest.find('|'), rest.size());
    choices.push_back(rest.substr(0, bar));
    rest.remove_prefix(std::min(bar + 1, rest.size()));
  }
  return choices;
}

/// The pointers and, behind them, the texts: the one block that free() is called for.
char** list_of(const std::vector<std::string_view>& choices) {
  if (choices.empty()) return nullptr;
  std::size_t bytes = (choices.size() + 1) * sizeof(char*);
  for (const std::string_view choice : choices) bytes += choice.size() + 1;
  char** list = allocate<char*>(bytes);
  char* text = reinterpret_cast<char*>(list + choices.size() + 1);
  for (std::size_t i = 0; i < choices.size(); ++i) {
    list[i] = text;
    text = std::copy(choices[i].begin(), choices[i].end(), text) + 1;
  }
  return list;
}

char* copy_of(std::string_view text) {
  char* copy = allocate<char>(text.size() + 1);
  std::memcpy(copy, text.data(), text.size());
  return copy;
}

/// Hung onto the list before it is filled, so that it is freed with the list whatever happens.
ODBCINSTPROPERTY& append(ODBCINSTPROPERTY& last, const settings::KeywordRow& row) {
  last.pNext = allocate<ODBCINSTPROPERTY>(sizeof(ODBCINSTPROPERTY));
  ODBCINSTPROPERTY& property = *last.pNext;
  row.name.copy(property.szName, sizeof(property.szName) - 1);
  property.nPromptType = prompt_of(row);
  property.aPromptData = list_of(choices_of(row));
  property.pszHelp = copy_of(help_of(row));
  return property;
}

}  // namespace

std::string help_of(const settings::KeywordRow& row) {
  std::string help(row.help);
  if (row.kind == settings::ValueKind::kTime) help += ". A time: 500ms, 30s, 10min, or seconds";
  if (row.kind == settings::ValueKind::kSize) help += ". A size: 65536, 512K, 64M, 1G";
  if (!row.standard.empty()) help += ". Default: " + std::string(row.standard);
  return help;
}

void append_properties(ODBCINSTPROPERTY& last) {
  ODBCINSTPROPERTY* end = &last;
  for (const settings::KeywordRow& row : settings::all_keywords()) {
    if (!asked_elsewhere(row)) end = &append(*end, row);
  }
}

}  // namespace driver::setup
