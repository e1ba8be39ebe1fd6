# archive.js + archive.wasm: the file that carries reports to another phone; loaded by keep.js when wanted.
add_executable(archive ${CMAKE_CURRENT_LIST_DIR}/archive_host.cc)
target_link_libraries(archive PRIVATE titik_archive)
target_compile_options(archive PRIVATE ${TITIK_WARNINGS} -fno-exceptions -fno-rtti)
target_link_options(archive PRIVATE
  -Oz --no-entry
  -sENVIRONMENT=web -sMODULARIZE=1 -sEXPORT_NAME=createArchiveModule
  -sEXPORTED_FUNCTIONS=@${CMAKE_CURRENT_LIST_DIR}/archive_exports.txt
  -sMALLOC=emmalloc -sFILESYSTEM=0 -sDYNAMIC_EXECUTION=0
  # The largest directory (store/archive.h: 4000 entries) takes 4 MB, three times.
  -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=1MB -sMAXIMUM_MEMORY=32MB -sTOTAL_STACK=64KB
  --closure 1 ${TITIK_CLOSURE_ARGUMENTS})
set_target_properties(archive PROPERTIES
  LINK_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/archive_exports.txt
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
