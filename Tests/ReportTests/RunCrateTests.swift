import Canonical
import Report
import Testing

/// What the metadata of a crate says.
struct RunCrateTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00+00:00"), (951_782_400, "2000-02-29T00:00:00+00:00"),
    (1_704_067_199, "2023-12-31T23:59:59+00:00"), (4_107_542_400, "2100-03-01T00:00:00+00:00"),
  ])
  func datesAreThoseOfTheCalendar(time: Int, text: String) {
    #expect(RunCrate.date(time) == text)
  }
}
