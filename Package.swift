// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is compiled with: Swift 6, no warning left standing.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The rooms of the house, lowest first; docs/ARCHITECTURE.md says what each is for.
/// A room may use only the rooms that it names here.
let package = Package(
  name: "mechanics",
  products: [.executable(name: "mechanics", targets: ["mechanics"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CCurl", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror"])]),
    .target(
      name: "CWorkers", cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("pthread")]),
    .target(name: "Canonical", dependencies: ["CCrypto"], swiftSettings: strict),
    .target(name: "Theory", dependencies: ["CKernels", "CWorkers"], swiftSettings: strict),
    .target(name: "Manifests", dependencies: ["Canonical", "CYAML"], swiftSettings: strict),
    .target(name: "Storage", dependencies: ["Canonical"], swiftSettings: strict),
    .target(
      name: "Remotes", dependencies: ["Canonical", "CCurl", "Storage"], swiftSettings: strict),
    .target(
      name: "Pipeline", dependencies: ["Canonical", "Manifests", "Remotes", "Storage"],
      swiftSettings: strict),
    .target(
      name: "Cluster", dependencies: ["Canonical", "Pipeline", "Storage"], swiftSettings: strict),
    .target(
      name: "Stages", dependencies: ["Canonical", "Manifests", "Pipeline", "Theory"],
      swiftSettings: strict),
    .target(
      name: "Report", dependencies: ["Canonical", "Manifests", "Pipeline", "Storage"],
      resources: [
        .embedInCode("Drawing/draw.py"), .embedInCode("Page/page.css"),
        .embedInCode("Page/page.html"), .embedInCode("Page/page.js"),
      ], swiftSettings: strict),
    .executableTarget(
      name: "mechanics",
      dependencies: [
        "Canonical", "Cluster", "Manifests", "Pipeline", "Remotes", "Report", "Stages", "Storage",
        "Theory",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(
      name: "ManifestToys", dependencies: ["Manifests", "Canonical"], path: "Tests/ManifestToys",
      swiftSettings: strict),
    .executableTarget(
      name: "manifest-fuzz", dependencies: ["ManifestToys", "Manifests", "Canonical"],
      path: "Tests/Fuzz/ManifestFuzz", swiftSettings: strict),
    .target(
      name: "TestSupport", path: "Tests/TestSupport", exclude: ["Servers"], swiftSettings: strict),

    .executableTarget(
      name: "benchmarks", dependencies: ["TestSupport", "Theory"], path: "Benchmarks",
      exclude: ["descent.py", "requirements.txt", "scan_snap.py", "svm.py", "transformer.py"],
      swiftSettings: strict),

    .target(
      name: "StorageToys", dependencies: ["Canonical", "Storage"], path: "Tests/StorageToys",
      swiftSettings: strict),

    .testTarget(
      name: "CanonicalTests", dependencies: ["Canonical", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "TheoryTests", dependencies: ["Theory", "CKernels", "TestSupport"],
      exclude: [
        "Attention/References", "Corpus/count_graphs.py", "Margin/Cases",
        "Margin/check_certificate.py", "Numerics/References", "ScanSnap/References",
        "Transformer/References",
      ], swiftSettings: strict),
    .testTarget(
      name: "ManifestsTests", dependencies: ["ManifestToys", "Manifests", "Canonical"],
      exclude: ["Good", "Malformed", "check_schema.py"], swiftSettings: strict),
    .testTarget(
      name: "StagesTests",
      dependencies: [
        "Stages", "Manifests", "Canonical", "Pipeline", "Storage", "TestSupport", "Theory",
      ],
      exclude: ["golden.txt"], swiftSettings: strict),
    .testTarget(
      name: "StorageTests",
      dependencies: ["Storage", "Canonical", "StorageToys", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "RemotesTests",
      dependencies: ["Remotes", "Canonical", "Storage", "StorageToys", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "PipelineTests",
      dependencies: ["Pipeline", "Canonical", "Cluster", "Manifests", "Storage", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "Report", "Canonical", "ManifestToys", "Manifests", "Pipeline", "Storage", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "MechanicsTests", dependencies: ["mechanics", "Canonical", "Storage", "TestSupport"],
      exclude: ["Faults", "Help", "Page", "Variants"], swiftSettings: strict),
  ]
)
