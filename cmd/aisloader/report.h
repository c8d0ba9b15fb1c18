// The HTML page of a run (--report): parameters, tables and plots in one file that needs no network.
#pragma once

#include <string>

#include "aisloader/result.h"

namespace ais::loader {

/// The page. Texts from outside are escaped. The plots are drawn by the page's own script from the data in it.
std::string report_page(const RunResult& result);

/// The data of the plots as JSON that may stand inside a <script> element: {"result": as result_json(), "series": [...],
/// "histogram": {...}}.
std::string report_data(const RunResult& result);

std::string html_escape(std::string_view text);

/// The page's style and script (report_style.cpp, report_script.cpp).
extern const char kReportStyle[];
extern const char kReportScript[];

}  // namespace ais::loader
