// The three standard descriptors of a process, whatever it was started with.
#pragma once

namespace ais::cli {

/// A standard descriptor that is closed at the start (`program >&-`) would be given to the first file or socket that is opened, and
/// what is printed would go there. Takes its place with one that reading, or writing, fails on. To be called before anything is opened.
void keep_standard_streams();

}  // namespace ais::cli
