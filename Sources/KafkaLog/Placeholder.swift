enum PlaceholderKafkaLog {}
