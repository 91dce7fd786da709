import Testing
import Tron

@Suite struct TronAddressTests {
  @Test("Every address of the vectors reads and writes both ways")
  func bothWays() throws {
    let vectors = try Vectors.load()
    for vector in vectors.addresses + vectors.addressPairs {
      let address = try TronAddress(base58: vector.base58)
      #expect(address.hex == vector.hex)
      #expect(try TronAddress(bytes: hex(vector.hex)).base58 == vector.base58)
    }
  }

  @Test("A public key's address is the one that independent implementations derive")
  func fromPublicKey() throws {
    for vector in try Vectors.load().addresses {
      let key = try hex(#require(vector.publicKeyUncompressed))
      #expect(try TronAddress(publicKey: key).base58 == vector.base58)
    }
  }

  @Test("Every invalid address is refused")
  func invalid() throws {
    for vector in try Vectors.load().invalidAddresses {
      #expect(throws: AddressError.self, "\(vector)") { try TronAddress(base58: vector.input) }
    }
  }

  @Test("No single changed character of an address passes")
  func mutations() throws {
    let good = Array("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")
    for index in good.indices {
      for replacement in "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0OIl é"
      where replacement != good[index] {
        var mutated = good
        mutated[index] = replacement
        #expect(throws: AddressError.self) { try TronAddress(base58: String(mutated)) }
      }
    }
  }

  @Test("Random accounts survive the round trip and random text never traps")
  func randomised() throws {
    var random = SeededRandom(seed: 7)
    for _ in 0..<300 {
      let address = try random.address()
      #expect(try TronAddress(base58: address.base58) == address)
      let noise = String(decoding: random.bytes(34), as: UTF8.self)
      #expect(throws: AddressError.self) { try TronAddress(base58: noise) }
    }
  }

  @Test(
    "A public key that is not 65 uncompressed bytes has no address",
    arguments: [[], [UInt8](repeating: 4, count: 64), [UInt8](repeating: 3, count: 65)])
  func badPublicKey(_ key: [UInt8]) {
    #expect(throws: AddressError.wrongLength) { try TronAddress(publicKey: key) }
  }
}
