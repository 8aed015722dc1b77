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

  @Test func theRecordsAroundAnIterationAreTheNearest() {
    for schedule in [
      RecordSchedule.every(1), .every(7), .every(99), .every(.max), .log(1), .log(9),
    ] {
      let records = schedule.iterations(through: 40)
      for iteration in 0...40 {
        let (before, after) = schedule.around(iteration, through: 40)
        #expect(before == records.last { $0 <= iteration })
        #expect(after == records.first { $0 >= iteration })
      }
    }
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
