# cmake --install: program, libraries, headers, CMake package; relocatable as a whole.
include(CMakePackageConfigHelpers)

# OpenVINO lies beside our libraries unless the system has it.
get_target_property(openvino_library openvino::runtime IMPORTED_LOCATION_RELEASE)
if(NOT openvino_library)
  get_target_property(openvino_library openvino::runtime IMPORTED_LOCATION)
endif()
get_filename_component(openvino_dir ${openvino_library} DIRECTORY)
set(private_dir ${CMAKE_INSTALL_LIBDIR}/vidclass)
if(NOT openvino_dir MATCHES "^/usr/")
  file(GLOB openvino_files ${openvino_dir}/*.so ${openvino_dir}/*.so.*)
  # Of the readers of other formats only those that the program can use.
  list(FILTER openvino_files EXCLUDE REGEX
       "_(tensorflow|tensorflow_lite|pytorch|paddle|jax|gguf)_frontend|_npu_|libopenvino_c\\.")
  install(FILES ${openvino_files} DESTINATION ${private_dir}
          PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                      WORLD_EXECUTE)
  if(IS_DIRECTORY ${openvino_dir}/../licenses)
    install(DIRECTORY ${openvino_dir}/../licenses/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/openvino)
  endif()
endif()

# Debian's HDF5 lies in a folder that the loader does not search.
set(run_paths "$ORIGIN:$ORIGIN/vidclass:$ORIGIN/../${CMAKE_INSTALL_LIBDIR}"
              "$ORIGIN/../${private_dir}" ${HDF5_LIBRARY_DIRS})
list(JOIN run_paths ":" run_paths)
set(programs vidclass vidclass_program vidclass_decoder)
foreach(companion vidclass_torch vidclass_onnx)
  if(TARGET ${companion})
    list(APPEND programs ${companion})
  endif()
endforeach()
set_target_properties(${programs} PROPERTIES INSTALL_RPATH "${run_paths}")

# Whoever has built the program alone can install, too.
add_dependencies(vidclass_program vidclass)

install(TARGETS vidclass EXPORT vidclassTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS vidclass_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# Where program and library look for it.
install(TARGETS vidclass_decoder RUNTIME DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(companion vidclass_torch vidclass_onnx)
  if(TARGET ${companion})
    install(TARGETS ${companion} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} OPTIONAL)
  endif()
endforeach()
file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/vidclass/*.hpp)
install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/vidclass)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE
              ${PROJECT_SOURCE_DIR}/THIRD_PARTY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/vidclass)
install(EXPORT vidclassTargets NAMESPACE vidclass:: DESTINATION ${package_dir})
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/vidclassConfig.cmake @ONLY CONTENT [[
include(${CMAKE_CURRENT_LIST_DIR}/vidclassTargets.cmake)
]])
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/vidclassConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/vidclassConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/vidclassConfigVersion.cmake
        DESTINATION ${package_dir})
