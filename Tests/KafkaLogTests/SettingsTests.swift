import KafkaLog
import Payouts
import Testing

@Suite("Settings")
struct SettingsTests {
  @Test(
    "a property that cannot be set is named, and its value is not",
    arguments: [
      ("no.such.property", "is unknown"), ("security.protocol", "not accepted"),
      ("enable.auto.commit", "decided by the system"), ("acks", "decided by the system"),
      ("group.id", "decided by the system"), ("bootstrap.servers", "decided by the system"),
    ])
  func refused(name: String, reason: String) {
    let property = KafkaProperty(name: name, value: "s3cret")
    let error = #expect(throws: KafkaSettingsError.self) {
      try KafkaSettings(bootstrapServers: "127.0.0.1:1", properties: [property])
    }
    #expect(error?.property == name)
    #expect(error?.description.contains(reason) == true)
    #expect(error?.description.contains("s3cret") == false)
  }

  @Test("a properties file is name=value lines with comments and blanks")
  func parses() throws {
    let text = """
      # SASL
      security.protocol = SASL_SSL

        sasl.password=a=b # not a comment
      sasl.username=
      """
    #expect(
      try KafkaProperty.parse(text) == [
        KafkaProperty(name: "security.protocol", value: "SASL_SSL"),
        KafkaProperty(name: "sasl.password", value: "a=b # not a comment"),
        KafkaProperty(name: "sasl.username", value: ""),
      ])
  }

  @Test(
    "a line that is no property is told by its number", arguments: ["s3cret", "=s3cret", "  = x"])
  func malformedLine(line: String) {
    let error = #expect(throws: KafkaSettingsError.self) {
      try KafkaProperty.parse("client.id=x\n\(line)")
    }
    #expect(error?.description.contains("line 2") == true)
    #expect(error?.description.contains("s3cret") == false)
  }

  @Test("a property shows its name and hides its value, in text and in dumps")
  func hidesValues() {
    let property = KafkaProperty(name: "sasl.password", value: "s3cret")
    var dumped = ""
    dump(property, to: &dumped)
    for text in ["\(property)", String(reflecting: property), "\([property])", dumped] {
      #expect(text.contains("sasl.password"))
      #expect(!text.contains("s3cret"))
    }
  }

  @Test("properties reach the client: without TLS at the broker a TLS client does not connect")
  func propertiesAreUsed() async throws {
    let stage = try Stage(properties: [KafkaProperty(name: "security.protocol", value: "SSL")])
    let admin = try KafkaAdmin(
      settings: stage.settings, timeout: .seconds(2), logger: stage.logger)
    await #expect(throws: LogError.self) { try await admin.ping() }
  }

  @Test("a prefix is in front of every topic and group")
  func prefix() throws {
    let settings = try KafkaSettings(bootstrapServers: "127.0.0.1:1", topicPrefix: "x.")
    #expect(settings.name(of: .ready(.high)) == "x.transfers.ready.high")
    #expect(settings.groupName(role: "signer") == "x.signer")
  }
}
