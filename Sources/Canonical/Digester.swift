import CCrypto

/// Makes the digest of bytes that come in pieces.
package final class Digester {
  private let context = EVP_MD_CTX_new()

  package init() {
    precondition(EVP_DigestInit_ex2(context, sha256, nil) == 1, "libcrypto has no SHA-256")
  }

  deinit { EVP_MD_CTX_free(context) }

  package func add(_ bytes: some ContiguousBytes) {
    let done = bytes.withBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    precondition(done == 1, "SHA-256 failed")
  }

  /// The digest of all bytes that were added; ends the digester.
  package var digest: Digest {
    withUnsafeTemporaryAllocation(byteCount: Digest.byteCount, alignment: 8) { output in
      var length: UInt32 = 0
      precondition(EVP_DigestFinal_ex(context, output.baseAddress, &length) == 1, "SHA-256 failed")
      return Digest(bytes: UnsafeRawBufferPointer(output))
    }
  }
}
