/// The places that stages run in, one thread in each.
struct Places {
  /// How many are free.
  private(set) var free: Int
  /// How many each running stage has.
  private var taken: [Int: Int] = [:]

  init(count: Int) { free = count }

  /// Gives each job a place, and what is left over in equal shares to those that can use more: no
  /// other stage is ready to run.
  /// - Precondition: there are at most as many jobs as free places.
  mutating func assign(to jobs: inout [Job]) {
    let wide = jobs.indices.filter { jobs[$0].kind.usesThreads }
    let spare = free - jobs.count
    for (order, index) in wide.enumerated() {
      jobs[index].threads += spare / wide.count + (order < spare % wide.count ? 1 : 0)
    }
    for job in jobs {
      free -= job.threads
      taken[job.stage] = job.threads
    }
  }

  /// A stage ended; one that waited for another process has no place.
  mutating func leave(_ stage: Int) { free += taken.removeValue(forKey: stage) ?? 0 }
}
