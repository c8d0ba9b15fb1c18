#include "aisloader/percentile_curve.h"

namespace ais::loader {

std::vector<CurvePoint> percentile_curve(const Histogram& histogram) {
  constexpr int kSteps = 5;
  std::vector<CurvePoint> out;
  if (histogram.count() == 0) return out;
  for (double left = 100; left * static_cast<double>(histogram.count()) >= 100; left /= 2) {
    for (int step = 0; step < kSteps; ++step) {
      const double percent = 100 - left + left / 2 * step / kSteps;
      out.push_back({percent, histogram.percentile(percent)});
    }
  }
  out.push_back({100, histogram.max()});
  return out;
}

}  // namespace ais::loader
