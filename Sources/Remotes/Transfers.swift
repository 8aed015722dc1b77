import CCurl
import Glibc
import Storage
import Synchronization

/// One HTTP request.
struct TransferRequest: Sendable {
  enum Method: String, Sendable {
    case get = "GET"
    case put = "PUT"
    case delete = "DELETE"
    case makeCollection = "MKCOL"
  }

  var method = Method.get
  var url: String
  /// Lines such as `If-None-Match: *`; a line that ends in a colon takes a header away.
  var headers: [String] = []
  var body = Content.bytes([])
  /// What takes the body of an answer with status 200; other bodies are dropped.
  var download: Download?
  var credentials: RemoteLocation.Credentials?
  /// What libcurl signs with, `aws:amz:region:s3`.
  var signature: String?

  /// How many bytes it may move.
  var size: Int { method == .put ? body.size : download?.limit ?? 0 }

  /// Whether its body goes from or to a disk, and the server may want to see only the head at first.
  var isBig: Bool { size > Content.pieceSize }

  /// What it takes of the bytes in flight: a few big ones share the line, and small ones pass them.
  var weight: Int { min(size, Transfers.budget / 4) }
}

/// Why there was no answer.
struct TransferFailure: Error {
  let description: String
}

/// HTTP by the system's libcurl: many requests at a time over few connections that are kept alive.
///
/// One thread moves all transfers on; callers wait without holding one.
final class Transfers: Sendable {
  /// Requests in flight; more of them wait here.
  private static let width = 48
  /// Bytes of bodies in flight, so that no big one is so slow that it seems to have stopped.
  fileprivate static let budget = 256 << 20
  /// How long a server may take to answer or to move a small body, in seconds.
  static let patience = 5

  /// A file of certificates to trust instead of the system's, such as a lab's own authority; set as
  /// for the curl program.
  fileprivate static let authorities: String? = {
    let names: [String] = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"]
    return names.lazy.compactMap { getenv($0).map { String(cString: $0) } }.first { !$0.isEmpty }
  }()

  private struct Queue {
    var waiting: [Ongoing] = []
    var isAwake = true
  }

  private let queue = Mutex(Queue())
  private nonisolated(unsafe) let multi: OpaquePointer

  /// The only one; nil where the system has no libcurl.
  static let shared: Transfers? = transfer_load() ? Transfers() : nil

  /// What the library calls itself; nil where there is none.
  package static var library: String? {
    shared.map { _ in String(cString: transfer_library()) }
  }

  private init() {
    multi = OpaquePointer(transfers_new())
    transfers_set_number(handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, Transfers.width)
    transfers_set_number(handle, CURLMOPT_MAXCONNECTS, Transfers.width)
    var thread = pthread_t()
    let own = Unmanaged.passRetained(self).toOpaque()
    pthread_create(&thread, nil, { Transfers.main($0!) }, own)
    pthread_detach(thread)
  }

  private var handle: UnsafeMutableRawPointer { UnsafeMutableRawPointer(multi) }

  /// Performs a request.
  /// - Returns: the status of the answer.
  func perform(_ request: TransferRequest) async throws(TransferFailure) -> Int {
    let result: Result<Int, TransferFailure> = await withCheckedContinuation {
      continuation in
      let ongoing = Ongoing(request, continuation)
      let wasEmpty = queue.withLock { queue in
        queue.waiting.append(ongoing)
        return queue.waiting.count == 1
      }
      if wasEmpty { transfers_wake(handle) }
    }
    return try result.get()
  }

  private static func main(_ own: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Transfers>.fromOpaque(own).takeUnretainedValue().loop()
  }

  /// Starts what waits, moves all on, and hands out what has ended; for ever.
  private func loop() -> Never {
    var (inFlight, weight) = (0, 0)
    var idle: [UnsafeMutableRawPointer] = []
    var arrived: [Ongoing] = []
    while true {
      queue.withLock { queue in
        arrived += queue.waiting
        queue.waiting.removeAll(keepingCapacity: true)
      }
      var taken = 0
      while taken < arrived.count, inFlight < Transfers.width,
        inFlight == 0 || weight + arrived[taken].request.weight <= Transfers.budget
      {
        let ongoing = arrived[taken]
        let easy = idle.popLast() ?? transfer_new()!
        ongoing.prepare(easy)
        transfers_add(handle, easy)
        inFlight += 1
        weight += ongoing.request.weight
        taken += 1
      }
      arrived.removeFirst(taken)
      transfers_step(handle, 1000)
      var code = CURLE_OK
      while let easy = transfers_next_ended(handle, &code) {
        transfers_remove(handle, easy)
        let ongoing = Unmanaged<Ongoing>.fromOpaque(transfer_context(easy)).takeRetainedValue()
        inFlight -= 1
        weight -= ongoing.request.weight
        ongoing.end(easy, code)
        transfer_reset(easy)
        idle.append(easy)
      }
    }
  }
}

