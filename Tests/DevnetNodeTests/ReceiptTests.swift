import Testing
import Tron

@testable import DevnetNode

@Suite struct ReceiptTests {
  @Test func `a transfer to a holder burns 64,285 energy and moves the money`() throws {
    var world = try World()
    let (sender, recipient) = (world.wallets[0], world.wallets[1])
    let done = try world.mine(world.usdt(from: sender, to: recipient.address, 1_000_000))
    #expect(done.result == .success)
    #expect(done.energyUsageTotal == 64_285)
    #expect(done.energyFee == 6_428_500)
    #expect(done.energyPenaltyTotal == 64_285 - 64_285 * 10 / 44)
    #expect(done.netUsage == 345 && done.netFee == 0)
    #expect(done.fee == 6_428_500)
    #expect(done.returned == [UInt8](repeating: 0, count: 32))
    let event = try #require(done.logs.first.flatMap(TransferEvent.init))
    #expect(event.sender == sender.address && event.recipient == recipient.address)
    #expect(event.amount == USDTAmount(micro: 1_000_000))
    #expect(world.micro(sender) == 9_999_000_000 && world.micro(recipient) == 10_001_000_000)
    #expect(world.sun(sender) == 10_000_000_000 - 6_428_500)
  }

  @Test func `a transfer to somebody without USDT burns 130,285 and creates no account`() throws {
    var world = try World()
    let nobody = world.wallets[5]
    let done = try world.mine(world.usdt(from: world.wallets[0], to: nobody.address, 5))
    #expect(done.energyUsageTotal == 130_285)
    #expect(world.micro(nobody) == 5)
    #expect(world.state.ledger.accounts[nobody.address] == nil)
  }

  @Test func `free bandwidth covers one transfer a day, the next burns`() throws {
    var world = try World()
    let (sender, recipient) = (world.wallets[0], world.wallets[1])
    let first = try world.mine(world.usdt(from: sender, to: recipient.address, 1))
    let second = try world.mine(world.usdt(from: sender, to: recipient.address, 2))
    #expect(first.netUsage > 0 && first.netFee == 0)
    #expect(second.netUsage == 0 && second.netFee == first.netUsage * 1000)
  }

  @Test func `staked energy and bandwidth are used first`() throws {
    let sender = try Wallet(0)
    var world = try World(edits: [
      .setStakedEnergy(sender.address, 100_000), .setStakedBandwidth(sender.address, 1000),
    ])
    let first = try world.mine(world.usdt(from: sender, to: world.wallets[1].address, 1))
    #expect(first.energyUsage == 64_285 && first.energyFee == 0 && first.fee == 0)
    let second = try world.mine(world.usdt(from: sender, to: world.wallets[1].address, 2))
    #expect(abs(second.energyUsage - 35_715) <= 10, "a little has come back in one slot")
    #expect(second.energyFee == (64_285 - second.energyUsage) * 100)
    #expect(second.netUsage > 0)
  }

  /// Calls that revert, with the reason.
  enum Reason: CaseIterable { case moreThanThereIs, blacklistedSender, pausedContract }

  @Test(arguments: Reason.allCases) func `reverts, charges and moves nothing`(
    reason: Reason
  ) throws {
    let edits: [LedgerEdit] =
      switch reason {
      case .moreThanThereIs: []
      case .blacklistedSender: [.setBlacklisted(try Wallet(0).address, true)]
      case .pausedContract: [.setTokenPaused(true)]
      }
    let micro: UInt64 = reason == .moreThanThereIs ? 10_000_000_001 : 1
    var world = try World(edits: edits)
    let (sender, recipient) = (world.wallets[0], world.wallets[1])
    let done = try world.mine(world.usdt(from: sender, to: recipient.address, micro))
    #expect(done.result == .revert)
    #expect(done.message == "REVERT opcode executed")
    #expect(done.logs.isEmpty && done.returned.isEmpty)
    #expect(done.energyUsageTotal == 26_000 && done.energyFee == 2_600_000)
    #expect(world.micro(sender) == 10_000_000_000 && world.micro(recipient) == 10_000_000_000)
  }

