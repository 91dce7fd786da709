import Foundation
import Payouts
import Tron

/// How the text of a variable becomes a value.
struct ValueFormat<Value: Sendable>: Sendable {
  let parse: @Sendable (String) throws(Malformed) -> Value
}

extension ValueFormat where Value == String {
  /// Any text up to a length.
  static func text(most: Int = 500) -> Self {
    Self { text throws(Malformed) in
      guard text.utf8.count <= most else { throw Malformed("must have at most \(most) bytes") }
      return text
    }
  }

  /// Letters, digits, dot, underscore and hyphen, as brokers and stores allow in names.
  static func name(most: Int) -> Self {
    Self { text throws(Malformed) in
      let allowed = text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
      guard allowed, text.utf8.count <= most else {
        throw Malformed("must be at most \(most) letters, digits, '.', '_' or '-'")
      }
      return text
    }
  }

  /// A host name or address to listen on.
  static var host: Self {
    Self { text throws(Malformed) in
      guard !text.isEmpty, text.utf8.count <= 255,
        text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") })
      else { throw Malformed("must be a host name or an address, without a port") }
      return text
    }
  }

  /// A file that exists and can be read.
  static var readableFile: Self {
    Self { path throws(Malformed) in
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
        throw Malformed("must name a file: there is none")
      }
      guard !isDirectory.boolValue else { throw Malformed("must name a file: it is a directory") }
      guard FileManager.default.isReadableFile(atPath: path) else {
        throw Malformed("must name a readable file: no permission to read it")
      }
      return path
    }
  }

  /// A directory that exists and can be written.
  static var writableDirectory: Self {
    Self { path throws(Malformed) in
      var isDirectory: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      guard exists, isDirectory.boolValue, FileManager.default.isWritableFile(atPath: path) else {
        throw Malformed("must name a directory that exists and can be written")
      }
      return path
    }
  }
}

extension ValueFormat where Value == Int {
  /// A whole number within a range.
  static func integer(_ range: ClosedRange<Int>) -> Self {
    Self { text throws(Malformed) in
      guard let value = decimal(text), range.contains(value) else {
        throw Malformed(
          "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
  }

  /// A TCP port; 0 lets the system choose.
  static var port: Self { integer(0...65535) }
}

extension ValueFormat where Value == Duration {
  /// Whole seconds within a range.
  static func seconds(_ range: ClosedRange<Int>) -> Self {
    Self { text throws(Malformed) in
      guard let value = decimal(text), range.contains(value) else {
        throw Malformed(
          "must be whole seconds from \(range.lowerBound) to \(range.upperBound)")
      }
      return .seconds(value)
    }
  }

  /// Whole milliseconds within a range.
  static func milliseconds(_ range: ClosedRange<Int>) -> Self {
    Self { text throws(Malformed) in
      guard let value = decimal(text), range.contains(value) else {
        throw Malformed(
          "must be whole milliseconds from \(range.lowerBound) to \(range.upperBound)")
      }
      return .milliseconds(value)
    }
  }
}

extension ValueFormat where Value == Bool {
  /// `yes` or `no`.
  static var yesNo: Self {
    Self { text throws(Malformed) in
      switch text.lowercased() {
      case "yes", "true": return true
      case "no", "false": return false
      default: throw Malformed("must be yes or no")
      }
    }
  }

  /// `on` or `off`.
  static var onOff: Self {
    Self { text throws(Malformed) in
      switch text.lowercased() {
      case "on", "yes", "true": return true
      case "off", "no", "false": return false
      default: throw Malformed("must be on or off")
      }
    }
  }
}

extension ValueFormat
where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the raw values.
  static var choice: Self {
    Self { text throws(Malformed) in
      guard let value = Value(rawValue: text.lowercased()) else {
        let choices = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw Malformed("must be one of \(choices)")
      }
      return value
    }
  }
}

/// Reads decimal digits only: no sign, space or separator.
func decimal(_ text: String) -> Int? {
  guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
  return Int(text)
}
