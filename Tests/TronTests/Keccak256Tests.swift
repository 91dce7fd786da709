import Testing
import Tron

@Suite struct Keccak256Tests {
  @Test("Keccak-256 equals an independent implementation for every length around a block")
  func vectors() throws {
    for vector in try Vectors.load().keccak256 {
      #expect(hexString(keccak256(try hex(vector.inputHex))) == vector.digest, "\(vector)")
    }
  }

  @Test("The selector and the topic are the hashes of their signatures")
  func signatures() {
    #expect(
      Array(keccak256(Array("transfer(address,uint256)".utf8))[0..<4]) == TransferCall.selector)
    #expect(
      keccak256(Array("Transfer(address,address,uint256)".utf8)) == TransferEvent.topic)
  }

  @Test("A slice is hashed like the same bytes in an array of their own")
  func slices() {
    let bytes = [UInt8](0..<200)
    #expect(keccak256(bytes[10..<190]) == keccak256(Array(bytes[10..<190])))
  }
}
