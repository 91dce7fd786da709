import Configuration
import Hummingbird
import Logging
import Metrics
import ServiceLifecycle
enum PlaceholderService {}
