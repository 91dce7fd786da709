import Synchronization
import Testing
import Tron

@testable import Payouts

@Suite("The head watch")
struct HeadWatchTests {
  private func watch(
    _ world: JudgedWorld, _ full: [ScriptedFull]
  ) -> HeadWatch {
    let counter = Mutex(UInt8(0))
    let box = Counter(counter)
    return HeadWatch(context: world.context, full: full, solidity: world.nodes) { [box.next()] }
  }

  private final class Counter: Sendable {
    private let value: Mutex<UInt8>
    init(_ value: consuming sending Mutex<UInt8>) { self.value = value }
    func next() -> UInt8 {
      value.withLock { value in
        value += 1
        return value
      }
    }
  }

  private func world(nodes: Int = 2) throws -> JudgedWorld {
    let world = try JudgedWorld(nodes: nodes, deathProofNodes: 1)
    world.fakes.contents.withLock { contents in
      contents.wallets = [
        Wallet(
          address: world.wallet, routers: [.v0],
          funds: Wallet.Funds(
            usdt: USDTAmount(micro: 1), trx: .zero, energy: 0, asOf: BlockNumber(1)),
          updatedAt: TestChain.time(0))
      ]
    }
    return world
  }

  @Test("Follows the highest heads, and takes funds and their height from one node")
  func highest() async throws {
    let world = try world()
    world.nodes[0].script.withLock { script in
      script.blocks.removeLast(5)
      script.usdt = USDTAmount(micro: 111)
    }
    world.nodes[1].script.withLock { $0.usdt = USDTAmount(micro: 222) }
    let full = [
      ScriptedFull("old", .init(head: TestChain.block(16))), ScriptedFull("new"),
      ScriptedFull("down", .init(fails: true)),
    ]
    _ = try await watch(world, full).advance(nil)
    let (head, wallet) = world.fakes.contents.withLock { ($0.head, $0.wallets[0]) }
    #expect(head?.latest.number.value == 20)
    #expect(head?.solidified.id == TestChain.id(20))
    #expect(wallet.funds?.asOf.value == 20)
    #expect(wallet.funds?.usdt.micro == 222)
    #expect(!world.nodes[0].asked.withLock { $0.contains("usdt") })
    let asked = world.nodes[1].asked.withLock { $0 }
    #expect(asked == ["head", "usdt", "trx"], "the head is read before what it dates")
  }

  @Test("A node without an answer does not keep the head from being written")
  func oneDown() async throws {
    let world = try world()
    world.nodes[0].script.withLock { $0.failsHead = true }
    _ = try await watch(world, [ScriptedFull("full")]).advance(nil)
    #expect(world.fakes.contents.withLock { $0.head }?.solidified.number.value == 20)
    world.nodes[1].script.withLock { $0.failsHead = true }
    await #expect(throws: ChainError.self) {
      _ = try await watch(world, [ScriptedFull("full")]).advance(nil)
    }
  }

  @Test(
    "The cost of a transfer is the highest that any wallet's simulation says, and never less than to a new holder",
    arguments: [(64_285, 130_285), (130_286, 130_286), (nil, 130_285), (0, 130_285)]
      as [(Int64?, Int64)])
  func cost(simulated: Int64?, expected: Int64) async throws {
    let world = try world()
    let full = ScriptedFull("full", .init(energy: simulated))
    let prices = try await watch(world, [full]).advance(nil)
    #expect(prices.transferEnergy == expected)
    #expect(world.fakes.contents.withLock { $0.head }?.transferEnergy == expected)
  }

  @Test("Every simulation pays an account that nobody saw before")
  func strangers() async throws {
    let world = try world()
    let full = ScriptedFull("full")
    let watch = watch(world, [full])
    for _ in 0..<3 { _ = try await watch.advance(nil) }
    #expect(Set(full.recipients.withLock { $0 }).count == 3)
  }
}
