import Testing
import Tron

@Suite struct BlockTests {
  @Test("A header is serialised as Google's protobuf does it, and gives the block's id")
  func header() throws {
    let parent = try #require(
      BlockID(hex: "0000000004c4b47a6465666768696a6b6c6d6e6f707172737475767778797a7b"))
    let header = BlockHeaderData(
      number: BlockNumber(80_000_123), timestamp: UnixMilliseconds(1_790_000_100_000),
      transactionTrieRoot: [UInt8](0..<32), parent: parent,
      witnessAddress: try hex("41a614f803b6fd780986a42c78ec9c7f77e6ded13c"), version: 31)
    #expect(
      hexString(header.bytes)
        == "08a0e5c7a28c341220000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f1a20"
        + "0000000004c4b47a6465666768696a6b6c6d6e6f707172737475767778797a7b38fbe892264a1541a614f8"
        + "03b6fd780986a42c78ec9c7f77e6ded13c501f")
    #expect(header.id.hex == "0000000004c4b47b4962ec51b72b868949263281393dbe0ad00ebc7593475081")
    #expect(header.id.number == header.number)
    #expect(header.id.reference.bytes == [0xb4, 0x7b])
    #expect(hexString(header.id.reference.hash) == "4962ec51b72b8689")
  }

  @Test("The header of a genesis block leaves out what is zero")
  func genesis() throws {
    let parent = try #require(
      BlockID(hex: "e58f33f9baf9305dc6f82b9f1934ea8f0ade2defb951258d50167028c780351f"))
    let header = BlockHeaderData(
      number: BlockNumber(0), timestamp: UnixMilliseconds(0),
      transactionTrieRoot: transactionTrieRoot(of: []), parent: parent,
      witnessAddress: Array("nobody".utf8), version: 0)
    #expect(header.id.hex == "0000000000000000229fa51cebcbe4d5ea043c07c52db38603678e609cc75d19")
  }

  @Test(
    "The trie root pairs hashes and carries an odd one up unchanged",
    arguments: [
      (0, "0000000000000000000000000000000000000000000000000000000000000000"),
      (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
      (2, "128213ef3a4abd2fc416af67bca24cb4e8d17310f8cf8925ddf2ff2b4ce21f5d"),
      (3, "c212c7c86a109dd9513b79fb7dbc5d64604e6f4e8b0dc7a2a5d8e004b450e5e4"),
      (5, "e55ed5e2b817657204d8c93e4f20a09b0c485f518c1092a8fb92ab82a9448b35"),
      (8, "2f210c30b371fee33fc5f0b5086452771c22abe374fcbdcb2e57b4325e853d9b"),
    ])
  func trieRoot(_ count: Int, _ root: String) {
    let transactions = (0..<count).map { [UInt8](repeating: UInt8($0), count: $0 + 1) }
    #expect(hexString(transactionTrieRoot(of: transactions)) == root)
  }
}