/// A request on its way; only the transfers' thread touches it once it is queued.
private final class Ongoing: @unchecked Sendable {
  let request: TransferRequest
  private let continuation: CheckedContinuation<Result<Int, TransferFailure>, Never>
  private var easy: UnsafeMutableRawPointer?
  private var sent = 0
  /// Bytes of an answer that nobody wants.
  private var dropped = 0
  private var headers: UnsafeMutablePointer<curl_slist>?

  init(
    _ request: TransferRequest,
    _ continuation: CheckedContinuation<Result<Int, TransferFailure>, Never>
  ) {
    (self.request, self.continuation) = (request, continuation)
  }

  func prepare(_ easy: UnsafeMutableRawPointer) {
    self.easy = easy
    let own = Unmanaged.passRetained(self).toOpaque()
    transfer_set_pointer(easy, CURLOPT_PRIVATE, own)
    transfer_set_text(easy, CURLOPT_URL, request.url)
    transfer_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    if let file = Transfers.authorities { transfer_set_text(easy, CURLOPT_CAINFO, file) }
    transfer_set_number(easy, CURLOPT_NOSIGNAL, 1)
    transfer_set_number(easy, CURLOPT_CONNECTTIMEOUT, min(3, Transfers.patience))
    // A small body has to be there in time; a big one has to move on, but for the time that a server
    // takes to hash what it got before it answers.
    let hashing = request.method == .put ? request.size >> 26 : 0
    transfer_set_number(easy, CURLOPT_LOW_SPEED_LIMIT, 1024)
    transfer_set_number(easy, CURLOPT_LOW_SPEED_TIME, Transfers.patience + hashing)
    transfer_set_number(easy, CURLOPT_TIMEOUT, Transfers.patience * 2 + request.size >> 18)
    if request.isBig {
      transfer_set_number(easy, CURLOPT_BUFFERSIZE, 1 << 18)
      transfer_set_number(easy, CURLOPT_UPLOAD_BUFFERSIZE, 1 << 18)
    }
    transfer_set_pointer(easy, CURLOPT_WRITEDATA, own)
    transfer_set_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, own in
      Unmanaged<Ongoing>.fromOpaque(own!).takeUnretainedValue().receive(bytes!, size * count)
    }
    // `Expect: 100-continue` would cost a second, which only a big body is worth: who refuses it does
    // so before it is sent. Of signed requests it is not taken away, as libcurl 7.88 signs the line
    // that does so and then sends no such header; with a small body it is not waited for.
    let expects = request.isBig || request.signature != nil
    var lines = request.headers + (expects ? [] : ["Expect:"])
    transfer_set_number(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, request.isBig ? 1000 : 1)
    if request.method == .put {
      transfer_set_number(easy, CURLOPT_UPLOAD, 1)
      transfer_set_size(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(request.body.size))
      transfer_set_pointer(easy, CURLOPT_READDATA, own)
      transfer_set_callback(easy, CURLOPT_READFUNCTION) { bytes, size, count, own in
        Unmanaged<Ongoing>.fromOpaque(own!).takeUnretainedValue().send(bytes!, size * count)
      }
      lines.append("Content-Type: application/octet-stream")
    } else if request.method != .get {
      transfer_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    }
    if let credentials = request.credentials {
      transfer_set_text(easy, CURLOPT_USERNAME, credentials.user)
      transfer_set_text(easy, CURLOPT_PASSWORD, credentials.password)
    } else {
      transfer_set_number(easy, CURLOPT_NETRC, Int(CURL_NETRC_OPTIONAL.rawValue))
    }
    if let signature = request.signature {
      transfer_set_text(easy, CURLOPT_AWS_SIGV4, signature)
    }
    for line in lines { headers = transfer_add_header(headers, line) }
    transfer_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
  }

  /// Takes bytes of the answer; fewer than there are end the transfer.
  private func receive(_ bytes: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
    guard let download = request.download, transfer_status(easy) == 200 else {
      dropped += count
      return dropped <= 1 << 16 ? count : 0
    }
    return download.take(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
  }

  /// Gives the next bytes of the body; one that cannot be read ends the transfer.
  private func send(_ bytes: UnsafeMutablePointer<CChar>, _ room: Int) -> Int {
    guard let piece = try? request.body.read(at: sent, count: room),
      !piece.isEmpty || sent == request.body.size
    else { return Int(CURL_READFUNC_ABORT) }
    piece.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(start: bytes, count: room).copyMemory(from: $0)
    }
    sent += piece.count
    return piece.count
  }

  func end(_ easy: UnsafeMutableRawPointer, _ code: CURLcode) {
    transfer_free_headers(headers)
    headers = nil
    // A download that wants no more has what it says of itself.
    if code == CURLE_OK || code == CURLE_WRITE_ERROR && request.download?.isStopped == true {
      continuation.resume(returning: .success(transfer_status(easy)))
    } else {
      let problem = String(cString: transfer_problem(code))
      continuation.resume(returning: .failure(TransferFailure(description: problem)))
    }
  }
}
