import Testing

@testable import Theory

@Suite struct RecordScheduleTests {
  @Test func everyKthAndTheLast() {
    #expect(RecordSchedule.every(4).iterations(through: 10) == [0, 4, 8, 10])
    #expect(RecordSchedule.every(5).iterations(through: 10) == [0, 5, 10])
    #expect(RecordSchedule.every(50).iterations(through: 10) == [0, 10])
    #expect(RecordSchedule.every(3).iterations(through: 0) == [0])
  }

  @Test func decadesAreHitExactly() {
    #expect(
      RecordSchedule.log(7).iterations(through: 1_000_000)
        == [0, 1, 10, 100, 1000, 10000, 100_000, 1_000_000])
  }

  @Test func everySmallLogScheduleAscendsFromZeroToTheLast() {
    for last in 0...40 {
      for count in 1...45 {
        let iterations = RecordSchedule.log(count).iterations(through: last)
        #expect(iterations.first == 0 && iterations.last == last)
        #expect(zip(iterations, iterations.dropFirst()).allSatisfy(<))
        #expect(iterations.count <= count + 1)
      }
    }
  }
}
