namespace Functional.Core

/// A nonlinearity between layers.
type Activation =
    | Linear
    | Relu
    /// x, or 0.01·x below 0.
    | LeakyRelu
    /// x, or eˣ − 1 below 0 (Clevert, Unterthiner & Hochreiter 2016).
    | Elu
    | Sigmoid
    | Tanh
    /// x·sigmoid(x).
    | Swish
    | Softplus
    /// eˣ / Σ eˣ over the last axis.
    | Softmax

[<RequireQualifiedAccess>]
module Activation =
    /// Any shape → the same shape.
    let apply (activation: Activation) (x: Tensor) : Tensor =
        match activation with
        | Linear -> x
        | Relu -> Tensor.relu x
        | LeakyRelu -> Tensor.where (Tensor.gt x (Tensor.zerosLike x)) x (0.01 * x)
        | Elu -> Tensor.elu x
        | Sigmoid -> Tensor.sigmoid x
        | Tanh -> Tensor.tanh x
        | Swish -> x * Tensor.sigmoid x
        | Softplus -> Tensor.softplus x
        | Softmax -> Tensor.softmax -1 x

    /// The initializer that suits the units.
    let initializer (activation: Activation) : Initializer =
        match activation with
        | Relu
        | LeakyRelu
        | Elu
        | Swish
        | Softplus -> HeNormal
        | Linear
        | Sigmoid
        | Tanh
        | Softmax -> GlorotNormal

    let private names =
        [
            "linear", Linear
            "relu", Relu
            "leaky-relu", LeakyRelu
            "elu", Elu
            "sigmoid", Sigmoid
            "tanh", Tanh
            "swish", Swish
            "softplus", Softplus
            "softmax", Softmax
        ]

    /// Every activation.
    let all = List.map snd names

    /// The name used on the command line and in files: relu, leaky-relu, elu, ...
    let name (activation: Activation) =
        names |> List.find (fun (_, a) -> a = activation) |> fst

    /// The activation of that name.
    let ofName (name: string) : Activation =
        match names |> List.tryFind (fun (known, _) -> known = name) with
        | Some(_, activation) -> activation
        | None -> Errors.option "activation" name (names |> List.map fst |> String.concat ", ") ""
