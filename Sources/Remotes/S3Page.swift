/// A page of `ListObjectsV2`, as far as it is needed.
///
/// The XML has no attributes or nesting where its values stand, so they are found between their tags.
struct S3Page {
  struct Object {
    let key: String
    let size: Int
    let time: Int
  }

  let objects: [Object]
  /// Where the next page starts; nil for the last.
  let continuation: String?

  init(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    objects = S3Page.values("Contents", in: text[...]).compactMap { content in
      guard let key = S3Page.values("Key", in: content).first,
        let size = S3Page.values("Size", in: content).first.flatMap({ Int($0) }),
        let date = S3Page.values("LastModified", in: content).first
      else { return nil }
      return Object(key: S3Page.text(key), size: size, time: S3Page.seconds(date) ?? 0)
    }
    continuation = S3Page.values("NextContinuationToken", in: text[...]).first.map(S3Page.text)
  }

  private static func values(_ tag: String, in text: Substring) -> [Substring] {
    var values: [Substring] = []
    var rest = text
    while let start = rest.firstRange(of: "<\(tag)>"),
      let end = rest[start.upperBound...].firstRange(of: "</\(tag)>")
    {
      values.append(rest[start.upperBound..<end.lowerBound])
      rest = rest[end.upperBound...]
    }
    return values
  }

  private static func text(_ value: Substring) -> String {
    String(value).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&quot;", with: "\"").replacing("&apos;", with: "'").replacing("&amp;", with: "&")
  }

  /// Seconds since 1970 of `2026-01-31T12:00:00.000Z`; days by Howard Hinnant's algorithm.
  private static func seconds(_ date: Substring) -> Int? {
    let numbers = date.prefix(19).split { "-T:".contains($0) }.compactMap { Int($0) }
    guard numbers.count == 6 else { return nil }
    let year = numbers[1] <= 2 ? numbers[0] - 1 : numbers[0]
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (numbers[1] + (numbers[1] > 2 ? -3 : 9)) + 2) / 5 + numbers[2] - 1
    let day =
      era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return ((day * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5]
  }
}
