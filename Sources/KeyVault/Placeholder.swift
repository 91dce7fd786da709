import CryptoExtras
enum PlaceholderKeyVault {}
