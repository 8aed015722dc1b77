private import CKernels

/// One pass over a batch: its mean cross-entropy, and the gradients by `Y` and `Z`.
///
/// Memory is allocated once and reused; all products of matrices are over whole classes or batches.
final class ScanSnapPass {
  /// What a batch shows of the model.
  struct Outcome {
    /// The mean of `−log p(next token)`.
    let loss: Double
    /// The mean of `p(next token)`.
    let likelihood: Double
  }

  private let layer: ScanSnapLayer
  private let batch: SequenceBatch
  private let classes: SequenceClasses
  private let stride: Int
  private let width: Int
  /// The attention b, what is decoded, f, and the gradient by f; each B × width.
  private let attention: Block
  private let features: Block
  private let featureSlopes: Block
  /// Norms of b (with the residual) before it is divided by them, B.
  private let norms: Block
  /// Logits, then their gradients, B × stride.
  private let logits: Block
  /// Sums of exponentials of a row's logits, then their logarithms, B.
  private let sums: Block

  init(_ layer: ScanSnapLayer, _ batch: SequenceBatch, stride: Int) {
    (self.layer, self.batch, self.stride) = (layer, batch, stride)
    (classes, width) = (batch.classes, batch.width)
    attention = Block(count: batch.size * width)
    features = Block(count: batch.size * width)
    featureSlopes = Block(count: batch.size * width)
    norms = Block(count: batch.size)
    logits = Block(count: batch.size * stride)
    sums = Block(count: batch.size)
  }

  /// The batch's outcome.
  func evaluate(_ weights: ScanSnapWeights) -> Outcome {
    attend(weights)
    normalise()
    decode(weights)
    return compareWithLabels()
  }

  /// The batch's outcome; adds the gradients of its loss to `gradient`.
  func differentiate(_ weights: ScanSnapWeights, into gradient: ScanSnapWeights) -> Outcome {
    let outcome = evaluate(weights)
    slopeOfDecoder(gradient)
    slopeOfFeatures(weights)
    slopeOfAttention(gradient)
    return outcome
  }

  private func rows(_ n: Int) -> Range<Int> { batch.starts[n]..<batch.starts[n + 1] }

  /// b of every sequence. The greatest score of the tokens present is taken off, so no exponential
  /// overflows and not all of them underflow; tokens that are absent are given that score, as their
  /// counts are 0 (−∞ would do as well, but processors are slow where exponentials underflow).
  private func attend(_ weights: ScanSnapWeights) {
    for n in 0..<classes.count {
      let scores = weights.attention(of: n)
      for row in rows(n) {
        let counts = batch.counts.pointer + row * width
        let out = attention.pointer + row * width
        counts[width - 1] = layer.attendsToLast ? 1 : 0
        var greatest = -Double.infinity
        weights.forEachRun(of: n, withLast: true) { place, token, count in
          for i in 0..<count {
            out[place + i] = scores[token + i]
            if counts[place + i] > 0, scores[token + i] > greatest { greatest = scores[token + i] }
          }
        }
        for i in 0..<width { out[i] = counts[i] > 0 ? out[i] - greatest : 0 }
      }
    }
    mk_exp(attention.pointer, attention.pointer, attention.count)
    for row in 0..<batch.size {
      let (counts, out) = (batch.counts.pointer + row * width, attention.pointer + row * width)
      var sum = 0.0
      for i in 0..<width {
        out[i] *= counts[i]
        sum += out[i]
      }
      for i in 0..<width { out[i] /= sum }
    }
  }

  /// f of every sequence.
  private func normalise() {
    features.pointer.update(from: attention.pointer, count: attention.count)
    for row in 0..<batch.size {
      let out = features.pointer + row * width
      if layer.hasResidual { out[width - 1] += 1 }
      guard layer.isNormalised else { continue }
      var square = 0.0
      for i in 0..<width { square += out[i] * out[i] }
      let norm = square.squareRoot()
      norms.pointer[row] = norm
      for i in 0..<width { out[i] /= norm }
    }
  }

  /// Logits `Y f`: the common tokens of all sequences together, the others class by class.
  private func decode(_ weights: ScanSnapWeights) {
    logits.clear()
    let (decoder, common) = (weights.decoder.pointer, classes.common)
    mk_gemm(
      batch.size, stride, common, features.pointer, width, decoder, stride, logits.pointer, stride)
    forEachOwnRun { place, token, count, rows in
      mk_gemm(
        rows.count, stride, count, features.pointer + rows.lowerBound * width + place, width,
        decoder + token * stride, stride, logits.pointer + rows.lowerBound * stride, stride)
    }
  }

