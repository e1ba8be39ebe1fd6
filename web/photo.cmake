# photo.js + photo.wasm: the photo module, run by photo_worker.js (which is served as it stands).
add_executable(photo ${CMAKE_CURRENT_LIST_DIR}/photo_host.cc)
target_link_libraries(photo PRIVATE titik_photo)
target_compile_options(photo PRIVATE ${TITIK_WARNINGS} -fno-exceptions -fno-rtti)
target_link_options(photo PRIVATE
  -Oz --no-entry
  -sENVIRONMENT=worker -sMODULARIZE=1 -sEXPORT_NAME=createPhotoModule
  -sEXPORTED_FUNCTIONS=@${CMAKE_CURRENT_LIST_DIR}/photo_exports.txt
  -sMALLOC=emmalloc -sFILESYSTEM=0 -sDYNAMIC_EXECUTION=0 -sTEXTDECODER=2 -sSUPPORT_ERRNO=0
  # 400 MiB of decoder (photo/stb_decoder.h), the file itself, and the results.
  -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=1MB -sMAXIMUM_MEMORY=512MB -sTOTAL_STACK=128KB
  --closure 1 ${TITIK_CLOSURE_ARGUMENTS})
set_target_properties(photo PROPERTIES
  LINK_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/photo_exports.txt
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
titik_shrink(photo)
