import Glibc
import Secp256k1

/// A small file whose contents go straight into locked memory.
struct SecretFile {
  let path: String
  let contents: SecretBytes
  let isReadableByOthers: Bool

  // LIMIT: a keystore is about 500 bytes; nothing legitimate comes near this.
  private static let mostBytes = 16_384

  /// Reads a file, or a pipe to its end.
  init(path: String) throws(KeyVaultError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Self.failure("cannot be opened", path) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw Self.failure("cannot be examined", path) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw KeyVaultError(.file, "\(path): is a directory")
    }
    self.path = path
    isReadableByOthers = status.st_mode & (S_IRGRP | S_IROTH) != 0
    contents = try Self.read(file, path)
  }

  private static func read(_ file: Int32, _ path: String) throws(KeyVaultError) -> SecretBytes {
    var length = 0
    let buffer = try SecretBytes(count: mostBytes + 1) {
      (memory: UnsafeMutableRawBufferPointer) throws(KeyVaultError) in
      while length < memory.count {
        let count = Glibc.read(
          file, memory.baseAddress?.advanced(by: length), memory.count - length)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw failure("cannot be read", path) }
        if count == 0 { return }
        length += count
      }
    }
    guard length <= mostBytes else {
      throw KeyVaultError(.malformed, "\(path): is larger than \(mostBytes) bytes")
    }
    return buffer.prefix(length)
  }

  private static func failure(_ what: String, _ path: String) -> KeyVaultError {
    KeyVaultError(.file, "\(path): \(what): \(String(cString: strerror(errno)))")
  }

  /// What was read without one line end (LF or CRLF) after it, which editors add.
  var withoutLineEnd: SecretBytes {
    let length = contents.withUnsafeBytes { bytes in
      guard bytes.last == UInt8(ascii: "\n") else { return bytes.count }
      return bytes.dropLast().last == UInt8(ascii: "\r") ? bytes.count - 2 : bytes.count - 1
    }
    return contents.prefix(length)
  }
}

extension SecretBytes {
  /// A copy of the first bytes.
  func prefix(_ count: Int) -> SecretBytes {
    withUnsafeBytes { SecretBytes(copying: UnsafeRawBufferPointer(rebasing: $0[0..<count])) }
  }
}
