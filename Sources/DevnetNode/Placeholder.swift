enum PlaceholderDevnetNode {}
