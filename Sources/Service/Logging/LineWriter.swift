import Foundation
import Synchronization

/// Where finished lines go.
public protocol LineSink: Sendable {
  /// Takes one line that ends with a line feed; never fails.
  func write(line: [UInt8])
}

/// Writes each line with one system call, so that lines of several processes never mix.
public struct DescriptorSink: LineSink {
  private let descriptor: Int32

  /// - Parameter descriptor: An open file; standard error by default.
  public init(descriptor: Int32 = STDERR_FILENO) { self.descriptor = descriptor }

  /// Writes the line; gives up on a reader that takes nothing for a tenth of a second.
  public func write(line: [UInt8]) {
    line.withUnsafeBytes { buffer in
      var rest = buffer[...]
      // LIMIT: a reader that stopped must not stop the process; what does not fit is lost.
      var refusals = 0
      while !rest.isEmpty, refusals < 100 {
        // SAFETY: the slice lies within `buffer`, which outlives the call.
        let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if written > 0 {
          rest = rest[(rest.startIndex + written)...]
        } else {
          guard errno == EINTR || errno == EAGAIN else { return }
          refusals += 1
          if errno == EAGAIN { usleep(1000) }
        }
      }
    }
  }
}

extension Slice where Base == UnsafeRawBufferPointer {
  fileprivate var baseAddress: UnsafeRawPointer? {
    base.baseAddress.map { $0 + (startIndex - base.startIndex) }
  }
}
