namespace Functional.Core

/// How weights are drawn before training. `fanIn` inputs feed each unit, `fanOut` units read each input.
type Initializer =
    /// Normal with deviation √(2/fanIn): keeps the variance of rectified units (He, Zhang, Ren & Sun 2015).
    | HeNormal
    /// Uniform in ±√(6/fanIn).
    | HeUniform
    /// Normal with deviation √(2/(fanIn + fanOut)): keeps the variance of linear units both ways (Glorot & Bengio 2010).
    | GlorotNormal
    /// Uniform in ±√(6/(fanIn + fanOut)).
    | GlorotUniform
    /// Normal with the deviation given.
    | NormalWith of deviation: float
    /// Zeros.
    | Zero

[<RequireQualifiedAccess>]
module Init =
    /// A float32 tensor of `shape`.
    let draw (initializer: Initializer) key (fanIn: int) (fanOut: int) (shape: int seq) : Tensor =
        let normal (variance: float) =
            Sample.normal key Float32 shape * sqrt variance

        let uniform (variance: float) =
            let limit = sqrt (3.0 * variance)
            Sample.uniformBetween key Float32 shape -limit limit

        match initializer with
        | HeNormal -> normal (2.0 / float fanIn)
        | HeUniform -> uniform (2.0 / float fanIn)
        | GlorotNormal -> normal (2.0 / float (fanIn + fanOut))
        | GlorotUniform -> uniform (2.0 / float (fanIn + fanOut))
        | NormalWith deviation -> normal (deviation * deviation)
        | Zero -> Tensor.zeros Float32 shape
