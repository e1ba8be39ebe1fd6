# Third-party parts, each as one target with its warnings off. cmake/setup puts them in place.

set(IMGUI_DIR ${CMAKE_SOURCE_DIR}/build/deps/imgui CACHE PATH "Folder of Dear ImGui ≥ 1.92")
set(imgui_sources ${IMGUI_DIR})  # of its .cpp files that the phone gets trimmed
if(EMSCRIPTEN)
  set(imgui_sources ${CMAKE_BINARY_DIR}/generated/imgui)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/trim-imgui.mjs)
  execute_process(COMMAND node ${CMAKE_SOURCE_DIR}/cmake/trim-imgui.mjs ${IMGUI_DIR} ${imgui_sources}
    COMMAND_ERROR_IS_FATAL ANY)
endif()

# Header-only libraries live in the system's include folder. Emscripten's sysroot does not see it,
# and must not see all of it: so each gets a folder of links of its own.
set(titik_headers ${CMAKE_BINARY_DIR}/headers)
file(MAKE_DIRECTORY ${titik_headers})
foreach(part nlohmann stb)
  if(NOT EXISTS /usr/include/${part})
    message(FATAL_ERROR "/usr/include/${part} is missing: run cmake/setup first")
  endif()
  file(CREATE_LINK /usr/include/${part} ${titik_headers}/${part} SYMBOLIC)
endforeach()

add_library(nlohmann_json INTERFACE)
target_include_directories(nlohmann_json SYSTEM INTERFACE ${titik_headers})
target_compile_definitions(nlohmann_json INTERFACE JSON_NOEXCEPTION JSON_DIAGNOSTICS=0 JSON_NO_IO)

add_library(stb INTERFACE)
target_include_directories(stb SYSTEM INTERFACE ${titik_headers})

# One version of SQLite for the phone, the server and the tests; the phone's has a smaller grammar.
# TITIK_PHONE_SQLITE runs the native tests of src/ against the phone's.
option(TITIK_PHONE_SQLITE "Build native programs with the phone's SQLite" OFF)
set(titik_sqlite_common SQLITE_DQS=0 SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_MAX_EXPR_DEPTH=0
    SQLITE_LIKE_DOESNT_MATCH_BLOBS SQLITE_USE_ALLOCA SQLITE_DEFAULT_FOREIGN_KEYS=1
    SQLITE_OMIT_DEPRECATED SQLITE_OMIT_LOAD_EXTENSION SQLITE_OMIT_SHARED_CACHE)
# Generated without these: they must be given to the compiler too.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/sqlite-phone.txt)
file(STRINGS ${CMAKE_SOURCE_DIR}/cmake/sqlite-phone.txt titik_sqlite_grammar REGEX "^SQLITE")
set(titik_sqlite_phone ${titik_sqlite_grammar} SQLITE_TEMP_STORE=3 SQLITE_UNTESTABLE
    SQLITE_OMIT_AUTOINIT SQLITE_OMIT_DECLTYPE SQLITE_OMIT_PROGRESS_CALLBACK SQLITE_OMIT_WAL
    SQLITE_OMIT_UTF16 SQLITE_OMIT_TRACE SQLITE_OMIT_AUTHORIZATION SQLITE_OMIT_COMPLETE
    SQLITE_OMIT_GET_TABLE SQLITE_OMIT_TCL_VARIABLE SQLITE_OMIT_INCRBLOB
    SQLITE_OMIT_INTROSPECTION_PRAGMAS SQLITE_OMIT_COMPILEOPTION_DIAGS SQLITE_OMIT_TEST_CONTROL
    SQLITE_OMIT_JSON SQLITE_OMIT_DATETIME_FUNCS
    # These with the EXPLAIN, GENERATED_COLUMNS and TEMPDB of the list: 12.5 KB brotli.
    SQLITE_OMIT_AUTOVACUUM SQLITE_OMIT_DESERIALIZE SQLITE_OMIT_SCHEMA_PRAGMAS
    SQLITE_OMIT_OR_OPTIMIZATION SQLITE_OMIT_AUTOMATIC_INDEX SQLITE_OMIT_LIKE_OPTIMIZATION
    # And these: 1.7 KB.
    SQLITE_OMIT_LOCALTIME SQLITE_OMIT_LOOKASIDE SQLITE_OMIT_TRUNCATE_OPTIMIZATION
    SQLITE_OMIT_BETWEEN_OPTIMIZATION SQLITE_OMIT_XFER_OPT SQLITE_OMIT_QUICKBALANCE
    SQLITE_OMIT_HEX_INTEGER SQLITE_OMIT_CASE_SENSITIVE_LIKE_PRAGMA
    SQLITE_MAX_ATTACHED=1 SQLITE_MAX_MMAP_SIZE=0)
if(EMSCRIPTEN OR TITIK_PHONE_SQLITE)
  set(sqlite_folder ${CMAKE_SOURCE_DIR}/build/deps/sqlite/phone)
  list(APPEND titik_sqlite_common ${titik_sqlite_phone})
else()
  set(sqlite_folder ${CMAKE_SOURCE_DIR}/build/deps/sqlite/full)
endif()
set(sqlite_source ${sqlite_folder}/sqlite3.c)
if(EMSCRIPTEN OR TITIK_PHONE_SQLITE)
  # SQL functions and optimisations that none of our statements needs: 11 KB brotli, with libc's calendar and its glue.
  set(sqlite_source ${CMAKE_BINARY_DIR}/generated/sqlite3.c)
  if(NOT EMSCRIPTEN)
    set(sqlite_functions --functions)  # for the tests' own statements
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/trim-sqlite.mjs)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
  execute_process(COMMAND node ${CMAKE_SOURCE_DIR}/cmake/trim-sqlite.mjs ${sqlite_folder}/sqlite3.c ${sqlite_source}
    ${sqlite_functions} COMMAND_ERROR_IS_FATAL ANY)
endif()
add_library(sqlite3 STATIC ${sqlite_source})
target_include_directories(sqlite3 SYSTEM PUBLIC ${sqlite_folder})
target_compile_options(sqlite3 PRIVATE -w)
if(TITIK_SANITIZE)
  # Three minutes of compiling for code that is not ours. What it allocates is watched all the same, and all that calls it.
  target_compile_options(sqlite3 PRIVATE -fno-sanitize=all)
endif()
if(EMSCRIPTEN)
  # No threads and no OS layer: src/store brings its own VFS.
  target_compile_definitions(sqlite3 PUBLIC ${titik_sqlite_common} SQLITE_OS_OTHER=1 SQLITE_THREADSAFE=0)
else()
  target_compile_definitions(sqlite3 PUBLIC ${titik_sqlite_common} SQLITE_THREADSAFE=1)
  find_package(Threads REQUIRED)
  target_link_libraries(sqlite3 PUBLIC Threads::Threads)
  find_package(OpenSSL REQUIRED)
  if(TITIK_TESTS)
    find_package(GTest REQUIRED)
  endif()
endif()
