import Crypto
import Foundation
import JWTKit
import Payouts

/// The keys that tokens may be signed with, each bound to one algorithm: a token chooses among the
/// keys for its algorithm, never the algorithm for a key.
struct TokenKeys: Sendable {
  /// One key, usable with one algorithm only.
  struct Key: Sendable {
    /// Its name; `nil` when it has none.
    var id: String?
    /// `HS256`, `RS256`, `ES256` or `EdDSA`.
    var algorithm: String
    /// Checks signatures.
    var verifier: any JWTAlgorithm
  }

  private(set) var keys: [Key] = []
  /// Whether more keys may come: then one that is not here is unknown, not impossible.
  private let mayGrow: Bool

  /// Those of a shared secret and of a document, to which others are added later.
  init(hs256Secret: [UInt8]?, jwks: [UInt8]?, mayGrow: Bool) async throws(TokenKeysFault) {
    self.mayGrow = mayGrow
    if let hs256Secret { keys.append(try await Self.shared(hs256Secret)) }
    if let jwks { keys += try await Self.published(jwks) }
    guard mayGrow || !keys.isEmpty else {
      throw TokenKeysFault("there is no key to check tokens with")
    }
  }

  /// Makes keys of a shared secret and of a JWKS document, where given.
  init(hs256Secret: [UInt8]?, jwks: [UInt8]?) async throws(TokenKeysFault) {
    try await self.init(hs256Secret: hs256Secret, jwks: jwks, mayGrow: false)
  }

  /// These and others; of two that cannot be told apart these count.
  func adding(_ others: TokenKeys) -> TokenKeys {
    var sum = self
    sum.keys += others.keys
    return sum
  }

  /// What they are called, by algorithm.
  var names: [String] { keys.map { "\($0.algorithm) \($0.id ?? "")" } }

  /// The key of a token's header. A shared secret has no name, so `kid` does not matter for it;
  /// a public key is found by its name, or without one when it is the only one.
  func key(algorithm: String, id: String?) throws(TokenFault) -> Key {
    let fitting = keys.filter { $0.algorithm == algorithm }
    guard let first = fitting.first else {
      let isPublic = ["RS256", "ES256", "EdDSA"].contains(algorithm)
      throw mayGrow && isPublic ? .unknownKey : .unsupportedAlgorithm
    }
    if algorithm == "HS256" { return first }
    if let id {
      guard let named = fitting.first(where: { $0.id == id }) else { throw .unknownKey }
      return named
    }
    guard fitting.count == 1 else { throw .unknownKey }
    return first
  }

  private static func shared(_ secret: [UInt8]) async throws(TokenKeysFault) -> Key {
    // LIMIT: RFC 7518, 3.2: an HS256 key has at least the size of the hash.
    guard secret.count >= 32 else {
      throw TokenKeysFault("the HS256 secret is shorter than 32 bytes")
    }
    let collection = JWTKeyCollection()
    await collection.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    do {
      return Key(id: nil, algorithm: "HS256", verifier: try await collection.getKey())
    } catch {
      throw TokenKeysFault("the HS256 secret is not usable")
    }
  }
}

/// Why tokens could not be checked with what was configured; no secrets.
struct TokenKeysFault: Error, Hashable, Sendable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

// MARK: - JWKS

extension TokenKeys {
  /// The signing keys of a JWKS document (RFC 7517). Those for encryption or for algorithms that
  /// we do not know are left out; secrets in a public document are refused.
  private static func published(_ document: [UInt8]) async throws(TokenKeysFault) -> [Key] {
    let json: JSONValue
    do {
      json = try JSONReader.read(document)
    } catch {
      throw TokenKeysFault("the JWKS is not JSON: \(error.reason.rawValue) at \(error.offset)")
    }
    guard case .array(let entries)? = json["keys"] else {
      throw TokenKeysFault("the JWKS has no array `keys`")
    }
    var keys: [Key] = []
    for (index, entry) in entries.enumerated() {
      if let key = try await key(entry, index: index) { keys.append(key) }
    }
    guard !keys.isEmpty else {
      throw TokenKeysFault("the JWKS has no key for RS256, ES256 or EdDSA")
    }
    let names = keys.map { [$0.algorithm, $0.id ?? ""] }
    guard Set(names).count == names.count else {
      throw TokenKeysFault("the JWKS has two keys of one name for one algorithm")
    }
    return keys
  }

  private static func key(
    _ entry: JSONValue, index: Int
  ) async throws(TokenKeysFault) -> Key? {
    guard entry.members != nil else { throw TokenKeysFault("key \(index) is not an object") }
    guard entry["d"] == nil, entry["k"] == nil else {
      throw TokenKeysFault("key \(index) of the JWKS carries a secret; publish public keys only")
    }
    if let use = entry["use"]?.text, use != "sig" { return nil }
    guard let algorithm = algorithm(entry) else { return nil }
    do {
      var jwk = try JWK(json: JSONText(entry).text)
      let id = jwk.keyIdentifier?.string
      let name = JWKIdentifier(string: id ?? "unnamed")
      jwk.keyIdentifier = name
      jwk.algorithm = JWK.Algorithm(rawValue: algorithm)
      let collection = JWTKeyCollection()
      try await collection.add(jwk: jwk)
      return Key(id: id, algorithm: algorithm, verifier: try await collection.getKey(for: name))
    } catch {
      throw TokenKeysFault("key \(index) of the JWKS is not a usable \(algorithm) key")
    }
  }

  /// The one algorithm of a key, by its type; `nil` when it is none of ours.
  private static func algorithm(_ entry: JSONValue) -> String? {
    let algorithm: String
    switch (entry["kty"]?.text, entry["crv"]?.text) {
    case ("RSA", _): algorithm = "RS256"
    case ("EC", "P-256"): algorithm = "ES256"
    case ("OKP", "Ed25519"): algorithm = "EdDSA"
    default: return nil
    }
    let declared = entry["alg"]?.text
    return declared == nil || declared == algorithm ? algorithm : nil
  }
}