  /// Each class's runs of tokens that not all classes see.
  private func forEachOwnRun(_ body: (Int, Int, Int, Range<Int>) -> Void) {
    for n in 0..<classes.count where !rows(n).isEmpty {
      body(classes.common, classes.firstDistinct(of: n), classes.distinct, rows(n))
      if layer.seesLast { body(classes.contextTokens, classes.lastToken(of: n), 1, rows(n)) }
    }
  }

  /// Turns logits into `(p − e_next)/B` by a softmax in the log domain.
  private func compareWithLabels() -> Outcome {
    for row in 0..<batch.size { shift(logits.pointer + row * stride) }
    let share = 1 / Double(batch.size)
    var (loss, likelihood) = (0.0, 0.0)
    for n in 0..<classes.count {
      let next = classes.nextToken(of: n)
      for row in rows(n) { loss -= logits.pointer[row * stride + next] }
    }
    mk_exp(logits.pointer, logits.pointer, logits.count)
    for row in 0..<batch.size {
      sums.pointer[row] = mk_sum(logits.pointer + row * stride, classes.vocabulary)
    }
    for n in 0..<classes.count {
      let next = classes.nextToken(of: n)
      for row in rows(n) {
        let (slopes, factor) = (logits.pointer + row * stride, share / sums.pointer[row])
        for i in 0..<classes.vocabulary { slopes[i] *= factor }
        for i in classes.vocabulary..<stride { slopes[i] = 0 }
        likelihood += slopes[next]
        slopes[next] -= share
      }
    }
    mk_log(sums.pointer, sums.pointer, sums.count)
    return Outcome(
      loss: (loss + mk_sum(sums.pointer, sums.count)) * share, likelihood: likelihood)
  }

  /// Takes the greatest logit off a row; its padding is given that of the first token.
  private func shift(_ row: UnsafeMutablePointer<Double>) {
    for i in classes.vocabulary..<stride { row[i] = row[0] }
    mk_lower(row, stride)
  }

  /// `∂L/∂Y = Σ (p − e_next) fᵀ/B`.
  private func slopeOfDecoder(_ gradient: ScanSnapWeights) {
    let decoder = gradient.decoder.pointer
    mk_gemm_tn(
      classes.common, stride, batch.size, features.pointer, width, logits.pointer, stride, decoder,
      stride)
    forEachOwnRun { place, token, count, rows in
      mk_gemm_tn(
        count, stride, rows.count, features.pointer + rows.lowerBound * width + place, width,
        logits.pointer + rows.lowerBound * stride, stride, decoder + token * stride, stride)
    }
  }

  /// `∂L/∂f = Yᵀ(p − e_next)/B` of every sequence.
  private func slopeOfFeatures(_ weights: ScanSnapWeights) {
    for n in 0..<classes.count {
      for row in rows(n) {
        let (slopes, out) = (logits.pointer + row * stride, featureSlopes.pointer + row * width)
        weights.forEachRun(of: n, withLast: layer.seesLast) { place, token, count in
          mk_dots(
            out + place, weights.decoder.pointer + token * stride, stride, count, slopes, stride)
        }
      }
    }
  }

  /// `∂L/∂Z_m = Σ diag(b)(∂L/∂b − bᵀ∂L/∂b)`, through `∂L/∂b = (I − f fᵀ)(∂L/∂f)/‖b‖` where f is
  /// normalised.
  private func slopeOfAttention(_ gradient: ScanSnapWeights) {
    for n in 0..<classes.count {
      let out = gradient.attention(of: n)
      for row in rows(n) {
        let (b, f) = (attention.pointer + row * width, features.pointer + row * width)
        let slopes = featureSlopes.pointer + row * width
        if layer.isNormalised {
          var along = 0.0
          for i in 0..<width { along += f[i] * slopes[i] }
          for i in 0..<width { slopes[i] = (slopes[i] - along * f[i]) / norms.pointer[row] }
        }
        var mean = 0.0
        for i in 0..<width { mean += b[i] * slopes[i] }
        gradient.forEachRun(of: n, withLast: layer.attendsToLast) { place, token, count in
          for i in place..<place + count { out[token + i - place] += b[i] * (slopes[i] - mean) }
        }
      }
    }
  }
}
