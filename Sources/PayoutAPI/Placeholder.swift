import JWTKit
import Crypto
enum PlaceholderPayoutAPI {}
