# Where the libraries come from. Debian's packages, except OpenVINO: an installed
# one (CMAKE_PREFIX_PATH, OpenVINO_DIR) comes first, then the one that
# scripts/setup.sh unpacks into .deps/.
find_package(PkgConfig REQUIRED)
pkg_check_modules(FFMPEG REQUIRED IMPORTED_TARGET libavformat libavcodec libavfilter
                  libswscale libavutil)
pkg_check_modules(FREETYPE REQUIRED IMPORTED_TARGET freetype2)
pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET hdf5)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(LBFGS REQUIRED IMPORTED_TARGET liblbfgs)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)
find_package(Threads REQUIRED)

# Debian's package of these three libraries alone has no CMake files.
find_path(VIDCLASS_OPENCV_INCLUDE opencv2/video/tracking.hpp PATH_SUFFIXES opencv4)
find_library(VIDCLASS_OPENCV_VIDEO opencv_video)
find_library(VIDCLASS_OPENCV_IMGPROC opencv_imgproc)
find_library(VIDCLASS_OPENCV_CORE opencv_core)
if(NOT VIDCLASS_OPENCV_INCLUDE OR NOT VIDCLASS_OPENCV_VIDEO OR NOT VIDCLASS_OPENCV_IMGPROC OR
   NOT VIDCLASS_OPENCV_CORE)
  message(FATAL_ERROR "OpenCV (core, imgproc, video) was not found. Run 'make setup', or name the "
                      "folder where it is installed in CMAKE_PREFIX_PATH.")
endif()
add_library(opencv INTERFACE)
target_include_directories(opencv SYSTEM INTERFACE ${VIDCLASS_OPENCV_INCLUDE})
target_link_libraries(opencv INTERFACE ${VIDCLASS_OPENCV_VIDEO} ${VIDCLASS_OPENCV_IMGPROC}
                                       ${VIDCLASS_OPENCV_CORE})

find_package(OpenVINO QUIET COMPONENTS Runtime)
if(NOT OpenVINO_FOUND)
  find_package(OpenVINO QUIET COMPONENTS Runtime PATHS ${PROJECT_SOURCE_DIR}/.deps/openvino/cmake
               NO_DEFAULT_PATH)
endif()
if(NOT OpenVINO_FOUND)
  message(FATAL_ERROR "OpenVINO was not found. Run 'make setup', or name an installed one with "
                      "-DOpenVINO_DIR=<folder of OpenVINOConfig.cmake>.")
endif()
# The weights of lite0 become part of the library.
find_file(VIDCLASS_LITE0_WEIGHTS efficientnet_lite0.safetensors
          PATHS ${PROJECT_SOURCE_DIR}/.deps/lite0 NO_DEFAULT_PATH)
if(NOT VIDCLASS_LITE0_WEIGHTS)
  message(FATAL_ERROR "The weights of EfficientNet-Lite0 were not found. Run 'make setup', or name "
                      "what scripts/lite0_weights.py wrote with -DVIDCLASS_LITE0_WEIGHTS=<file>.")
endif()
find_package(CLI11 REQUIRED)
find_package(Boost 1.81 REQUIRED CONFIG)
find_package(prometheus-cpp REQUIRED)
# The letters on annotated clips.
find_file(VIDCLASS_FONT DejaVuSans.ttf PATHS /usr/share/fonts/truetype/dejavu NO_DEFAULT_PATH)
if(NOT VIDCLASS_FONT)
  message(FATAL_ERROR "DejaVu Sans was not found. Run 'make setup', or name a TrueType font with "
                      "-DVIDCLASS_FONT=<file>.")
endif()
# Chart.js becomes part of the library, and of every page that it writes.
find_file(VIDCLASS_CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH)
if(NOT VIDCLASS_CHART_JS)
  message(FATAL_ERROR "Chart.js was not found. Run 'make setup', or name its chart.min.js (3.9 or "
                      "newer) with -DVIDCLASS_CHART_JS=<file>.")
endif()

if(VIDCLASS_ONNX)
  # ONNX's file format and its checker; Debian's CMake files name targets that its package lacks.
  find_path(VIDCLASS_ONNX_INCLUDE onnx/checker.h)
  find_library(VIDCLASS_ONNX_LIBRARY onnx)
  find_library(VIDCLASS_ONNX_PROTO onnx_proto)
  find_library(VIDCLASS_PROTOBUF protobuf)
  if(NOT VIDCLASS_ONNX_INCLUDE OR NOT VIDCLASS_ONNX_LIBRARY OR NOT VIDCLASS_ONNX_PROTO OR
     NOT VIDCLASS_PROTOBUF)
    message(FATAL_ERROR "ONNX (libonnx-dev) was not found. Run 'make setup', name the folder where "
                        "it is installed in CMAKE_PREFIX_PATH, or build without "
                        "(-DVIDCLASS_ONNX=OFF).")
  endif()
  add_library(onnx_files INTERFACE)
  target_include_directories(onnx_files SYSTEM INTERFACE ${VIDCLASS_ONNX_INCLUDE})
  target_compile_definitions(onnx_files INTERFACE ONNX_NAMESPACE=onnx ONNX_ML=1)
  target_link_libraries(onnx_files INTERFACE ${VIDCLASS_ONNX_LIBRARY} ${VIDCLASS_ONNX_PROTO}
                                             ${VIDCLASS_PROTOBUF})
endif()

if(VIDCLASS_TORCH)
  # Debian's LibTorch, or a newer one named in CMAKE_PREFIX_PATH.
  # A profiler, of which it would warn that Debian 13 has none; we link with `torch` alone.
  set(kineto_LIBRARY torch)
  find_package(Torch REQUIRED)
  # The loops that are parallel in LibTorch's headers are so with OpenMP only.
  find_package(OpenMP REQUIRED COMPONENTS CXX)
  # Training in several processes; without Gloo one process trains alone.
  find_library(VIDCLASS_GLOO_LIBRARY gloo)
  find_path(VIDCLASS_GLOO_INCLUDE gloo/algorithm.h)
  if(NOT VIDCLASS_GLOO_INCLUDE)
    set(VIDCLASS_GLOO_LIBRARY "")
  endif()
  if(NOT VIDCLASS_GLOO_LIBRARY)
    set(VIDCLASS_GLOO_LIBRARY "")
    message(STATUS "Gloo was not found: training will run in one process only")
  endif()
  # Between graphics cards, where LibTorch was built with it.
  find_path(VIDCLASS_NCCL_INCLUDE nccl.h)
  if(NOT VIDCLASS_NCCL_INCLUDE OR NOT TARGET torch_cuda)
    set(VIDCLASS_NCCL_INCLUDE "")
  endif()
endif()
