import Testing

/// Tests of real processes: a broker, a store, a devnet and the workers, one fleet at a time.
@Suite(.serialized)
struct WholeFleet {}
