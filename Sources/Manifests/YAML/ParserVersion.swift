import CYAML

extension Manifest {
  /// The version of libyaml.
  package static var parserVersion: String { String(cString: yaml_get_version_string()) }
}
