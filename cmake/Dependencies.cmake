# Third-party parts, each as one target with its warnings off. cmake/setup puts them in place.

set(SQLITE_DIR ${CMAKE_SOURCE_DIR}/node_modules/better-sqlite3/deps/sqlite3 CACHE PATH
    "Folder of the SQLite amalgamation")
set(IMGUI_DIR ${CMAKE_SOURCE_DIR}/build/deps/imgui CACHE PATH "Folder of Dear ImGui ≥ 1.92")

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

# One SQLite for the phone, the server and the tests.
add_library(sqlite3 STATIC ${SQLITE_DIR}/sqlite3.c)
target_include_directories(sqlite3 SYSTEM PUBLIC ${SQLITE_DIR})
target_compile_options(sqlite3 PRIVATE -w)
set(titik_sqlite_common SQLITE_DQS=0 SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_MAX_EXPR_DEPTH=0
    SQLITE_LIKE_DOESNT_MATCH_BLOBS SQLITE_USE_ALLOCA SQLITE_DEFAULT_FOREIGN_KEYS=1
    SQLITE_OMIT_DEPRECATED SQLITE_OMIT_LOAD_EXTENSION SQLITE_OMIT_SHARED_CACHE)
if(EMSCRIPTEN)
  # The phone's build: no OS layer (src/store brings its own VFS) and nothing we do not use.
  target_compile_definitions(sqlite3 PUBLIC ${titik_sqlite_common} SQLITE_OS_OTHER=1
    SQLITE_THREADSAFE=0 SQLITE_TEMP_STORE=3 SQLITE_UNTESTABLE
    SQLITE_OMIT_AUTOINIT SQLITE_OMIT_DECLTYPE SQLITE_OMIT_PROGRESS_CALLBACK SQLITE_OMIT_WAL
    SQLITE_OMIT_UTF16 SQLITE_OMIT_TRACE SQLITE_OMIT_AUTHORIZATION SQLITE_OMIT_COMPLETE
    SQLITE_OMIT_GET_TABLE SQLITE_OMIT_TCL_VARIABLE SQLITE_OMIT_INCRBLOB
    SQLITE_OMIT_INTROSPECTION_PRAGMAS SQLITE_OMIT_COMPILEOPTION_DIAGS SQLITE_OMIT_TEST_CONTROL
    SQLITE_OMIT_JSON SQLITE_OMIT_DATETIME_FUNCS
    # 12.5 KB brotli less; src/store's tests pass with all of these natively too. What else one might
    # omit (triggers, views, ATTACH, virtual tables, window functions) does not link: the
    # amalgamation's parser calls it.
    SQLITE_OMIT_AUTOVACUUM SQLITE_OMIT_EXPLAIN SQLITE_OMIT_DESERIALIZE SQLITE_OMIT_SCHEMA_PRAGMAS
    SQLITE_OMIT_GENERATED_COLUMNS SQLITE_OMIT_TEMPDB SQLITE_OMIT_OR_OPTIMIZATION
    SQLITE_OMIT_AUTOMATIC_INDEX SQLITE_OMIT_LIKE_OPTIMIZATION)
else()
  target_compile_definitions(sqlite3 PUBLIC ${titik_sqlite_common} SQLITE_THREADSAFE=1)
  find_package(Threads REQUIRED)
  target_link_libraries(sqlite3 PUBLIC Threads::Threads)
  find_package(OpenSSL REQUIRED)
  if(TITIK_TESTS)
    find_package(GTest REQUIRED)
  endif()
endif()
