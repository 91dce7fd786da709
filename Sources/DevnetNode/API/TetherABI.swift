/// How the USDT contract describes itself.
enum TetherABI {
  /// A stub: the contract is built in, no bytecode runs.
  static let bytecode: [UInt8] = [0x60, 0x80, 0x60, 0x40, 0x52]

  /// The functions and events that ``TetherToken`` has, as `getcontract` prints an ABI.
  static let json = """
    {"entrys":[
    {"name":"name","type":"Function","stateMutability":"View","constant":true,"outputs":[{"type":"string"}]},
    {"name":"symbol","type":"Function","stateMutability":"View","constant":true,"outputs":[{"type":"string"}]},
    {"name":"decimals","type":"Function","stateMutability":"View","constant":true,"outputs":[{"type":"uint256"}]},
    {"name":"totalSupply","type":"Function","stateMutability":"View","constant":true,"outputs":[{"type":"uint256"}]},
    {"name":"balanceOf","type":"Function","stateMutability":"View","constant":true,"inputs":[{"name":"who","type":"address"}],"outputs":[{"type":"uint256"}]},
    {"name":"transfer","type":"Function","stateMutability":"Nonpayable","inputs":[{"name":"_to","type":"address"},{"name":"_value","type":"uint256"}],"outputs":[{"type":"bool"}]},
    {"name":"transferFrom","type":"Function","stateMutability":"Nonpayable","inputs":[{"name":"_from","type":"address"},{"name":"_to","type":"address"},{"name":"_value","type":"uint256"}],"outputs":[{"type":"bool"}]},
    {"name":"approve","type":"Function","stateMutability":"Nonpayable","inputs":[{"name":"_spender","type":"address"},{"name":"_value","type":"uint256"}],"outputs":[{"type":"bool"}]},
    {"name":"allowance","type":"Function","stateMutability":"View","constant":true,"inputs":[{"name":"_owner","type":"address"},{"name":"_spender","type":"address"}],"outputs":[{"type":"uint256"}]},
    {"name":"owner","type":"Function","stateMutability":"View","constant":true,"outputs":[{"type":"address"}]},
    {"name":"getOwner","type":"Function","stateMutability":"View","constant":true,"outputs":[{"type":"address"}]},
    {"name":"paused","type":"Function","stateMutability":"View","constant":true,"outputs":[{"type":"bool"}]},
    {"name":"isBlackListed","type":"Function","stateMutability":"View","constant":true,"inputs":[{"name":"","type":"address"}],"outputs":[{"type":"bool"}]},
    {"name":"getBlackListStatus","type":"Function","stateMutability":"View","constant":true,"inputs":[{"name":"_maker","type":"address"}],"outputs":[{"type":"bool"}]},
    {"name":"deprecated","type":"Function","stateMutability":"View","constant":true,"outputs":[{"type":"bool"}]},
    {"name":"basisPointsRate","type":"Function","stateMutability":"View","constant":true,"outputs":[{"type":"uint256"}]},
    {"name":"maximumFee","type":"Function","stateMutability":"View","constant":true,"outputs":[{"type":"uint256"}]},
    {"name":"Transfer","type":"Event","inputs":[{"indexed":true,"name":"from","type":"address"},{"indexed":true,"name":"to","type":"address"},{"name":"value","type":"uint256"}]},
    {"name":"Approval","type":"Event","inputs":[{"indexed":true,"name":"owner","type":"address"},{"indexed":true,"name":"spender","type":"address"},{"name":"value","type":"uint256"}]}
    ]}
    """
}
