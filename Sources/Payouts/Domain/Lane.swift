/// The lane of a transfer: each is a topic, and the Signer takes from the highest that has work.
public enum Lane: String, Codable, CaseIterable, Sendable {
  case urgent, high, normal, low
}
