# Writes OUTPUT, a C++ source that holds every migration of FOLDER as text for the store STORE. Run with cmake -P at
# build time.
file(GLOB files ${FOLDER}/*.sql)
list(SORT files)
set(entries "")
set(expected 0)
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME_WE)
  math(EXPR expected "${expected} + 1")
  if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+$")
    message(FATAL_ERROR "${file}: a migration is named like 0002_webhooks.sql")
  endif()
  string(REGEX REPLACE "^0+" "" number ${CMAKE_MATCH_1})
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "${file}: migrations count without a gap, expected number ${expected}")
  endif()
  file(READ ${file} sql)
  string(APPEND entries "    {${number}, \"${name}\", R\"sql_text(${sql})sql_text\"},\n")
endforeach()
set(source "// Made from storage/${STORE}/migrations at build time.
#include \"storage/${STORE}/migrations.hpp\"

namespace cambist::storage::${STORE} {

std::span<const MigrationText> embedded_migrations() {
  static constexpr MigrationText migrations[] = {
${entries}  };
  return migrations;
}

}  // namespace cambist::storage::${STORE}
")
file(WRITE ${OUTPUT} "${source}")
