enum PlaceholderMongoStore {}
