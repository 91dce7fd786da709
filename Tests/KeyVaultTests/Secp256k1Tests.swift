import Secp256k1
import Testing
import Tron

@Suite struct Secp256k1Tests {
  @Test("Every private key gives the public key and address of independent implementations")
  func publicKeys() throws {
    for vector in try Vectors.load().addresses {
      let key = try PrivateKey(bytes: hex(vector.privateKey))
      #expect(hexString(key.publicKey.bytes) == vector.publicKeyUncompressed)
      #expect(key.address.base58 == vector.base58)
    }
  }

  @Test("Every signature of the vectors is made again byte by byte")
  func signing() throws {
    for vector in try Vectors.load().transactions {
      guard let first = vector.privateKey else { continue }
      let signatures = try ([first] + (vector.extraPrivateKeys ?? [])).map { text in
        try Secp256k1.sign(hex(vector.txID), key: PrivateKey(bytes: hex(text)))
      }
      #expect(signatures.map { hexString($0) } == vector.signature, "\(vector)")
    }
  }

  @Test("Every signature of the vectors recovers its signer")
  func recovering() throws {
    for vector in try Vectors.load().transactions {
      let signers = try vector.signature.map {
        try Secp256k1.recover(hash: hex(vector.txID), signature: hex($0)).address.hex
      }
      #expect(signers == vector.recoveredSignersHex, "\(vector)")
    }
  }

  @Test("A signature is accepted exactly when java-tron accepts it")
  func acceptance() throws {
    for vector in try Vectors.load().signatureAcceptance {
      let (hash, signature) = (try hex(vector.txID), try hex(vector.signature))
      let signer: String?
      do {
        signer = try Secp256k1.recover(hash: hash, signature: signature).address.hex
      } catch {
        signer = nil
      }
      #expect((signer == vector.ownerHex) == (vector.javaTron == "accept"), "\(vector)")
    }
  }

  @Test("Every v that java-tron knows recovers as the recovery id that it stands for")
  func headers() throws {
    let key = try PrivateKey(bytes: [UInt8](repeating: 7, count: 32))
    let hash = sha256(Array("headers".utf8))
    let signature = try Secp256k1.sign(hash, key: key)
    for header in UInt8.min...UInt8.max {
      let id = (header < 27 ? Int(header) : Int(header) - 27)
      let isKnown = (0...7).contains(id)
      var changed = signature
      changed[64] = header
      let recovered: TronAddress?
      do {
        recovered = try Secp256k1.recover(hash: hash, signature: changed).address
      } catch {
        recovered = nil
      }
      let means = isKnown && id % 4 == Int(signature[64])
      #expect((recovered == key.address) == means, "v \(header)")
    }
  }

  @Test("Signatures of random keys and hashes have low s and v 0 or 1, repeat, and recover")
  func properties() throws {
    var random = SeededRandom(seed: 41)
    for _ in 0..<200 {
      let key = try PrivateKey(bytes: random.bytes(32))
      let hash = random.bytes(32)
      let signature = try Secp256k1.sign(hash, key: key)
      #expect(signature.count == 65)
      #expect(signature[64] <= 1)
      #expect(signature[32] < 0x80, "s is in the lower half of the order")
      #expect(try Secp256k1.sign(hash, key: key) == signature)
      #expect(try Secp256k1.recover(hash: hash, signature: signature) == key.publicKey)
    }
  }

  @Test("Random signatures and hashes never trap")
  func noise() {
    var random = SeededRandom(seed: 42)
    for _ in 0..<2_000 {
      let hash = random.bytes(Int.random(in: 31...33, using: &random))
      let signature = random.bytes(Int.random(in: 0...70, using: &random))
      do {
        let key = try Secp256k1.recover(hash: hash, signature: signature)
        #expect(key.bytes.count == 65)
      } catch {
        #expect(error == .invalidSignature || (error == .invalidHash && hash.count != 32))
      }
    }
  }

  @Test("A hash that is not 32 bytes is not signed")
  func wrongHash() throws {
    let key = try PrivateKey.random()
    for count in [0, 31, 33] {
      #expect(throws: Secp256k1Error.invalidHash) {
        try Secp256k1.sign([UInt8](repeating: 1, count: count), key: key)
      }
    }
  }
}