  @Test func `a blacklisted recipient still receives`() throws {
    let recipient = try Wallet(1)
    var world = try World(edits: [.setBlacklisted(recipient.address, true)])
    let done = try world.mine(world.usdt(from: world.wallets[0], to: recipient.address, 7))
    #expect(done.result == .success)
  }

  @Test func `a call with TRX reverts, for the contract takes none`() throws {
    var world = try World()
    let data = TransferCall(recipient: world.wallets[1].address, amount: UInt256(1)).data
    let done = try world.mine(world.call(from: world.wallets[0], data, value: 1))
    #expect(done.result == .revert)
    #expect(world.sun(world.wallets[0]) == 10_000_000_000 - done.fee)
  }

  @Test(arguments: [
    [UInt8](), [0xa9, 0x05, 0x9c, 0xbb], [1, 2, 3, 4], [UInt8](repeating: 9, count: 99),
  ])
  func `call data that the contract does not understand reverts`(data: [UInt8]) throws {
    var world = try World()
    let result = try world.mine(world.call(from: world.wallets[0], data)).result
    #expect(result == .revert)
  }

  /// Fee limits that do not pay for 64,285 energy at 100 sun.
  @Test(arguments: [Int64(0), 99, 100, 6_428_499]) func `a low fee limit is used up`(
    feeLimit: Int64
  ) throws {
    var world = try World()
    let (sender, recipient) = (world.wallets[0], world.wallets[1])
    let done = try world.mine(
      world.usdt(from: sender, to: recipient.address, 1, .init(feeLimit: feeLimit)))
    #expect(done.result == .outOfEnergy)
    #expect(done.energyUsageTotal == feeLimit / 100)
    #expect(done.energyFee == feeLimit / 100 * 100)
    #expect(done.message?.hasPrefix("Not enough energy for 'SSTORE' operation executing") == true)
    #expect(done.returned.isEmpty && done.logs.isEmpty)
    #expect(world.micro(recipient) == 10_000_000_000)
  }

  @Test func `the fee limit caps staked energy as well`() throws {
    let sender = try Wallet(0)
    var world = try World(edits: [.setStakedEnergy(sender.address, 1_000_000)])
    let done = try world.mine(
      world.usdt(from: sender, to: world.wallets[1].address, 1, .init(feeLimit: 1_000_000)))
    #expect(done.result == .outOfEnergy)
    #expect(done.energyUsage == 10_000 && done.energyFee == 0)
  }

  @Test func `too little TRX acts like a low fee limit`() throws {
    let poor = try Wallet(3)
    var world = try World(edits: [.setSun(poor.address, 1_000_050), .setMicroUSDT(poor.address, 9)])
    let done = try world.mine(world.usdt(from: poor, to: world.wallets[1].address, 9))
    #expect(done.result == .outOfEnergy)
    #expect(done.energyFee == 1_000_000)
    #expect(world.sun(poor) == 50)
    #expect(world.micro(poor) == 9)
  }

  @Test func `TRX to an account moves and pays for bandwidth only`() throws {
    var world = try World()
    let (sender, recipient) = (world.wallets[0], world.wallets[1])
    let done = try world.mine(world.trx(from: sender, to: recipient.address, 1_000_000))
    #expect(done.result == .success && !done.isContractCall)
    #expect(done.fee == 0 && done.netUsage > 0)
    #expect(world.sun(recipient) == 10_001_000_000)
  }

  @Test func `TRX to nobody creates the account for 1.1 TRX`() throws {
    var world = try World()
    let (sender, recipient) = (world.wallets[0], world.wallets[5])
    let done = try world.mine(world.trx(from: sender, to: recipient.address, 1))
    #expect(done.netFee == 100_000 && done.fee == 1_100_000)
    #expect(world.sun(recipient) == 1)
    #expect(world.sun(sender) == 10_000_000_000 - 1_100_001)
  }

  @Test func `a memo costs 1 TRX`() throws {
    var world = try World()
    let memo = World.Terms(memo: Array("thanks".utf8))
    let done = try world.mine(
      world.usdt(from: world.wallets[0], to: world.wallets[1].address, 1, memo))
    #expect(done.fee == 7_428_500)
  }

