#pragma once

namespace arcas::sim {

/// Makes the memory of this process come in large pages where the system offers them on demand: a
/// run over millions of pods waits for address translation otherwise (15 % of az-outage-100k).
/// glibc reads its tunables only at the start of a program, so this starts the program once more
/// in place, with `argv` unchanged. Does nothing when tunables are set already or the system says
/// no; results never depend on it. Call first in main.
void use_large_pages(char** argv);

}  // namespace arcas::sim
