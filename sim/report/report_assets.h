#pragma once

#include <string_view>

namespace arcas::sim {

// The files in sim/report/html, as the binary carries them.
extern const std::string_view kReportPage;  ///< with {{title}}, {{style}}, {{figures}}, …
extern const std::string_view kReportStyle;
extern const std::string_view kReportScript;

}  // namespace arcas::sim
