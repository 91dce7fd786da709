import HTTPTypes
import Hummingbird

/// The API's own description; it changes only with the version.
enum Documentation {
  private static let json = ByteBuffer(string: OpenAPIDocument.json)
  private static let page = ByteBuffer(string: OpenAPIDocument.page)

  // No script, no picture, nothing from elsewhere: the page's own style and no more.
  private static let policy =
    "default-src 'none'; style-src 'sha256-\(OpenAPIDocument.styleDigest)'; base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'"

  /// `GET /openapi.json`.
  static func openAPI() -> Response {
    Response(
      status: .ok,
      headers: [.contentType: "application/json", .cacheControl: "public, max-age=300"],
      body: ResponseBody(byteBuffer: json))
  }

  /// `GET /docs`.
  static func forPeople() -> Response {
    Response(
      status: .ok,
      headers: [
        .contentType: "text/html; charset=utf-8", .cacheControl: "public, max-age=300",
        .contentSecurityPolicy: policy, .xContentTypeOptions: "nosniff",
      ],
      body: ResponseBody(byteBuffer: page))
  }
}
