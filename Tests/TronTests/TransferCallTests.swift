import Testing
import Tron

@Suite struct TransferCallTests {
  private let recipient: TronAddress
  private let plain: [UInt8]

  init() throws {
    recipient = try TronAddress(base58: "TCAwBcG3A9wgMHeNRk3Am1tY6Ts8H6rteE")
    plain = try hex(
      "a9059cbb000000000000000000000000182809eff0549ea4940e3e6089c7039d02d2971c"
        + "0000000000000000000000000000000000000000000000000000000000002710")
  }

  @Test("A call is the selector and two words, and reads back strictly")
  func plainCall() {
    let call = TransferCall(recipient: recipient, amount: UInt256(10_000))
    #expect(call.data == plain)
    #expect(TransferCall(strictly: plain) == call)
    #expect(TransferCall(tolerantly: plain) == call)
  }

  @Test("What is above the low 20 bytes of the address word is read past, but not strictly")
  func dirtyAddressWord() {
    for (index, byte) in [(15, UInt8(0x41)), (4, 0xff), (10, 1)] {
      var data = plain
      data[index] = byte
      #expect(TransferCall(tolerantly: data)?.recipient == recipient)
      #expect(TransferCall(strictly: data) == nil)
    }
  }

  @Test("Bytes after the second word are read past, but not strictly")
  func trailingBytes() {
    #expect(TransferCall(tolerantly: plain + [0])?.recipient == recipient)
    #expect(TransferCall(strictly: plain + [0]) == nil)
  }

  @Test("Every shorter call and every other selector is no transfer")
  func notATransfer() {
    for length in 0..<plain.count {
      #expect(TransferCall(tolerantly: Array(plain[0..<length])) == nil)
    }
    for index in 0..<4 {
      var data = plain
      data[index] ^= 1
      #expect(TransferCall(tolerantly: data) == nil)
    }
  }
}
