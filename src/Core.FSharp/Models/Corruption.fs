namespace Functional.Core

/// What is done to rows before an autoencoder sees them; it has to give back the clean ones.
type Corruption =
    /// Nothing.
    | Intact
    /// x + σ·ε with ε standard normal.
    | GaussianNoise of deviation: float
    /// Each number becomes 0 with the probability given.
    | Masking of share: float
    /// Each number becomes another, uniform in [0, 1), with the probability given.
    | RandomIntensity of share: float
    /// Each number becomes 0 with the probability given, and is divided by 1 − rate otherwise, so that its mean stays.
    | InputDropout of rate: float

[<RequireQualifiedAccess>]
module Corruption =
    /// Corrupted rows; the draws are made from the key. Any shape → the same shape.
    let apply (corruption: Corruption) (key: Key) (x: Tensor) : Tensor =
        let hit key share =
            Sample.bernoulli key (Tensor.fullLike x share)

        match corruption with
        | Intact -> x
        | GaussianNoise deviation -> x + deviation * Sample.normal key x.DType x.Shape
        | Masking share -> Tensor.where (hit key share) (Tensor.zerosLike x) x
        | RandomIntensity share ->
            let where, value = Key.pair key
            Tensor.where (hit where share) (Sample.uniform value x.DType x.Shape) x
        | InputDropout rate -> Dropout.apply (Mode.Train key) rate x
