# A room is a folder of src/ with the headers of the same name in include/vidclass/.
#
#   vidclass_room(<name> [ROOMS <rooms above it>...] [LIBS <libraries it owns>...])
#
# makes the object library room_<name>. ROOMS must name all rooms whose headers it
# includes; scripts/check_rooms.sh holds the includes against that order. LIBS are
# private: their headers are visible in this room only.
function(vidclass_room name)
  cmake_parse_arguments(ARG "" "" "ROOMS;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp
       ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_library(room_${name} OBJECT ${sources})
  target_include_directories(room_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include
                                          PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(room_${name} PRIVATE vidclass_warnings ${ARG_LIBS} Threads::Threads)

  set(closure ${name})
  set(libs ${ARG_LIBS})
  foreach(room IN LISTS ARG_ROOMS)
    get_property(room_closure GLOBAL PROPERTY VIDCLASS_CLOSURE_${room})
    get_property(room_libs GLOBAL PROPERTY VIDCLASS_LIBS_${room})
    list(APPEND closure ${room_closure})
    list(APPEND libs ${room_libs})
  endforeach()
  list(REMOVE_DUPLICATES closure)
  list(REMOVE_DUPLICATES libs)
  set_property(GLOBAL PROPERTY VIDCLASS_CLOSURE_${name} ${closure})
  set_property(GLOBAL PROPERTY VIDCLASS_LIBS_${name} ${libs})
endfunction()

# Links the objects of rooms, and of all that they stand on, into a target.
function(vidclass_use_rooms target)
  set(closure "")
  set(libs "")
  foreach(room IN LISTS ARGN)
    get_property(room_closure GLOBAL PROPERTY VIDCLASS_CLOSURE_${room})
    get_property(room_libs GLOBAL PROPERTY VIDCLASS_LIBS_${room})
    list(APPEND closure ${room_closure})
    list(APPEND libs ${room_libs})
  endforeach()
  list(REMOVE_DUPLICATES closure)
  list(REMOVE_DUPLICATES libs)
  foreach(room IN LISTS closure)
    target_link_libraries(${target} PRIVATE room_${room})
  endforeach()
  target_link_libraries(${target} PRIVATE ${libs} Threads::Threads)
endfunction()
