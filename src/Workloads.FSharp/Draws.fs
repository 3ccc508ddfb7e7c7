namespace Functional.Workloads

open Functional.Core

/// Where a workload has its numbers from: chance, or a rule that another program can follow as well.
[<RequireQualifiedAccess>]
type Draws =
    | Random
    | Fixed

[<RequireQualifiedAccess>]
module internal Draws =
    /// Number `i` of stream `stream`, in [0, 1): 24 bits of a hash.
    let private fixedNumber (stream: int) (i: int) =
        let mix (x: uint32) (shift: int) (factor: uint32) = (x ^^^ (x >>> shift)) * factor
        let start = (uint32 i + 1u) * 2654435761u + uint32 stream * 40503u
        let hash = mix (mix start 15 2246822519u) 13 3266489917u
        float ((hash ^^^ (hash >>> 16)) >>> 8) / 16777216.0

    let private fixedTensor stream (shape: int seq) (form: float -> float) =
        let shape = Seq.toArray shape
        Tensor.ofFloat32s shape (Array.init (Array.fold (*) 1 shape) (fixedNumber stream >> form >> float32))

    /// Stream 1000, for all that is not a parameter.
    let private data shape = fixedTensor 1000 shape id

    /// In [0, 1).
    let uniform (draws: Draws) key (shape: int list) : Tensor =
        match draws with
        | Draws.Random -> Sample.uniform key Float32 shape
        | Draws.Fixed -> data shape

    /// Standard normal; fixed ones are uniform.
    let normal (draws: Draws) key (shape: int list) : Tensor =
        match draws with
        | Draws.Random -> Sample.normal key Float32 shape
        | Draws.Fixed -> data shape

    /// The deviation of noise within a step: none where numbers are fixed.
    let noise (draws: Draws) (deviation: float) : float =
        match draws with
        | Draws.Random -> deviation
        | Draws.Fixed -> 0.0

    /// Parameter `stream` of a model: weights are uniform with a variance of 1 over the inputs of a unit, biases between −0.1 and 0.1.
    let private fixedParameter (stream: int) (like: Tensor) =
        let spread =
            match like.Shape with
            | [| inputs; _ |] -> sqrt (3.0 / float inputs)
            | [| _; channels; height; width |] -> sqrt (3.0 / float (channels * height * width))
            | _ -> 0.1

        fixedTensor stream like.Shape (fun u -> spread * (2.0 * u - 1.0))

    /// What parameters start from; `silent` changes fixed ones.
    let parameters (draws: Draws) (silent: 'P -> 'P) (drawn: 'P) : 'P =
        match draws with
        | Draws.Random -> drawn
        | Draws.Fixed -> Tree.tensors drawn |> Array.mapi fixedParameter |> Tree.rebuild drawn |> silent
