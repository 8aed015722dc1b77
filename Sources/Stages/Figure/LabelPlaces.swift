/// Where the labels of a plot's reference lines go: each to the one of its places that covers least.
///
/// Positions are in points, from the upper left corner of the plot.
struct LabelPlaces {
  struct Point {
    let x: Double
    let y: Double
  }

  /// A label's box: the middle of its left side, and its width.
  struct Box {
    let x: Double
    let y: Double
    let width: Double

    /// Of 8-point type.
    static let height = 9.0

    static func width(of text: String) -> Double { Double(text.count) * 4.4 + 2 }

    func overlaps(_ other: Box) -> Bool {
      x < other.x + other.width && other.x < x + width && abs(y - other.y) < Box.height
    }

    func covers(_ point: Point) -> Bool {
      x <= point.x && point.x <= x + width && abs(point.y - y) <= Box.height / 2
    }
  }

  let width: Double
  let height: Double
  /// What labels had better not cover: points along lines.
  private let obstacles: [Point]
  private var taken: [Box] = []

  init(width: Double, height: Double, avoiding obstacles: [Point]) {
    (self.width, self.height, self.obstacles) = (width, height, obstacles)
  }

  /// Takes the first of the places that cover least, another label most of all.
  mutating func take(_ places: [Box]) -> Box? {
    func cost(_ box: Box) -> Int {
      let isInside =
        box.x >= 0 && box.x + box.width <= width && box.y >= Box.height / 2
        && box.y <= height - Box.height / 2
      return (isInside ? 0 : 10_000) + 100_000 * taken.count { $0.overlaps(box) }
        + obstacles.count { box.covers($0) }
    }
    let best = places.map { (box: $0, cost: cost($0)) }.min { $0.cost < $1.cost }
    if let best { taken.append(best.box) }
    return best?.box
  }

  /// The places along a horizontal line: at either end and between, above and below it.
  func places(ofHorizontal y: Double, _ text: String) -> [Box] {
    let size = Box.width(of: text)
    let room = width - size
    return [1, 0, 0.5, 0.75, 0.25].flatMap { end in
      [y - 6, y + 6].map { Box(x: room * end, y: $0, width: size) }
    }
  }

  /// The places along a vertical line: from the top to the bottom, right and left of it.
  func places(ofVertical x: Double, _ text: String) -> [Box] {
    let size = Box.width(of: text)
    return stride(from: 6, to: height, by: 11).flatMap { y in
      [x + 3, x - 3 - size].map { Box(x: $0, y: y, width: size) }
    }
  }

  /// The places along a curve: to either side of each of its points.
  func places(along curve: [Point], _ text: String) -> [Box] {
    let size = Box.width(of: text)
    return curve.flatMap { point in
      [6.0, -6].flatMap { up in
        [point.x + 4, point.x - 4 - size, point.x - size / 2].map {
          Box(x: $0, y: point.y - up, width: size)
        }
      }
    }
  }
}
