enum PlaceholderSecp256k1 {}
