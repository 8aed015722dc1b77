import Canonical
import Pipeline
import Storage

/// What a collection removes, for people.
extension Store.Collection {
  /// A line for each record.
  var lines: String {
    removed.map { record, reason in
      "@\(record.key.short) \(record.kind), \(record.bytes) bytes, \(record.producer): "
        + "\(reason.rawValue)\n"
    }.joined()
  }

  /// A table by reason, kind and producer; empty where nothing goes.
  var summary: String {
    var groups: [[String]: (records: Int, bytes: Int)] = [:]
    for (record, reason) in removed {
      let group = [reason.rawValue, record.kind, record.producer]
      groups[group, default: (0, 0)].records += 1
      groups[group]!.bytes += record.bytes
    }
    if groups.isEmpty { return "" }
    let rows = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { group, sum in
      [String(sum.records), String(sum.bytes)] + group
    }
    return TextTable([["records", "bytes", "reason", "kind", "producer"]] + rows).text
  }
}

extension Record {
  fileprivate var kind: String { StageKey(preimage: preimage)?.kind ?? "unknown" }

  /// Of all outputs, also those that others have too.
  fileprivate var bytes: Int { outputs.reduce(0) { $0 + $1.size } }
}
