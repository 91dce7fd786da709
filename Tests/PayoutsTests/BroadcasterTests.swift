import Testing
import Tron

@testable import Payouts

@Suite("The Broadcaster")
struct BroadcasterTests {
  @Test("A node that hangs keeps no other node waiting, and gets everything when it is back")
  func hanging() async throws {
    let world = try JudgedWorld(nodes: 0, deathProofNodes: 1)
    try world.watch(more: 299)
    let hung = ScriptedFull("hung", .init(hangs: true))
    let healthy = ScriptedFull("healthy")
    let broadcaster = Broadcaster(context: world.context, nodes: [hung, healthy])
    async let stuck = broadcaster.sendDue(to: 0)
    // By then everything that is due stands in both lines.
    while hung.broadcasts.withLock({ $0.isEmpty }) { await Task.yield() }
    while await broadcaster.sendDue(to: 1) {}
    #expect(Set(healthy.broadcasts.withLock { $0 }).count == 300)
    #expect(hung.broadcasts.withLock { $0.count } <= 16)
    hung.recover()
    _ = await stuck
    while await broadcaster.sendDue(to: 0) {}
    #expect(Set(hung.broadcasts.withLock { $0 }) == Set(healthy.broadcasts.withLock { $0 }))
  }

  @Test("What has ended while it waited for a node is not sent to it any more")
  func ended() async throws {
    let world = try JudgedWorld(nodes: 0, deathProofNodes: 1)
    let (one, two) = (ScriptedFull("one"), ScriptedFull("two"))
    let broadcaster = Broadcaster(context: world.context, nodes: [one, two])
    #expect(await broadcaster.sendDue(to: 0))
    world.context.state.with { $0.watch.remove(world.transfer.id) }
    #expect(await !broadcaster.sendDue(to: 1))
    #expect(one.broadcasts.withLock { $0.count } == 1)
    #expect(two.broadcasts.withLock { $0.isEmpty })
  }
}
