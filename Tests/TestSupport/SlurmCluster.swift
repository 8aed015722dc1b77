import Glibc

/// A Slurm of the test's own on the loopback interface: munge, a controller and one node that says
/// it has 32 processors. It ends with the object.
package final class SlurmCluster {
  package enum Daemon: String, CaseIterable, Sendable { case munged, slurmctld, slurmd }

  /// What clients need to see of the environment.
  package let environment: [String: String]
  private let folder: Folder
  private var daemons: [Daemon: Program] = [:]

  /// Whether the daemons are installed.
  package static var isInstalled: Bool {
    Daemon.allCases.allSatisfy { access("/usr/sbin/\($0.rawValue)", X_OK) == 0 }
  }

  package init() throws {
    folder = try Folder()
    let home = folder.path
    environment = ["SLURM_CONF": "\(home)/slurm.conf", "PATH": "/usr/sbin:/usr/bin:/bin"]
    for name in ["munge", "state", "spool", "run", "log"] { Folder.makeFolder("\(home)/\(name)") }
    chmod("\(home)/munge", 0o711)
    // Below the ports that connections get.
    let port = 20_000 + Int(getpid()) % 12_000
    try folder.write("slurm.conf", SlurmCluster.configuration(home, port: port))
    try Folder.write("\(home)/munge/munge.key", (0..<1024).map { _ in .random(in: 0...255) })
    chmod("\(home)/munge/munge.key", 0o400)
    try start(.munged)
    try eventually("munge") { access("\(home)/munge/munge.socket", F_OK) == 0 }
    try start(.slurmctld)
    try start(.slurmd)
    try eventually("the node", every: 100_000) {
      try self.run("sinfo", "-h", "-o", "%T").out.hasPrefix("idle")
    }
  }

  deinit {
    for daemon in Daemon.allCases.reversed() {
      daemons[daemon]?.signal(SIGTERM)
      _ = try? daemons[daemon]?.wait()
    }
  }

  package func start(_ daemon: Daemon) throws(Failure) {
    let home = folder.path
    let words =
      switch daemon {
      case .munged:
        [
          "/usr/sbin/munged", "--force", "--foreground", "--key-file=\(home)/munge/munge.key",
          "--socket=\(home)/munge/munge.socket", "--pid-file=\(home)/munge/munged.pid",
          "--log-file=\(home)/munge/munged.log", "--seed-file=\(home)/munge/munge.seed",
          "--num-threads=2",
        ]
      case .slurmctld: ["/usr/sbin/slurmctld", "-D", "-f", "\(home)/slurm.conf"]
      case .slurmd: ["/usr/sbin/slurmd", "-D", "-N", "localhost", "-f", "\(home)/slurm.conf"]
      }
    daemons[daemon] = try Program(
      words, in: home, environment: environment, logs: "\(home)/log/\(daemon.rawValue)")
  }

  /// Ends a daemon as a crash would.
  package func kill(_ daemon: Daemon) throws(Failure) {
    daemons[daemon]?.signal(SIGKILL)
    _ = try daemons[daemon]?.wait()
    daemons[daemon] = nil
  }

  /// Runs one of Slurm's commands.
  package func run(_ words: String...) throws(Failure) -> Program.Exit {
    try Program(
      words, in: folder.path, environment: environment,
      logs: "\(folder.path)/log/command-\(UInt32.random(in: 0...UInt32.max))"
    ).wait()
  }

  /// How many jobs wait or run.
  package func jobs() throws(Failure) -> Int {
    try run("squeue", "-h", "-r").out.split(separator: "\n").count
  }

  private static func configuration(_ home: String, port: Int) -> String {
    """
    ClusterName=loop
    SlurmctldHost=localhost(127.0.0.1)
    CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
    SlurmUser=root
    SlurmdUser=root
    AuthType=auth/munge
    AuthInfo=socket=\(home)/munge/munge.socket
    CryptoType=crypto/munge
    SlurmctldPort=\(port)
    SlurmdPort=\(port + 1)
    StateSaveLocation=\(home)/state
    SlurmdSpoolDir=\(home)/spool
    SlurmctldPidFile=\(home)/run/slurmctld.pid
    SlurmdPidFile=\(home)/run/slurmd.pid
    SlurmctldLogFile=\(home)/log/slurmctld.log
    SlurmdLogFile=\(home)/log/slurmd.log
    ProctrackType=proctrack/linuxproc
    TaskPlugin=task/none
    SelectType=select/cons_tres
    SelectTypeParameters=CR_CPU_Memory
    SwitchType=switch/none
    MpiDefault=none
    SchedulerType=sched/backfill
    SchedulerParameters=sched_min_interval=0,sched_interval=5,bf_interval=5,batch_sched_delay=0
    PriorityType=priority/basic
    AccountingStorageType=accounting_storage/none
    JobAcctGatherType=jobacct_gather/none
    ReturnToService=2
    SlurmdTimeout=300
    MaxArraySize=100001
    MaxJobCount=200000
    MinJobAge=300
    KillWait=5
    DefMemPerCPU=256
    NodeName=localhost NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=32 RealMemory=16000 State=UNKNOWN
    PartitionName=main Nodes=localhost Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
    SlurmdParameters=config_overrides

    """
  }
}
