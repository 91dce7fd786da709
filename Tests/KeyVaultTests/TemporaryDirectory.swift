import Foundation

/// A directory of a test's own, gone when the test is over.
final class TemporaryDirectory {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "keyvault-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
  }

  deinit {
    do {
      try FileManager.default.removeItem(at: url)
    } catch {
      print("cannot remove \(url.path): \(error)")
    }
  }

  /// Writes a file and answers its path.
  func file(_ name: String, _ contents: [UInt8], mode: Int = 0o600) throws -> String {
    let path = path(name)
    try Data(contents).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  func path(_ name: String) -> String { url.appending(path: name).path }
}