  @Test func `a spender moves what was approved and no more`() throws {
    var world = try World()
    let (owner, spender, recipient) = (world.wallets[0], world.wallets[2], world.wallets[1])
    let approve = Self.data("095ea7b3", spender.address, 100)
    let result = try world.mine(world.call(from: owner, approve)).result
    #expect(result == .success)
    let key = Ledger.Allowance(owner: owner.address, spender: spender.address)
    #expect(world.state.ledger.allowance(key) == UInt256(100))
    let move = Self.data("23b872dd", owner.address, recipient.address, 60)
    let done = try world.mine(world.call(from: spender, move))
    #expect(done.result == .success)
    #expect(world.state.ledger.allowance(key) == UInt256(40))
    #expect(world.micro(owner) == 10_000_000_000 - 60)
    let again = try world.mine(world.call(from: spender, move, .init(timestamp: 5)))
    #expect(again.result == .revert)
    #expect(world.state.ledger.allowance(key) == UInt256(40))
  }

  @Test func `the greatest allowance is not used up`() throws {
    var world = try World()
    let (owner, spender) = (world.wallets[0], world.wallets[2])
    let word = [UInt8](repeating: 0xff, count: 32)
    let approve = try #require(bytes(hex: "095ea7b3")) + Self.word(spender.address) + word
    _ = try world.mine(world.call(from: owner, approve))
    let move = Self.data("23b872dd", owner.address, world.wallets[1].address, 60)
    let result = try world.mine(world.call(from: spender, move)).result
    #expect(result == .success)
    let key = Ledger.Allowance(owner: owner.address, spender: spender.address)
    #expect(world.state.ledger.allowance(key) == .max)
  }

  @Test func `selectors are the first bytes of the hash of the signature`() {
    let signatures: [(TetherToken.Function, String)] = [
      (.transfer, "transfer(address,uint256)"),
      (.transferFrom, "transferFrom(address,address,uint256)"),
      (.approve, "approve(address,uint256)"), (.allowance, "allowance(address,address)"),
      (.balanceOf, "balanceOf(address)"), (.totalSupply, "totalSupply()"), (.name, "name()"),
      (.symbol, "symbol()"), (.decimals, "decimals()"), (.owner, "owner()"),
      (.getOwner, "getOwner()"), (.paused, "paused()"),
      (.isBlackListed, "isBlackListed(address)"),
      (.getBlackListStatus, "getBlackListStatus(address)"), (.deprecated, "deprecated()"),
      (.basisPointsRate, "basisPointsRate()"), (.maximumFee, "maximumFee()"),
    ]
    for (function, signature) in signatures {
      let selector = keccak256(Array(signature.utf8))[..<4].reduce(0) { $0 << 8 | UInt32($1) }
      #expect(function.rawValue == selector, "\(signature)")
    }
  }

  private static func word(_ address: TronAddress) -> [UInt8] {
    [UInt8](repeating: 0, count: 12) + address.accountBytes
  }

  private static func data(
    _ selector: String, _ addresses: TronAddress..., amount: UInt64
  ) -> [UInt8] {
    (bytes(hex: selector) ?? []) + addresses.flatMap(word) + UInt256(amount).bytes
  }

  private static func data(
    _ selector: String, _ address: TronAddress, _ amount: UInt64
  ) -> [UInt8] {
    data(selector, address, amount: amount)
  }

  private static func data(
    _ selector: String, _ first: TronAddress, _ second: TronAddress, _ amount: UInt64
  ) -> [UInt8] {
    data(selector, first, second, amount: amount)
  }
}

@Suite struct ResourceTests {
  private static let decay: [(Int64, Int64)] = [
    (0, 600), (43_200_000, 300), (86_399_999, 1), (86_400_000, 0),
  ]

  @Test(arguments: decay) func `usage decays to nothing in a day`(age: Int64, used: Int64) {
    var resource = Resource(limit: 1000)
    resource.use(600, at: 1_000_000)
    #expect(abs(resource.used(at: 1_000_000 + age) - used) <= 1)
    #expect(resource.left(at: 1_000_000 + age) == 1000 - resource.used(at: 1_000_000 + age))
  }
}
