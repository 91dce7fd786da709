import Foundation
import Testing

/// What `payoutctl replay` refuses before it asks any server.
@Suite struct ReplayTests {
  private let directory: TemporaryDirectory
  private let payoutctl: Payoutctl

  init() throws {
    directory = try TemporaryDirectory()
    payoutctl = Payoutctl(directory: directory)
  }

  private static let request = #"{"topic":"payouts.settled","prefix":"","dryRun":true"#

  @Test(
    "A replay goes on only from its own state",
    arguments: [
      ("not JSON", "is not the state of a replay"),
      (#"{"topic":"payouts.settled"}"#, "is not the state of a replay"),
      // Another topic, prefix, range, partition; appending instead of looking.
      (
        #"{"request":{"topic":"payouts.requested","prefix":"","dryRun":true},"partitions":[]}"#,
        "another replay"
      ),
      (
        #"{"request":{"topic":"payouts.settled","prefix":"x.","dryRun":true},"partitions":[]}"#,
        "another replay"
      ),
      (#"{"request":\#(request),"from":"1"},"partitions":[]}"#, "another replay"),
      (#"{"request":\#(request),"to":"1"},"partitions":[]}"#, "another replay"),
      (#"{"request":\#(request),"partition":1},"partitions":[]}"#, "another replay"),
      (
        #"{"request":{"topic":"payouts.settled","prefix":"","dryRun":false},"partitions":[]}"#,
        "another replay"
      ),
    ])
  func states(content: String, reason: String) throws {
    let file = try directory.file("replay.state", Array(content.utf8))
    let outcome = try payoutctl.run(
      ["replay", "--topic", "payouts.settled", "--dry-run", "--state", file])
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    #expect(FileManager.default.contents(atPath: file) == Data(content.utf8), "it is left alone")
  }

  @Test(
    "Points and topics that are none are refused",
    arguments: [
      (["--topic", "payouts"], "there is no topic payouts"),
      (["--topic", "payouts.settled", "--from", "noon"], "--from: noon is neither"),
      (["--topic", "payouts.settled", "--to", "-"], "--to: - is neither"),
    ])
  func arguments(arguments: [String], reason: String) throws {
    let outcome = try payoutctl.run(["replay"] + arguments)
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
  }
}
