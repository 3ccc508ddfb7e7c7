namespace Functional.Core

open System
open System.Globalization

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

    let private names =
        [
            "he-normal", HeNormal
            "he-uniform", HeUniform
            "glorot-normal", GlorotNormal
            "glorot-uniform", GlorotUniform
            "zero", Zero
        ]

    let private prefix = "normal-"

    /// The name used on the command line and in files: he-normal, glorot-uniform, normal-0.01 (the deviation), zero, ...
    let name (initializer: Initializer) =
        match initializer with
        | NormalWith deviation -> prefix + deviation.ToString("R", CultureInfo.InvariantCulture)
        | named -> names |> List.find (fun (_, i) -> i = named) |> fst

    /// The initializer of that name.
    let ofName (name: string) : Initializer =
        match List.tryFind (fun (known, _) -> known = name) names with
        | Some(_, initializer) -> initializer
        | None ->
            match Double.TryParse(name.Replace(prefix, ""), NumberStyles.Float, CultureInfo.InvariantCulture) with
            | true, deviation when name.StartsWith prefix && deviation > 0.0 && deviation < infinity -> NormalWith deviation
            | _ -> Errors.option "initializer" name ((names |> List.map fst |> String.concat ", ") + " or normal-DEVIATION") ""
