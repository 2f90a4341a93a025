# What every room is compiled with, and where its third parties come from.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

option(CAMBIST_TESTS "Build the tests" ON)
option(CAMBIST_BENCHMARKS "Build the benchmarks" OFF)
option(CAMBIST_FUZZ "Build the fuzz targets alone; needs clang (preset fuzz)" OFF)
option(CAMBIST_PCH "Use precompiled headers" ON)
set(CAMBIST_SANITIZE "" CACHE STRING "Sanitizers, for example address,undefined or thread")

# ccache: a hit costs milliseconds. The sloppiness is what precompiled headers need.
find_program(CAMBIST_CCACHE ccache)
if(CAMBIST_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CAMBIST_CCACHE})
endif()
find_program(CAMBIST_MOLD mold)
if(CAMBIST_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports false positives inside std::variant and std::string at -O2 (GCC bug 105562 and its family).
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds
                      -Wno-dangling-pointer -Wno-subobject-linkage -fpch-preprocess)
endif()
add_compile_options(-fstack-protector-strong -fcf-protection)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
if(CAMBIST_SANITIZE)
  add_compile_options(-fsanitize=${CAMBIST_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CAMBIST_SANITIZE})
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT CAMBIST_SANITIZE)
  add_compile_options(-D_FORTIFY_SOURCE=2)
endif()

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(PostgreSQL 14 REQUIRED)  # libpq: pipelines came with 14
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(pugixml REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(CAF REQUIRED)
# The programs' allocator (gateway/README.md, decision 5). Sanitizers bring their own.
set(CAMBIST_ALLOCATOR "")
if(NOT CAMBIST_SANITIZE)
  find_library(CAMBIST_JEMALLOC jemalloc REQUIRED)
  set(CAMBIST_ALLOCATOR ${CAMBIST_JEMALLOC})
endif()
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED)

# cambist_room(name DEPENDS libs… [PUBLIC libs…]): the static library of one room, from all sources below it.
function(cambist_room name)
  cmake_parse_arguments(ROOM "" "" "LINK;EXCLUDE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(pattern IN LISTS ROOM_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${pattern}")
  endforeach()
  if(NOT sources)  # a room that nobody has moved into yet
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp)
    file(CONFIGURE OUTPUT ${sources} CONTENT "")
  endif()
  add_library(cambist_${name} STATIC ${sources})
  target_include_directories(cambist_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(cambist_${name} PUBLIC ${ROOM_LINK})
endfunction()
