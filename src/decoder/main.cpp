// vidclass_decoder: decodes clips for the library, which starts it (sandbox/sandbox.hpp).
#include <exception>

#include "sandbox/serve_jobs.hpp"

int main() {
  try {
    return vidclass::sandbox::serve_jobs();
  } catch (const std::exception&) {
    return 1;  // whoever started it sees the socket close
  }
}
