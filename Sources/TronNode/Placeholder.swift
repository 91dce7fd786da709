enum PlaceholderTronNode {}
