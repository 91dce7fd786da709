import Foundation
import Payouts
import Synchronization
import Testing

@testable import Service

@Suite struct FailpointTests {
  @Test("Points and passes are read")
  func parse() throws {
    let kills = try FailpointSettings.parse("signer.after_plan:3,confirmer.after_arm")
    #expect(kills == [.signerAfterPlan: 3, .confirmerAfterArm: 1])
  }

  @Test(
    "What is no list of points is refused",
    arguments: [
      "", "signer", "signer.after_plan:0", "signer.after_plan:x", "signer.after_plan:1:2",
      "signer.after_plan,", "signer.after_plan,signer.after_plan", "signer.after_plan:-1",
    ])
  func refused(text: String) {
    #expect(throws: SettingFaults.self) { try FailpointSettings.parse(text) }
  }

  @Test("Every point's name has its stage in front")
  func names() {
    for point in Failpoint.allCases {
      let parts = point.rawValue.split(separator: ".")
      #expect(parts.count == 2 && Role(rawValue: String(parts[0])) != nil)
    }
  }

  #if DEBUG || FAILPOINTS
    private final class Deaths: Sendable {
      let points = Mutex<[Failpoint]>([])
    }

    private func failpoints(
      _ settings: FailpointSettings, _ deaths: Deaths
    ) -> ProcessFailpoints {
      ProcessFailpoints(settings) { point in deaths.points.withLock { $0.append(point) } }
    }

    @Test("A point kills at its pass, once, and other points do not count")
    func pass() {
      let deaths = Deaths()
      let failpoints = failpoints(
        FailpointSettings(kills: [.signerAfterPlan: 3], stateDirectory: nil), deaths)
      failpoints.reach(.signerAfterPlan)
      failpoints.reach(.signerAfterSign)
      failpoints.reach(.signerAfterPlan)
      #expect(deaths.points.withLock { $0 } == [])
      failpoints.reach(.signerAfterPlan)
      failpoints.reach(.signerAfterPlan)
      #expect(deaths.points.withLock { $0 } == [.signerAfterPlan])
    }

    @Test("A point that was hit before a restart does not kill again")
    func state() throws {
      let directory = try TemporaryDirectory()
      let settings = FailpointSettings(
        kills: [.signerAfterPlan: 1, .signerAfterSign: 1], stateDirectory: directory.path)
      let deaths = Deaths()
      failpoints(settings, deaths).reach(.signerAfterPlan)
      let restarted = failpoints(settings, deaths)
      restarted.reach(.signerAfterPlan)
      restarted.reach(.signerAfterSign)
      #expect(deaths.points.withLock { $0 } == [.signerAfterPlan, .signerAfterSign])
    }

    @Test("The environment names points and the directory of the spent ones")
    func environment() throws {
      let directory = try TemporaryDirectory()
      let settings = try settings(
        BatcherSettings.self,
        environment: [
          "FAILPOINTS": "batcher.after_assign:2", "FAILPOINTS_STATE_DIR": directory.path,
        ])
      #expect(settings.common.failpoints?.kills == [.batcherAfterAssign: 2])
      #expect(settings.common.failpoints?.stateDirectory == directory.path)
    }
  #endif
}
