namespace Functional.Core

/// What is done to a gradient before a rule makes a step of it. Transforms are chained in the order of their list.
type GradientTransform =
    /// Each number into [−limit, limit]; limit > 0.
    | ClipValue of limit: float
    /// g·min(1, limit/‖g‖), with the norm over all parameters together (Pascanu, Mikolov & Bengio 2013); limit > 0.
    | ClipNorm of limit: float
    /// g less its mean over what each unit reads: Φ(g) = g − mean g, for weights and not for biases (Yong, Huang, Hua & Zhang 2020).
    | Centralize
    /// g + decay·w: the gradient of ½·decay·Σw², which thereby passes through the rest of the chain and the rule; decay ≥ 0.
    | CoupledDecay of decay: float

[<RequireQualifiedAccess>]
module GradientTransform =
    /// Refuses a number out of its range.
    let internal check (transform: GradientTransform) =
        match transform with
        | ClipValue limit when not (limit > 0.0) -> Errors.option "clip-value" $"{limit}" "more than 0" ""
        | ClipNorm limit when not (limit > 0.0) -> Errors.option "clip-norm" $"{limit}" "more than 0" ""
        | CoupledDecay decay when not (decay >= 0.0) -> Errors.option "coupled-decay" $"{decay}" "0 or more" ""
        | ClipValue _
        | ClipNorm _
        | Centralize
        | CoupledDecay _ -> ()

    /// The axes along which one unit reads its inputs: 0 of dense weights [inputs; units], all but the first of kernels [O; C; h; w].
    let private inputAxes (w: Tensor) =
        match w.Rank with
        | 0
        | 1 -> []
        | 2 -> [ 0 ]
        | rank -> [ 1 .. rank - 1 ]

    let private centralize (g: Tensor) =
        let axes = inputAxes g

        if axes.IsEmpty then
            g
        else
            g
            - Tensor.reshape (Shape.keeping (List.toArray axes) g.Shape) (Tensor.meanOver axes g)

    /// √Σg² over all numbers of all tensors, added up in the order of the tensors: float64 scalar. 0 of no tensors.
    let norm (gradients: Tensor[]) : Tensor =
        let squares (g: Tensor) =
            Tensor.sum (Tensor.square (Tensor.cast Float64 g))

        gradients
        |> Array.fold (fun sum g -> sum + squares g) (Tensor.zeros Float64 [])
        |> Tensor.sqrt

    let private apply transform (weights: Tensor[]) (gradients: Tensor[]) =
        match transform with
        | ClipValue limit -> gradients |> Array.map (Tensor.clamp -limit limit)
        | ClipNorm limit ->
            let scale = Tensor.minimum (Tensor.ones Float64 []) (limit / norm gradients)
            gradients |> Array.map (fun g -> Tensor.cast g.DType scale * g)
        | Centralize -> gradients |> Array.map centralize
        | CoupledDecay decay -> Array.map2 (fun w g -> g + decay * w) weights gradients

    /// The gradients of `weights`, tensor by tensor, after all transforms.
    let chain (transforms: GradientTransform list) (weights: Tensor[]) (gradients: Tensor[]) : Tensor[] =
        (gradients, transforms)
        ||> List.fold (fun gradients transform -> apply transform weights gradients)
