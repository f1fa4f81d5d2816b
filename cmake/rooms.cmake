# A room is a folder of src/.
#
#   vidclass_room(<name> [LIBS <libraries it owns>...])
#
# makes the object library room_<name>. LIBS are private: their headers are visible in this room
# only. scripts/check_rooms.sh holds the includes against the order of the rooms.
function(vidclass_room name)
  cmake_parse_arguments(ARG "" "" "LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp
       ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*/*.cpp)
  add_library(room_${name} OBJECT ${sources})
  target_link_libraries(room_${name} PRIVATE vidclass_common ${ARG_LIBS})
  vidclass_unity(room_${name} 16)
  set_property(GLOBAL APPEND PROPERTY VIDCLASS_LIBS ${ARG_LIBS})
endfunction()

# Compiles so many files of a target at once, which is quicker: headers are read and templates
# compiled once for all of them.
function(vidclass_unity target files)
  if(VIDCLASS_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${files})
    # GCC takes a batch for the .cpp file and its members for headers, whose classes must not have
    # fields of types of an anonymous namespace.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()
